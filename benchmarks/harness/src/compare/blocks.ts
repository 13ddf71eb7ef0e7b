import { median } from '../statistics.ts';
import type { SideName } from './protocol.ts';

export interface BlockSettings {
  /** A block should take this long. */
  readonly blockMs: number;
  /** Pairs of blocks in a launch, one block of each side. */
  readonly pairs: number;
  /** So many where the median of so few is not certain to within `precision`: most noise of a case that allocates is within its launches. */
  readonly mostPairs: number;
  /** Standard error of the median log-ratio of a launch that is good enough. */
  readonly precision: number;
  /** Never more pairs than fit into this time, but never fewer than `leastPairs`. */
  readonly budgetMs: number;
  readonly leastPairs: number;
}

/** How far an injected slowdown may be from the one asked for: runs are whole. */
const INJECTION_ERROR = 0.001;

export interface BlockPlan {
  /** Runs in a block, the same on both sides. */
  readonly iterations: number;
  readonly pairs: number;
  readonly mostPairs: number;
  /** Runs in the pass that observes the process: some collections should fall into it. */
  readonly usageIterations: number;
}

/** Nothing that is called takes less; a clock that stands still must not ask for endless blocks. */
const LEAST_RUN_NS = 0.1;

/** The observing pass lasts about this long where single runs are shorter. */
const USAGE_MS = 40;

/** Calibrated once per launch, from the warm time of a run on either side. */
export function planBlocks(baseNs: number, headNs: number, settings: BlockSettings, headIterations = 1): BlockPlan {
  const runNs = Math.max(Math.sqrt(baseNs * headNs), LEAST_RUN_NS);
  const iterations = injectable(Math.max(1, Math.round((settings.blockMs * 1e6) / runNs)), headIterations);
  const pairMs = (2 * iterations * runNs) / 1e6;
  // Even, because every second pair begins with the other side.
  const fit = 2 * Math.floor(settings.budgetMs / pairMs / 2);
  const pairs = Math.min(settings.pairs, Math.max(settings.leastPairs, fit));
  const mostPairs = Math.max(pairs, Math.min(settings.mostPairs, fit));
  return { iterations, pairs, mostPairs, usageIterations: Math.max(iterations, Math.round((USAGE_MS * 1e6) / runNs)) };
}

/**
 * Whether the median of a launch is certain enough, by the spread of the means of two neighbouring pairs, in which the advantage of
 * going first cancels. Looks at the spread alone, so that stopping early favours no side. Median absolute deviation, and the
 * efficiency of the median, both for normal noise.
 */
export function isPrecise(blockLogRatios: readonly number[], precision: number): boolean {
  const quads = Array.from(
    { length: blockLogRatios.length >> 1 },
    (_, i) => (blockLogRatios[2 * i]! + blockLogRatios[2 * i + 1]!) / 2,
  );
  const centre = median(quads);
  const deviation = 1.4826 * median(quads.map((quad) => Math.abs(quad - centre)));
  return (Math.sqrt(Math.PI / 2) * deviation) / Math.sqrt(quads.length) <= precision;
}

/** The least number of runs from `iterations` on of which `ratio` times as many are nearly a whole number. */
function injectable(iterations: number, ratio: number): number {
  let runs = iterations;
  while (Math.abs(Math.round(runs * ratio) / runs - ratio) > INJECTION_ERROR) runs++;
  return runs;
}

/**
 * ABBA: `first second second first …`, so that a drift which is linear over two pairs cancels.
 *
 *     pair    0    1    2    3
 *     blocks  A B  B A  A B  B A
 */
export function blockOrder(first: SideName, pair: number): readonly [SideName, SideName] {
  const second = otherSide(first);
  return pair % 2 === 0 ? [first, second] : [second, first];
}

export function otherSide(side: SideName): SideName {
  return side === 'base' ? 'head' : 'base';
}
