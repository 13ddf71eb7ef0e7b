import { randomNumbers } from '../random.ts';
import { nthSmallest } from './order-statistic.ts';
import { studentQuantile, studentTail } from './student.ts';

/** Two values that happen to agree would make Student's t certain. */
const LEAST_VALUES = 3;

/** Fewer values than this do not have enough subsets for an error of 1 % (see `leastValues`): Student's t instead. */
export const LEAST_TYPICAL = 10;

/** Up to so many values all subsets are taken, 65,535 of them; above, so many drawn ones: enough for families of three hundred. */
const MOST_EXHAUSTED = 16;
const DRAWN_SUBSETS = 2 ** 17 - 1;

/** Deviations below this share of the largest value are the rounding of equal values. */
const ROUNDING = 1e-12;

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** A mean with what is known about it. */
export interface MeanEstimate {
  readonly count: number;
  readonly mean: number;
  /** Between values; NaN for one value. */
  readonly deviation: number;
  /**
   * Two-sided, that the true mean is 0. Never 0: n values know no p below 2 / 2ⁿ.
   * Agrees with `interval` exactly: 0 is outside `interval(e)` when, and only when, p ≤ e.
   */
  readonly p: number;
  /** The interval that misses the true mean with probability `error`, at most. Unbounded where the data cannot bound it. */
  interval(error: number): Bounds;
}

/**
 * The mean of `values` with the interval of its typical values: of all means of subsets, the k smallest and the k largest are left out.
 * It covers the centre with probability 1 − 2k / 2ⁿ exactly for independent values that are each distributed symmetrically about it,
 * whatever the distribution, outliers included. (Hartigan, Using subsample values as typical values, JASA 64, 1969. It is Fisher's test by changing signs, inverted.)
 * Launches with swapped roles are symmetric about 0 when the code is equal: what is called head could as well be base.
 *
 * Edges: one value or two bound nothing (p = 1); three to nine take Student's t; more than 16 a sample of the subsets, drawn from `seed`.
 * Throws RangeError for no values and for values that are not finite. O(2ⁿ) up to 16 values.
 */
export function typicalMean(values: readonly number[], { seed }: { readonly seed: number }): MeanEstimate {
  const count = values.length;
  if (count === 0) throw new RangeError('the mean of no values');
  if (!values.every(Number.isFinite)) throw new RangeError('the mean of values that are not finite');
  const mean = values.reduce((sum, x) => sum + x, 0) / count;
  const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (count - 1));
  const deviation = spread <= ROUNDING * Math.max(...values.map(Math.abs)) ? 0 : spread;
  if (count < LEAST_VALUES)
    return { count, mean, deviation, p: 1, interval: () => around(mean, Number.POSITIVE_INFINITY) };
  if (count < LEAST_TYPICAL) return student(count, mean, deviation);

  const means = subsetMeans(values, seed);
  const size = means.length + 1;
  let notAbove = 0;
  let notBelow = 0;
  for (const each of means) {
    if (each <= 0) notAbove++;
    if (each >= 0) notBelow++;
  }
  return {
    count,
    mean,
    deviation,
    p: Math.min(1, (2 * (Math.min(notAbove, notBelow) + 1)) / size),
    interval: (error) => {
      const rank = rankOf(error, size);
      if (rank === 0) return around(mean, Number.POSITIVE_INFINITY);
      return { low: nthSmallest(means, rank - 1), high: nthSmallest(means, means.length - rank) };
    },
  };
}

/** The subsets that an interval should leave out on either side, so that one odd value does not decide. */
const LEAST_RANK = 3;

/** So few values have enough subsets for an interval that misses with probability `error`. */
export function leastValues(error: number): number {
  return Math.max(LEAST_TYPICAL, Math.ceil(Math.log2((2 * LEAST_RANK) / error)));
}

function student(count: number, mean: number, deviation: number): MeanEstimate {
  const error = deviation / Math.sqrt(count);
  const p = mean === 0 ? 1 : error === 0 ? 0 : studentTail(Math.abs(mean) / error, count - 1);
  return { count, mean, deviation, p, interval: (e) => around(mean, studentQuantile(e, count - 1) * error) };
}

/** Means of all subsets but the empty one, or of as many that are drawn. In no order. */
function subsetMeans(values: readonly number[], seed: number): Float64Array {
  if (values.length > MOST_EXHAUSTED) return drawnMeans(values, randomNumbers(seed));
  const { sums, members } = subsetsOf(values);
  return Float64Array.from({ length: sums.length - 1 }, (_each, i) => sums[i + 1]! / members[i + 1]!);
}

/** A random subset of all values is one of every group of them, each picked from a table. */
function drawnMeans(values: readonly number[], random: () => number): Float64Array {
  const groupSize = Math.ceil(values.length / Math.ceil(values.length / MOST_TABLED));
  const groups = Array.from({ length: Math.ceil(values.length / groupSize) }, (_each, i) =>
    subsetsOf(values.slice(i * groupSize, (i + 1) * groupSize)),
  );
  return Float64Array.from({ length: DRAWN_SUBSETS }, () => {
    for (;;) {
      let sum = 0;
      let count = 0;
      for (const { sums, members } of groups) {
        const subset = Math.floor(random() * sums.length);
        sum += sums[subset]!;
        count += members[subset]!;
      }
      if (count > 0) return sum / count;
    }
  });
}

/** Values whose subsets make a table that stays in the first cache. */
const MOST_TABLED = 12;

/** Of every subset, whose members are the bits of its index: their sum and their number. */
interface Subsets {
  readonly sums: Float64Array;
  readonly members: Uint8Array;
}

function subsetsOf(values: readonly number[]): Subsets {
  const size = 2 ** values.length;
  const sums = new Float64Array(size);
  const members = new Uint8Array(size);
  for (let subset = 1; subset < size; subset++) {
    // That without its lowest member, and that member.
    const rest = subset & (subset - 1);
    sums[subset] = sums[rest]! + values[31 - Math.clz32(subset ^ rest)]!;
    members[subset] = members[rest]! + 1;
  }
  return { sums, members };
}

/** The largest k with 2k / size ≤ error. */
function rankOf(error: number, size: number): number {
  let k = Math.min((size >> 1) - 1, Math.floor((error * size) / 2));
  // The comparison is the one that p values take part in; the product may round across it.
  while (k < (size >> 1) - 1 && (2 * (k + 1)) / size <= error) k++;
  while (k > 0 && (2 * k) / size > error) k--;
  return k;
}

function around(mean: number, half: number): Bounds {
  return { low: mean - half, high: mean + half };
}
