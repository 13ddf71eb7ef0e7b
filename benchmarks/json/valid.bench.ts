import { bench, corpus } from '@perf/bench';
import type { BenchCase } from '@perf/bench';

import { validators } from './peers/contestants.ts';

const files = ['twitter', 'citm_catalog', 'gsoc-2018', 'canada', 'mesh', 'marine_ik', 'github_events'];

/** Whether bytes are JSON in UTF-8: the floor is what one writes without a library, which must decode strictly too. */
const cases: BenchCase[] = files.map((file) =>
  bench({
    name: `isValid ${file}.json`,
    input: corpus(`json/${file}.json`),
    units: (input) => ({ name: 'bytes', count: input.length }),
    answer: () => true,
    ours: {
      name: 'isValid',
      package: '@perf/json',
      setup: async (input) => {
        const { isValid } = await import('@perf/json');
        return () => isValid(input);
      },
    },
    peers: [
      {
        name: 'isValid in JavaScript',
        package: '@perf/json',
        setup: async (input) => {
          process.env.PERF_NATIVE = '0';
          const { isValid } = await import('@perf/json');
          return () => isValid(input);
        },
      },
      {
        // Decodes loosely, so it accepts what is not UTF-8: the least that anybody pays.
        name: 'JSON.parse of toString()',
        setup: (input) => () => JSON.parse(input.toString()) !== undefined,
      },
      {
        name: 'TextDecoder and JSON.parse',
        setup: (input) => () => {
          try {
            JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(input));
            return true;
          } catch {
            return false;
          }
        },
      },
      ...validators,
    ],
  }),
);
export default cases;
