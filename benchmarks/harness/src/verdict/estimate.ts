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

/** The estimates of two launches with opposite roles. */
export type SwappedPair = readonly [number, number];

export interface BalancedLaunches {
  /** As many launches of either role: a bias towards the side that starts first cancels in their mean. */
  readonly pairs: readonly SwappedPair[];
  /** Launches without a partner of the other role, of which nothing is used. */
  readonly unpaired: number;
}

/**
 * The launches that find a partner with swapped roles, in their order: each takes the earliest that still waits for the opposite
 * role. Throws like `launchEstimate`.
 */
export function balance(launches: readonly LaunchRecord[]): BalancedLaunches {
  const pairs: SwappedPair[] = [];
  /** All of one role at any time. */
  const waiting: { swapped: boolean; estimate: number }[] = [];
  for (const { swapped, blockLogRatios } of launches) {
    const estimate = launchEstimate(blockLogRatios);
    if (waiting[0] === undefined || waiting[0].swapped === swapped) waiting.push({ swapped, estimate });
    else pairs.push([waiting.shift()!.estimate, estimate]);
  }
  return { pairs, unpaired: waiting.length };
}
