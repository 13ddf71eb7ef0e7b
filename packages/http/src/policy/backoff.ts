/** Source of randomness: `[0, 1)`. */
export type Random = () => number;

/** 2^30 base delays are beyond any cap; the exponent stops here so that the power stays finite. */
const MAX_EXPONENT = 30;

/**
 * Full jitter: a delay drawn evenly from `[0, min(maxDelayMs, baseDelayMs · 2^(retry − 1))]` for retry 1, 2, ….
 *
 * Even draws over the whole range spread clients that failed together best, and finish sooner than ± noise on a fixed
 * delay (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 */
export function fullJitter(retry: number, baseDelayMs: number, maxDelayMs: number, random: Random): number {
  return random() * Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(retry - 1, MAX_EXPONENT));
}
