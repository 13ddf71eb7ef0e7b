import { bench, corpus } from '@perf/bench';
import type { BenchCase } from '@perf/bench';

const files = ['twitter', 'citm_catalog', 'canada', 'github_events', 'twitter_timeline'];

/** Values from bytes. The engine builds them for everyone; the difference is the decoding and what is checked. */
const cases: BenchCase[] = files.map((file) =>
  bench({
    name: `parse ${file}.json`,
    input: corpus(`json/${file}.json`),
    units: (input) => ({ name: 'bytes', count: input.length }),
    answer: (input): unknown => JSON.parse(input.toString()),
    ours: {
      name: 'parse',
      package: '@perf/json',
      setup: async (input) => {
        const { parse } = await import('@perf/json');
        return () => parse(input);
      },
    },
    peers: [
      { name: 'JSON.parse of toString()', setup: (input) => () => JSON.parse(input.toString()) as unknown },
      {
        name: 'TextDecoder and JSON.parse',
        setup: (input) => {
          const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
          return () => JSON.parse(decoder.decode(input)) as unknown;
        },
      },
      {
        name: 'secure-json-parse',
        package: 'secure-json-parse',
        setup: async (input) => {
          const { parse } = await import('secure-json-parse');
          return () => parse(input.toString(), null, { protoAction: 'ignore', constructorAction: 'ignore' }) as unknown;
        },
      },
    ],
  }),
);
export default cases;
