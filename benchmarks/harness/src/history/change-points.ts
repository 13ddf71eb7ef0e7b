import { studentTail } from '../verdict/student.ts';

/** Where a series changed its level: `index` is the first point of the new level. */
export interface ChangePoint {
  readonly index: number;
  /** Mean of the points up to the next change, minus that of the points since the previous one. */
  readonly change: number;
  /** Of the t-test between those points, times the number of places that it could have been. */
  readonly p: number;
}

export interface ChangePointOptions {
  /** Share of series of independent normal noise, without any change, in which some point is marked. Default 0.01. */
  readonly falseAlarms?: number;
  /** Points on either side of a change. Default 4. */
  readonly leastPoints?: number;
}

const FALSE_ALARMS = 0.01;

/** With fewer points on a side, two launches of bad luck in a row look like a new level. */
const LEAST_POINTS = 4;

/**
 * Changes of the mean in a series, in order of time: E-divisive means (Matteson and James, *A Nonparametric Approach for Multiple Change
 * Point Analysis of Multivariate Data*, JASA 2014) with Student's t-test in place of permutations, so that the same series always gives
 * the same answer (Fleming, Kolaczkowski and others, *Hunter: Using Change Point Detection to Hunt for Performance Regressions*, ICPE 2023, now
 * Apache Otava). Other than there, p is multiplied by the number of places at which the split could have been: a union bound,
 * which holds however the place was chosen, and gives `falseAlarms` its meaning. O(n²) per change.
 */
export function changePoints(series: readonly number[], options: ChangePointOptions = {}): ChangePoint[] {
  const { falseAlarms = FALSE_ALARMS, leastPoints = LEAST_POINTS } = options;
  const places = series.length - 2 * leastPoints + 1;
  const found: number[] = [];
  const search = (from: number, to: number): void => {
    const at = bestSplit(series, from, to, leastPoints);
    if (at === undefined || tailOf(series, from, at, to) * places > falseAlarms) return;
    search(from, at);
    found.push(at);
    search(at, to);
  };
  search(0, series.length);
  return confirmed(series, found, places, falseAlarms);
}

/** Later splits change the neighbours of earlier ones: the weakest point goes until all hold against the points beside them. */
function confirmed(series: readonly number[], found: readonly number[], places: number, limit: number): ChangePoint[] {
  let kept = [...found];
  for (;;) {
    const points = kept.map((index, i): ChangePoint => {
      const [from, to] = [kept[i - 1] ?? 0, kept[i + 1] ?? series.length];
      const change = mean(series.slice(index, to)) - mean(series.slice(from, index));
      return { index, change, p: Math.min(1, tailOf(series, from, index, to) * places) };
    });
    const weakest = points.reduce<ChangePoint | undefined>((a, b) => (a === undefined || b.p > a.p ? b : a), undefined);
    if (weakest === undefined || weakest.p <= limit) return points;
    kept = kept.filter((index) => index !== weakest.index);
  }
}

/**
 * Where `[from, to)` falls apart most: the place with the largest energy distance between its sides, scaled by their lengths. Undefined
 * where there is no room for two sides. The sums of distances are moved along from place to place: O(n²).
 */
export function bestSplit(
  series: readonly number[],
  from: number,
  to: number,
  leastPoints: number,
): number | undefined {
  if (to - from < 2 * leastPoints) return undefined;
  let [between, left, right] = [0, 0, 0];
  for (let i = from; i < to; i++) for (let j = i + 1; j < to; j++) right += Math.abs(series[i]! - series[j]!);
  let best: number | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (let at = from + 1; at <= to - leastPoints; at++) {
    // The point before `at` moves from the right side to the left.
    const moved = series[at - 1]!;
    let [toLeft, toRight] = [0, 0];
    for (let i = from; i < at - 1; i++) toLeft += Math.abs(series[i]! - moved);
    for (let i = at; i < to; i++) toRight += Math.abs(series[i]! - moved);
    left += toLeft;
    right -= toRight;
    between += toRight - toLeft;
    if (at - from < leastPoints) continue;
    const energy = scaledEnergy(between, left, right, at - from, to - at);
    if (energy > most) [best, most] = [at, energy];
  }
  return best;
}

/** From sums of distances over pairs: between the sides, within the left, within the right. */
export function scaledEnergy(between: number, left: number, right: number, m: number, n: number): number {
  const within = (sum: number, count: number): number => (2 * sum) / (count * (count - 1));
  return ((m * n) / (m + n)) * ((2 * between) / (m * n) - within(left, m) - within(right, n));
}

/** Two-sided, that `[from, at)` and `[at, to)` have the same mean: Student's test with pooled variance, exact for normal noise. */
function tailOf(series: readonly number[], from: number, at: number, to: number): number {
  const [left, right] = [series.slice(from, at), series.slice(at, to)];
  const difference = mean(right) - mean(left);
  const freedom = left.length + right.length - 2;
  const variance = (squares(left) + squares(right)) / freedom;
  const error = Math.sqrt(variance * (1 / left.length + 1 / right.length));
  // Deterministic counts do not vary at all: any difference is a change. What rounding leaves of equal numbers is none.
  const rounding = 1e-12 * Math.max(1, ...series.slice(from, to).map(Math.abs));
  if (Math.abs(difference) <= rounding) return 1;
  return error <= rounding ? 0 : studentTail(difference / error, freedom);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

function squares(values: readonly number[]): number {
  const center = mean(values);
  return values.reduce((sum, x) => sum + (x - center) ** 2, 0);
}
