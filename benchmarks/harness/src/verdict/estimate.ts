import { median } from '../statistics.ts';
import type { LaunchRecord } from './evidence.ts';

/**
 * What one launch says: the median of its block log-ratios. Blocks within a launch are not independent, so a launch gives one
 * number whatever its number of blocks. Throws RangeError for no blocks, and for a ratio that is not finite.
 */
export function launchEstimate(blockLogRatios: readonly number[]): number {
  if (blockLogRatios.length === 0) throw new RangeError('a launch without blocks has no estimate');
  if (!blockLogRatios.every(Number.isFinite)) throw new RangeError('a block whose ratio is not a finite number');
  return median(blockLogRatios);
}

export interface SwappedPairs {
  /** Mean of the two estimates of each pair: a bias towards the side that starts first cancels. */
  readonly estimates: readonly number[];
  /** Launches without a partner of the other role, of which nothing is used. */
  readonly unpaired: number;
}

/**
 * Launches as pairs with swapped roles, in their order: each takes the earliest that still waits for the opposite role. Where roles
 * take turns these are neighbours, which share the moment of the machine. Throws like `launchEstimate`.
 */
export function pairSwapped(launches: readonly LaunchRecord[]): SwappedPairs {
  const estimates: number[] = [];
  /** All of one role at any time. */
  const waiting: { swapped: boolean; estimate: number }[] = [];
  for (const { swapped, blockLogRatios } of launches) {
    const estimate = launchEstimate(blockLogRatios);
    if (waiting[0] === undefined || waiting[0].swapped === swapped) waiting.push({ swapped, estimate });
    else estimates.push((waiting.shift()!.estimate + estimate) / 2);
  }
  return { estimates, unpaired: waiting.length };
}
