import { bench, corpus, seeded } from '@perf/bench';
import type { BenchCase } from '@perf/bench';

const files = ['twitter', 'citm_catalog', 'canada', 'github_events', 'twitter_timeline'];

/** Values from bytes. The engine builds them for everyone; the difference is the decoding and what is checked. */
const fileCases = files.map((file) =>
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

const MESSAGES = 1000;

/** Messages of about a given size, in which one in three texts is not ASCII. */
function messages(bytes: number) {
  return (random: () => number): Buffer[] =>
    Array.from({ length: MESSAGES }, () => {
      const rows: string[] = [];
      for (let length = 10; length + 32 <= bytes; length += 32) {
        const name = random() < 0.3 ? 'größe' : 'price';
        rows.push(`{"${name}":"${(60_000 + random() * 900).toFixed(2)}","n":${Math.floor(random() * 1000)}}`);
      }
      return Buffer.from(`{"rows":[${rows.join(',')}]}`);
    });
}

/** What the checks cost where there is little to decode. */
const sizeCases = [10, 100, 1000, 10_000].map((bytes) =>
  bench({
    name: `parse ${MESSAGES} messages of about ${bytes} bytes`,
    input: seeded(42, messages(bytes)),
    units: (input) => ({ name: 'messages', count: input.length }),
    answer: (input) => count(input, (message) => JSON.parse(message.toString())),
    ours: {
      name: 'parse',
      package: '@perf/json',
      setup: async (input) => {
        const { parse } = await import('@perf/json');
        return () => count(input, (message) => parse(message));
      },
    },
    peers: [
      {
        name: 'parse of options',
        package: '@perf/json',
        setup: async (input) => {
          const { parse } = await import('@perf/json');
          const options = { proto: 'error', bom: 'strip' } as const;
          return () => count(input, (message) => parse(message, options));
        },
      },
      {
        name: 'JSON.parse of toString()',
        setup: (input) => () => count(input, (message) => JSON.parse(message.toString())),
      },
    ],
  }),
);

function count(inputs: readonly Buffer[], parse: (message: Buffer) => unknown): number {
  let rows = 0;
  for (const input of inputs) rows += (parse(input) as { rows: readonly unknown[] }).rows.length;
  return rows;
}

/** Policies that most documents have nothing for. */
const policyCases = ['twitter', 'citm_catalog'].map((file) =>
  bench({
    name: `parse ${file}.json without __proto__`,
    input: corpus(`json/${file}.json`),
    units: (input) => ({ name: 'bytes', count: input.length }),
    answer: (input): unknown => JSON.parse(input.toString()),
    ours: {
      name: "parse, proto: 'error'",
      package: '@perf/json',
      setup: async (input) => {
        const { parse } = await import('@perf/json');
        return () => parse(input, { proto: 'error' });
      },
    },
    peers: [
      {
        name: "parse, duplicateKeys: 'error'",
        package: '@perf/json',
        setup: async (input) => {
          const { parse } = await import('@perf/json');
          return () => parse(input, { duplicateKeys: 'error' });
        },
      },
      {
        name: 'secure-json-parse',
        package: 'secure-json-parse',
        setup: async (input) => {
          const { parse } = await import('secure-json-parse');
          return () => parse(input.toString(), null, { protoAction: 'error', constructorAction: 'ignore' }) as unknown;
        },
      },
      { name: 'JSON.parse of toString()', setup: (input) => () => JSON.parse(input.toString()) as unknown },
    ],
  }),
);

const cases: BenchCase[] = [...fileCases, ...sizeCases, ...policyCases];
export default cases;
