import { Histogram } from './histogram.ts';

const BOUND = 0.004;

/** The 1-based nearest rank of a percentile given in thousandths of a percent, in integers, so that nothing rounds. */
export function rankInThousandths(thousandths: number, count: number): number {
  const rank = (BigInt(thousandths) * BigInt(count) + 99_999n) / 100_000n;
  return Number(rank < 1n ? 1n : rank);
}

/** The oracle: the value at that rank of a sorted array. */
export function nearestRank(sorted: readonly number[], thousandths: number): number {
  return sorted[rankInThousandths(thousandths, sorted.length) - 1];
}

/** Random values, split into random parts, merged and read back, against the sorted array. */
export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'Histogram against a sorted array',
  run(seed, iterations) {
    const random = mulberry32(seed);
    for (let iteration = 0; iteration < iterations; iteration++) {
      const parts = [new Histogram(), new Histogram(), new Histogram()];
      const kept: number[] = [];
      let rejected = 0;
      const wanted = 1 + Math.floor(random() * 200);
      const bits = 1 + Math.floor(random() * 53);
      for (let index = 0; index < wanted; index++) {
        const value = makeValue(random, bits);
        const part = parts[Math.floor(random() * parts.length)];
        const times = random() < 0.1 ? Math.floor(random() * 4) : 1;
        if (times === 1) part.record(value);
        else part.recordMany(value, times);
        if (value >= 0 && value < 2 ** 53) for (let time = 0; time < times; time++) kept.push(value);
        else rejected += times;
      }
      const whole = new Histogram();
      for (const part of parts) whole.merge(random() < 0.5 ? part : Histogram.fromJSON(part.toJSON()));
      const fail = (what: string): never => {
        throw new Error(`${what} (seed ${seed}, iteration ${iteration})`);
      };
      if (whole.count !== kept.length) fail(`count ${whole.count}, expected ${kept.length}`);
      if (whole.rejected !== rejected) fail(`rejected ${whole.rejected}, expected ${rejected}`);
      if (kept.length === 0) continue;
      const sorted = kept.toSorted((a, b) => a - b);
      if (whole.min !== sorted[0]) fail(`min ${whole.min}, expected ${sorted[0]}`);
      if (whole.max !== sorted.at(-1)) fail(`max ${whole.max}, expected ${sorted.at(-1)}`);
      const asked = Array.from({ length: 6 }, () => Math.floor(random() * 100_001));
      const answers = whole.percentiles(asked.map((thousandths) => thousandths / 1_000));
      for (const [index, thousandths] of asked.entries()) {
        const truth = nearestRank(sorted, thousandths);
        if (!(Math.abs(answers[index] - truth) <= truth * BOUND)) {
          fail(`p${thousandths / 1_000} is ${answers[index]}, the sorted array says ${truth}`);
        }
      }
    }
  },
};

function makeValue(random: () => number, bits: number): number {
  const draw = random();
  if (draw < 0.02) return [Number.NaN, -1, 2 ** 53, Number.POSITIVE_INFINITY][Math.floor(random() * 4)];
  // The edges of octaves and buckets, where an index goes wrong first.
  if (draw < 0.2) return Math.max(0, 2 ** Math.floor(random() * 53) + Math.floor(random() * 3) - 1);
  return Math.floor(random() * 2 ** bits);
}

/** A small seeded generator (Tommy Ettinger's Mulberry32, public domain), so that a failure can be repeated. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
