import { randomNumbers } from '../random.ts';
import { studentQuantile, studentTail } from './student.ts';

/** Fewer values than this have too few distinct resamples (4⁴ = 256, of which 4 have no spread at all): Student's t instead. */
export const LEAST_RESAMPLED = 6;

/** Gives p values in steps of 5e-5. */
export const RESAMPLES = 19_999;

/** Deviations and variances below these shares, of the largest value and of the sum of squares, are the rounding of equal values. */
const ROUNDING = 1e-12;
const VARIANCE_ROUNDING = 1e-14;

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
   * Two-sided, that the true mean is 0. Never 0: a bootstrap of B resamples knows no p below 1 / (B + 1).
   * Agrees with `interval` exactly: 0 is outside `interval(e)` when, and only when, p ≤ e.
   */
  readonly p: number;
  /** The interval that misses the true mean with probability `error`. Unbounded where the data cannot bound it. */
  interval(error: number): Bounds;
}

/**
 * The mean of `values` with its symmetric percentile-t interval: resamples say how |mean − true mean| is distributed in units of its own
 * estimated standard error. (Efron and Tibshirani, An Introduction to the Bootstrap, 12.5; the symmetric form is Hall's, The Bootstrap
 * and Edgeworth Expansion, 3.6.) Deterministic from `seed`.
 *
 * Edges: one value bounds nothing (p = 1); two to five take Student's t; values that are all equal give an interval of no width, and
 * p = 1 when they are 0. Throws RangeError for no values and for values that are not finite. O(resamples · (n + log resamples)).
 */
export function studentisedMean(
  values: readonly number[],
  { seed, resamples = RESAMPLES }: { readonly seed: number; readonly resamples?: number | undefined },
): MeanEstimate {
  const count = values.length;
  if (count === 0) throw new RangeError('the mean of no values');
  if (!values.every(Number.isFinite)) throw new RangeError('the mean of values that are not finite');
  const mean = values.reduce((sum, x) => sum + x, 0) / count;
  if (count === 1) {
    return { count, mean, deviation: Number.NaN, p: 1, interval: () => bounds(mean, Number.POSITIVE_INFINITY) };
  }
  const centred = values.map((x) => x - mean);
  const deviation = Math.sqrt(centred.reduce((sum, x) => sum + x * x, 0) / (count - 1));
  const error = deviation / Math.sqrt(count);
  if (deviation <= ROUNDING * Math.max(...values.map(Math.abs))) {
    const p = mean === 0 ? 1 : 1 / (resamples + 1);
    const half = (e: number): number => (mean !== 0 && rankOf(e, resamples) === 0 ? Number.POSITIVE_INFINITY : 0);
    return { count, mean, deviation: 0, p, interval: (e) => bounds(mean, half(e)) };
  }
  const t = Math.abs(mean) / error;
  if (count < LEAST_RESAMPLED) {
    const p = studentTail(t, count - 1);
    return { count, mean, deviation, p, interval: (e) => bounds(mean, studentQuantile(e, count - 1) * error) };
  }
  const sorted = resampledT(centred, resamples, randomNumbers(seed)).sort();
  return {
    count,
    mean,
    deviation,
    p: (1 + atLeast(sorted, t)) / (resamples + 1),
    interval: (e) => {
      const rank = rankOf(e, resamples);
      return bounds(mean, rank === 0 ? Number.POSITIVE_INFINITY : sorted[resamples - rank]! * error);
    },
  };
}

/** |t| of each resample of values whose mean is 0. */
function resampledT(centred: readonly number[], resamples: number, random: () => number): Float64Array {
  const n = centred.length;
  const values = Float64Array.from(centred);
  const result = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const x = values[Math.floor(random() * n)]!;
      sum += x;
      squares += x * x;
    }
    const mean = sum / n;
    const variance = (squares - n * mean * mean) / (n - 1);
    // One value drawn n times has no spread: it says nothing against any mean, so it counts as infinitely far.
    const flat = variance <= VARIANCE_ROUNDING * squares;
    result[b] = flat ? (mean === 0 ? 0 : Number.POSITIVE_INFINITY) : Math.abs(mean) / Math.sqrt(variance / n);
  }
  return result;
}

/** The largest k with k / (resamples + 1) ≤ error. */
function rankOf(error: number, resamples: number): number {
  let k = Math.min(resamples, Math.floor(error * (resamples + 1)));
  // The comparison is the one that p values take part in; the product may round across it.
  while (k < resamples && (k + 1) / (resamples + 1) <= error) k++;
  while (k > 0 && k / (resamples + 1) > error) k--;
  return k;
}

/** How many of ascending `sorted` are at least `t`. */
function atLeast(sorted: Float64Array, t: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < t) low = middle + 1;
    else high = middle;
  }
  return sorted.length - low;
}

function bounds(mean: number, half: number): Bounds {
  return { low: mean - half, high: mean + half };
}
