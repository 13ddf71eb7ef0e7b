/** A ratio with what is known about it. `low` and `high` are null after a single launch: one launch says nothing about the next. */
export interface Interval {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Throws RangeError for no values. O(n log n). */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('the median of no values');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** How far apart the launches are: (largest − smallest) / median. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}

/**
 * How many times as long as ours a peer takes, with the 95 % interval: Student's t over the logarithms of the ratios of
 * the rounds, one ratio per round of launches. `ours[i]` and `peer[i]` are the medians of the launches of round i.
 *
 * A ratio is averaged as a logarithm so that swapping the two sides gives exactly the inverse. Why the launch is the unit and
 * not the sample: design.md.
 */
export function ratioInterval(ours: readonly number[], peer: readonly number[]): Interval {
  if (ours.length !== peer.length || ours.length === 0) throw new RangeError('a ratio needs both sides of every round');
  const n = ours.length;
  const logs = ours.map((time, i) => Math.log(peer[i]! / time));
  const mean = logs.reduce((sum, x) => sum + x, 0) / n;
  if (n === 1) return { value: Math.exp(mean), low: null, high: null };
  const variance = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  const half = studentT95(n - 1) * Math.sqrt(variance / n);
  return { value: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half) };
}

/** 0.975 quantiles of Student's t for 1 to 10 degrees of freedom, where the series below is too coarse. */
const STUDENT_T95 = [12.7062, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.306, 2.26216, 2.22814];

/** 0.975 quantile of the normal distribution. */
const NORMAL95 = 1.959963984540054;

/** The 0.975 quantile of Student's t: the half-width, in standard errors, of a two-sided 95 % interval. Error below 1e-5 relative. */
export function studentT95(degreesOfFreedom: number): number {
  const v = degreesOfFreedom;
  const tabled = STUDENT_T95[v - 1];
  if (tabled !== undefined) return tabled;
  // Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5.
  const z = NORMAL95;
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  const g4 = (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160;
  return z + g1 / v + g2 / v ** 2 + g3 / v ** 3 + g4 / v ** 4;
}
