import { checkDecimal } from './testing/decimal-oracle.ts';

/** Random and hostile texts against BigInt: both readers, the fewest decimals, the fault, and the way back. */
export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'decimal readers against BigInt',
  run(seed, iterations) {
    const random = seededRandom(seed);
    for (let iteration = 0; iteration < iterations; iteration++) {
      const text = MAKERS[below(random, MAKERS.length)](random);
      try {
        checkDecimal(text, below(random, 31));
      } catch (error) {
        throw new Error(`seed ${seed}, iteration ${iteration}`, { cause: error });
      }
    }
  },
};

type Random = () => number;
const below = (random: Random, limit: number): number => Math.floor(random() * limit);
const digits = (random: Random, most: number): string =>
  Array.from({ length: 1 + below(random, most) }, () => below(random, 10)).join('');
const sign = (random: Random): string => (random() < 0.2 ? '-' : '');
const zeros = (random: Random, most: number): string => '0'.repeat(below(random, most));
const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

const MAKERS: ((random: Random) => string)[] = [
  // What venues send.
  (random) => `${sign(random)}${digits(random, 7)}.${digits(random, 8)}`,
  (random) => `${digits(random, 6)}.${digits(random, 2)}${zeros(random, 12)}`,
  // Around the length at which the straight path ends, and around 2^53.
  (random) => `${sign(random)}${digits(random, 20)}`,
  (random) => {
    const text = String(LARGEST + BigInt(below(random, 41) - 20)).padStart(1 + below(random, 25), '0');
    const point = below(random, text.length);
    return point === 0 ? text : `${text.slice(0, point)}.${text.slice(point)}${zeros(random, 5)}`;
  },
  // Exponents of either sign, with padding on all sides.
  (random) =>
    `${sign(random)}${zeros(random, 5)}${digits(random, 10)}.${digits(random, 6)}${zeros(random, 5)}` +
    `${random() < 0.5 ? 'e' : 'E'}${['', '+', '-'][below(random, 3)]}${digits(random, 4)}`,
  (random) => `${digits(random, 4)}${zeros(random, 30)}e-${below(random, 40)}`,
  // Around the longest text that is read.
  (random) =>
    `${'0'.repeat(380 + below(random, 60))}${random() < 0.3 ? '.' : ''}${digits(random, 3)}${random() < 0.2 ? 'x' : ''}`,
  (random) => `1.${'0'.repeat(380 + below(random, 60))}`,
  // Nothing in particular.
  (random) => Array.from({ length: below(random, 12) }, () => '0123456789.-+eE x\u00e9\n'[below(random, 19)]).join(''),
];

/** Mulberry32. */
function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
