import { bench, seeded, type BenchCase } from '@perf/bench';

// Prices as a venue sends them, in one message, to integer ticks. Up to 7 digits before the point and two after it:
// there rounding `Number(text) * 100` gives the right ticks, so that the peers may be compared at all.

const PRICES = 10_000;
const DECIMALS = 2;
const SCALE = 100;

interface Prices {
  readonly bytes: Uint8Array;
  readonly text: string;
  /** Price `i` is `[starts[i], ends[i])`. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

function makePrices(random: () => number): Prices {
  const starts = new Int32Array(PRICES);
  const ends = new Int32Array(PRICES);
  let text = '[';
  for (let index = 0; index < PRICES; index++) {
    const whole = Math.floor(random() * 10 ** (1 + Math.floor(random() * 7)));
    const cents = String(Math.floor(random() * SCALE)).padStart(DECIMALS, '0');
    text += '"';
    starts[index] = text.length;
    // Some venues pad with zeros.
    text += `${whole}.${cents}${random() < 0.3 ? '00' : ''}`;
    ends[index] = text.length;
    text += '",';
  }
  return { bytes: Buffer.from(`${text.slice(0, -1)}]`), text, starts, ends };
}

/** One reader over all prices: the sum of their ticks. */
function sum(prices: Prices, read: (start: number, end: number) => number): number {
  let total = 0;
  for (let index = 0; index < PRICES; index++) total += read(prices.starts[index], prices.ends[index]);
  return total;
}

function ticksByBigInt(price: string): number {
  const [whole, fraction] = price.split('.');
  return Number(BigInt(whole + fraction) / 10n ** BigInt(fraction.length - DECIMALS));
}

const cases: BenchCase[] = [
  bench({
    name: '10,000 prices in bytes to ticks',
    input: seeded(42, makePrices),
    units: () => ({ name: 'prices', count: PRICES }),
    answer: (prices) => sum(prices, (start, end) => ticksByBigInt(prices.text.slice(start, end))),
    ours: {
      name: 'scaledFromBytes',
      package: '@perf/internal',
      setup: async (prices) => {
        const { scaledFromBytes } = await import('@perf/internal');
        return () => sum(prices, (start, end) => scaledFromBytes(prices.bytes, start, end, DECIMALS));
      },
    },
    peers: [
      {
        name: 'Math.round(Number(latin1 text) * 100)',
        setup: (prices) => {
          const buffer = Buffer.from(prices.bytes);
          return () => sum(prices, (start, end) => Math.round(Number(buffer.toString('latin1', start, end)) * SCALE));
        },
      },
      {
        name: 'Math.round(parseFloat(latin1 text) * 100)',
        setup: (prices) => {
          const buffer = Buffer.from(prices.bytes);
          return () =>
            sum(prices, (start, end) => Math.round(Number.parseFloat(buffer.toString('latin1', start, end)) * SCALE));
        },
      },
      {
        name: 'BigInt',
        setup: (prices) => {
          const buffer = Buffer.from(prices.bytes);
          return () => sum(prices, (start, end) => ticksByBigInt(buffer.toString('latin1', start, end)));
        },
      },
    ],
  }),
  bench({
    name: '10,000 prices in strings to ticks',
    input: seeded(42, (random) => {
      const prices = makePrices(random);
      return Array.from(prices.starts, (start, index) => prices.text.slice(start, prices.ends[index]));
    }),
    units: (texts) => ({ name: 'prices', count: texts.length }),
    answer: (texts) => texts.reduce((total, text) => total + ticksByBigInt(text), 0),
    ours: {
      name: 'scaledFromText',
      package: '@perf/internal',
      setup: async (texts) => {
        const { scaledFromText } = await import('@perf/internal');
        return () => {
          let total = 0;
          for (const text of texts) total += scaledFromText(text, DECIMALS);
          return total;
        };
      },
    },
    peers: [
      {
        name: 'Math.round(Number(text) * 100)',
        setup: (texts) => () => {
          let total = 0;
          for (const text of texts) total += Math.round(Number(text) * SCALE);
          return total;
        },
      },
      {
        name: 'BigInt',
        setup: (texts) => () => {
          let total = 0;
          for (const text of texts) total += ticksByBigInt(text);
          return total;
        },
      },
    ],
  }),
];

export default cases;
