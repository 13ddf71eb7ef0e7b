import { studentQuantile } from './student.ts';

/** The chance with which a detectable difference is found. */
const POWER = 0.95;

/** More launches than this are no practical advice. */
const MOST_LAUNCHES = 2_000;

/**
 * The smallest slowdown, as a logarithm, that so many launches find in about 95 % of comparisons: far enough from 0 for an interval that
 * misses with probability `error`, and above `threshold` as a point. Student's t twice, for the interval and for the luck of the
 * draw. Infinity below two launches.
 */
export function detectable(launchDeviation: number, launches: number, error: number, threshold: number): number {
  if (launches < 2 || Number.isNaN(launchDeviation)) return Number.POSITIVE_INFINITY;
  const standardError = launchDeviation / Math.sqrt(launches);
  const luck = studentQuantile(2 * (1 - POWER), launches - 1) * standardError;
  return Math.max(studentQuantile(error, launches - 1) * standardError, threshold) + luck;
}

/**
 * About how many launches, in all, would decide a case that looks like this: enough for the interval to leave 0 when the mean is beyond the
 * threshold, else enough for the interval to fit between the thresholds. Null when that is no practical number, as for a mean
 * that lies at the threshold itself.
 */
export function launchesToDecide(
  { mean, deviation }: { readonly mean: number; readonly deviation: number },
  errors: { readonly differs: number; readonly same: number },
  threshold: number,
): number | null {
  const differs = Math.abs(mean) >= threshold;
  const room = differs ? Math.abs(mean) : threshold - Math.abs(mean);
  const error = differs ? errors.differs : errors.same;
  const enough = (pairs: number): boolean =>
    (studentQuantile(error, 2 * pairs - 1) * deviation) / Math.sqrt(2 * pairs) < room;
  // In pairs: roles are balanced only where the number of launches is even.
  let high = 1;
  while (!enough(high)) {
    if (high * 2 > MOST_LAUNCHES) return null;
    high *= 2;
  }
  let low = high >> 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return 2 * high;
}
