import { studentisedMean, type Bounds, type MeanEstimate, RESAMPLES } from './bootstrap.ts';
import { pairSwapped } from './estimate.ts';
import type { CaseEvidence, LaunchRecord, VerdictOptions } from './evidence.ts';
import type { Interval } from '../statistics.ts';

/** What the launches of one stage say. */
export interface StageEstimate {
  /** Launches that found a partner. */
  readonly launches: number;
  /** Absent when no launch found a partner. */
  readonly mean?: MeanEstimate;
  /** Launches cannot be read: why. */
  readonly fault?: string;
}

export function estimateStage(
  launches: readonly LaunchRecord[],
  bootstrap: { readonly seed: number; readonly resamples?: number },
): StageEstimate {
  const unreadable = launches.findIndex(
    ({ blockLogRatios }) => blockLogRatios.length === 0 || !blockLogRatios.every(Number.isFinite),
  );
  if (unreadable !== -1) {
    return {
      launches: 0,
      fault: `launch ${unreadable + 1} has no blocks, or a block whose ratio is not a finite number`,
    };
  }
  const { estimates } = pairSwapped(launches);
  if (estimates.length === 0) return { launches: 0 };
  return { launches: 2 * estimates.length, mean: studentisedMean(estimates, bootstrap) };
}

/** δ as a logarithm: [1/(1+δ), 1+δ] is symmetric around 0 there. */
export function logThreshold(evidence: CaseEvidence, { threshold }: Required<VerdictOptions>): number {
  return Math.log1p(evidence.threshold ?? threshold);
}

/** Equal to within the threshold, which is more than "no difference was shown". */
export function isWithin({ low, high }: Bounds, threshold: number): boolean {
  return -threshold <= low && high <= threshold;
}

/** A stage clears with its interval at its own confidence. `resamples` do not matter: so few pairs take Student's t. */
export function clears(evidence: CaseEvidence, screen: StageEstimate, options: Required<VerdictOptions>): boolean {
  if (screen.mean === undefined) return false;
  return isWithin(screen.mean.interval(1 - options.screenConfidence), logThreshold(evidence, options));
}

/** Enough resamples for ten of them to lie beyond the strictest level of a family. */
export function resamplesFor(family: number, familyError: number): number {
  return Math.max(RESAMPLES, Math.ceil((10 * family) / familyError) - 1);
}

/** The same for a case in whatever company it is judged: FNV-1a over its names. */
export function seedOf(evidence: { readonly package: string; readonly case: string }, seed: number): number {
  let hash = 0x811c9dc5;
  for (const character of `${evidence.package}\n${evidence.case}`) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  return (hash >>> 0) + seed;
}

/** As ratios; null where unbounded. */
export function ratioOf(mean: number, { low, high }: Bounds): Interval {
  const finite = (log: number): number | null => (Number.isFinite(log) ? Math.exp(log) : null);
  return { value: Math.exp(mean), low: finite(low), high: finite(high) };
}
