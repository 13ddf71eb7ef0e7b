import { randomNumbers } from '../random.ts';
import { studentQuantile, studentTail } from './student.ts';

/** Fewer values than this have too few subsets for an error of 1 % (2 of 2⁷ are 1.6 %): Student's t instead. */
export const LEAST_TYPICAL = 8;

/** Up to so many values all subsets are taken, 65,535 of them; above, that many drawn ones. */
const MOST_EXHAUSTED = 16;
const DRAWN_SUBSETS = 2 ** MOST_EXHAUSTED - 1;

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
 * Pairs of launches with swapped roles are symmetric about 0 when the code is equal: what is called head could as well be base.
 *
 * Edges: one value bounds nothing (p = 1); two to seven take Student's t; more than 16 a sample of the subsets, drawn from `seed`.
 * Throws RangeError for no values and for values that are not finite. O(2ⁿ · n) up to 16 values.
 */
export function typicalMean(values: readonly number[], { seed }: { readonly seed: number }): MeanEstimate {
  const count = values.length;
  if (count === 0) throw new RangeError('the mean of no values');
  if (!values.every(Number.isFinite)) throw new RangeError('the mean of values that are not finite');
  const mean = values.reduce((sum, x) => sum + x, 0) / count;
  if (count === 1) {
    return { count, mean, deviation: Number.NaN, p: 1, interval: () => around(mean, Number.POSITIVE_INFINITY) };
  }
  const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (count - 1));
  const deviation = spread <= ROUNDING * Math.max(...values.map(Math.abs)) ? 0 : spread;
  if (count < LEAST_TYPICAL) return student(count, mean, deviation);

  const means = subsetMeans(values, seed).sort();
  const size = means.length + 1;
  const notAbove = firstIndex(means, (each) => each > 0);
  const notBelow = means.length - firstIndex(means, (each) => each >= 0);
  return {
    count,
    mean,
    deviation,
    p: Math.min(1, (2 * (Math.min(notAbove, notBelow) + 1)) / size),
    interval: (error) => {
      const rank = rankOf(error, size);
      if (rank === 0) return around(mean, Number.POSITIVE_INFINITY);
      return { low: means[rank - 1]!, high: means[means.length - rank]! };
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

/** Means of all subsets but the empty one, or of as many that are drawn. */
function subsetMeans(values: readonly number[], seed: number): Float64Array {
  if (values.length > MOST_EXHAUSTED) return drawnMeans(values, randomNumbers(seed));
  const size = 2 ** values.length;
  // Of the subset whose members are the bits of the index: that without its lowest member, and that member.
  const sums = new Float64Array(size);
  const members = new Uint8Array(size);
  const means = new Float64Array(size - 1);
  for (let subset = 1; subset < size; subset++) {
    const rest = subset & (subset - 1);
    sums[subset] = sums[rest]! + values[31 - Math.clz32(subset ^ rest)]!;
    members[subset] = members[rest]! + 1;
    means[subset - 1] = sums[subset]! / members[subset]!;
  }
  return means;
}

function drawnMeans(values: readonly number[], random: () => number): Float64Array {
  return Float64Array.from({ length: DRAWN_SUBSETS }, () => {
    for (;;) {
      let sum = 0;
      let members = 0;
      for (const value of values) {
        if (random() < 0.5) continue;
        sum += value;
        members++;
      }
      if (members > 0) return sum / members;
    }
  });
}

/** The largest k with 2k / size ≤ error. */
function rankOf(error: number, size: number): number {
  let k = Math.min((size >> 1) - 1, Math.floor((error * size) / 2));
  // The comparison is the one that p values take part in; the product may round across it.
  while (k < (size >> 1) - 1 && (2 * (k + 1)) / size <= error) k++;
  while (k > 0 && (2 * k) / size > error) k--;
  return k;
}

/** The first of ascending values that fits, else their number. */
function firstIndex(sorted: Float64Array, fits: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function around(mean: number, half: number): Bounds {
  return { low: mean - half, high: mean + half };
}
