import { bench, corpus, seeded } from '@perf/bench';
import type { BenchCase } from '@perf/bench';

// Documents with integers beyond 2^53, which must come out exactly: ids of tweets, and trades with times in nanoseconds. The
// peers build other kinds of objects (json-bigint's have no prototype), so each contestant returns what it finds at the
// ends of the document.

type Parse = (bytes: Buffer) => unknown;
type Random = () => number;

interface Trade {
  readonly id: bigint;
  readonly price: string;
  readonly time: bigint;
}

function trades(count: number): (random: Random) => Buffer {
  return (random) => {
    const lines = Array.from({ length: count }, (_, at) => {
      const price = (60_000 + random() * 900).toFixed(2);
      const time = `17231612550303${String(10_000 + at)}`;
      return `{"id":9223372036854${String(775_000 - at)},"price":"${price}","size":${at % 50},"time":${time},"buy":${at % 2 === 0}}`;
    });
    return Buffer.from(`[${lines.join(',')}]`);
  };
}

function readTrades(value: unknown): unknown {
  const list = value as readonly Trade[];
  const [first, last] = [list[0], list[list.length - 1]];
  return [list.length, first.id, first.price, last.id, last.time];
}

interface Tweets {
  readonly statuses: readonly { readonly id: bigint; readonly text: string; readonly user: { readonly id: number } }[];
}

function readTweets(value: unknown): unknown {
  const { statuses } = value as Tweets;
  const [first, last] = [statuses[0], statuses[statuses.length - 1]];
  return [statuses.length, first.id, first.text, last.id, last.user.id];
}

/** The oracle: what a reviver is shown of the source. */
function withReviver(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    if (typeof value !== 'number' || Number.isSafeInteger(value) || !Number.isInteger(value)) return value;
    const source = context?.source ?? '';
    return /^-?\d+$/.test(source) ? BigInt(source) : value;
  };
  return JSON.parse(text, revive) as unknown;
}

function exactNumber(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(text) ? value : BigInt(text);
}

type Read = (value: unknown) => unknown;
const run =
  (parse: Parse, read: Read, input: Buffer): (() => unknown) =>
  () =>
    read(parse(input));

function exactCase(name: string, input: ReturnType<typeof corpus>, read: Read): BenchCase {
  return bench({
    name,
    input,
    units: (bytes) => ({ name: 'bytes', count: bytes.length }),
    answer: (bytes) => read(withReviver(bytes.toString())),
    ours: {
      name: 'parse, bigint-if-unsafe',
      package: '@perf/json',
      setup: async (bytes) => {
        const { parse } = await import('@perf/json');
        const options = { numbers: 'bigint-if-unsafe' } as const;
        return run((given) => parse(given, options), read, bytes);
      },
    },
    peers: [
      {
        name: 'parse in JavaScript',
        package: '@perf/json',
        setup: async (bytes) => {
          process.env.PERF_NATIVE = '0';
          const { parse } = await import('@perf/json');
          const options = { numbers: 'bigint-if-unsafe' } as const;
          return run((given) => parse(given, options), read, bytes);
        },
      },
      {
        name: 'JSON.parse and context.source',
        setup: (bytes) => run((given) => withReviver(given.toString()), read, bytes),
      },
      {
        name: 'json-bigint',
        package: 'json-bigint',
        setup: async (bytes) => {
          const { default: jsonBigInt } = await import('json-bigint');
          const { parse } = jsonBigInt({ useNativeBigInt: true });
          return run((given) => parse(given.toString()) as unknown, read, bytes);
        },
      },
      {
        name: 'lossless-json',
        package: 'lossless-json',
        setup: async (bytes) => {
          const { parse } = await import('lossless-json');
          return run((given) => parse(given.toString(), undefined, exactNumber), read, bytes);
        },
      },
    ],
  });
}

/** Documents without such integers: what looking for them costs. */
const noneCases = ['citm_catalog', 'canada', 'github_events'].map((file) =>
  bench({
    name: `exact integers where there is none, ${file}.json`,
    input: corpus(`json/${file}.json`),
    units: (input) => ({ name: 'bytes', count: input.length }),
    answer: (input): unknown => JSON.parse(input.toString()),
    ours: {
      name: 'parse, bigint-if-unsafe',
      package: '@perf/json',
      setup: async (input) => {
        const { parse } = await import('@perf/json');
        return () => parse(input, { numbers: 'bigint-if-unsafe' });
      },
    },
    peers: [{ name: 'JSON.parse of toString()', setup: (input) => () => JSON.parse(input.toString()) as unknown }],
  }),
);

const cases: BenchCase[] = [
  exactCase('exact integers, twitter.json', corpus('json/twitter.json'), readTweets),
  exactCase('exact integers, 10,000 trades', seeded(42, trades(10_000)), readTrades),
  exactCase('exact integers, one trade of 100 bytes', seeded(42, trades(1)), readTrades),
  ...noneCases,
];
export default cases;
