import { bench, seeded } from '@perf/bench';
import type { BenchCase } from '@perf/bench';

const MESSAGES = 1000;

/** Frames of a feed of about a given size: an array of price levels as text. */
function frames(bytes: number) {
  return (random: () => number): Buffer[] =>
    Array.from({ length: MESSAGES }, () => {
      const levels: string[] = [];
      for (let length = 6; length + 22 <= bytes; length += 22) {
        levels.push(`["${(60_000 + random() * 900).toFixed(2)}","${random().toFixed(4)}"]`);
      }
      return Buffer.from(`{"b":[${levels.join(',')}]}`);
    });
}

/** Small messages: where the cost of a call into native code shows, and where the threshold of `@perf/json` comes from. */
const cases: BenchCase[] = [8, 30, 60, 150, 600].map((bytes) =>
  bench({
    name: `isValid, ${MESSAGES} messages of about ${bytes} bytes`,
    input: seeded(42, frames(bytes)),
    units: (input) => ({ name: 'messages', count: input.length }),
    answer: (input) => input.length,
    ours: {
      name: 'isValid',
      package: '@perf/json',
      setup: async (input) => {
        const { isValid } = await import('@perf/json');
        return () => count(input, isValid);
      },
    },
    peers: [
      {
        name: 'validateJson',
        package: '@perf/native',
        setup: async (input) => {
          const { validateJson } = await import('@perf/native');
          return () => count(input, (message) => validateJson(message) === -1);
        },
      },
      {
        name: 'isValid in JavaScript',
        package: '@perf/json',
        setup: async (input) => {
          process.env.PERF_NATIVE = '0';
          const { isValid } = await import('@perf/json');
          return () => count(input, isValid);
        },
      },
      {
        name: 'JSON.parse of toString()',
        setup: (input) => () => count(input, (message) => JSON.parse(message.toString()) !== undefined),
      },
    ],
  }),
);
export default cases;

function count(messages: readonly Buffer[], isMatch: (message: Buffer) => boolean): number {
  let matches = 0;
  for (const message of messages) if (isMatch(message)) matches++;
  return matches;
}
