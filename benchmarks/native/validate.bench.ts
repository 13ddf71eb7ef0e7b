import { bench, corpus } from '@perf/bench';
import type { BenchCase } from '@perf/bench';

const files = ['twitter', 'citm_catalog', 'gsoc-2018', 'canada', 'mesh', 'github_events'];

/** A valid document from bytes: the addon itself, without the choice that `@perf/json` makes. */
const cases: BenchCase[] = files.map((file) =>
  bench({
    name: `validate ${file}.json`,
    input: corpus(`json/${file}.json`),
    units: (input) => ({ name: 'bytes', count: input.length }),
    answer: () => true,
    ours: {
      name: 'validateJson',
      package: '@perf/native',
      setup: async (input) => {
        const { validateJson } = await import('@perf/native');
        return () => validateJson(input) === -1;
      },
    },
    peers: [
      {
        name: 'JSON.parse of toString()',
        setup: (input) => () => JSON.parse(input.toString()) !== undefined,
      },
    ],
  }),
);
export default cases;
