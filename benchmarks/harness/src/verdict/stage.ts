import { balance } from './estimate.ts';
import type { CaseEvidence, LaunchRecord, VerdictOptions } from './evidence.ts';
import type { Interval } from '../statistics.ts';
import { typicalMean, type Bounds, type MeanEstimate } from './typical-values.ts';

/** What the launches of one stage say. */
export interface StageEstimate {
  /** Launches that found a partner. */
  readonly launches: number;
  /** Absent when no launch found a partner. */
  readonly mean?: MeanEstimate;
  /** Launches cannot be read: why. */
  readonly fault?: string;
}

export function estimateStage(launches: readonly LaunchRecord[], draw: { readonly seed: number }): StageEstimate {
  const unreadable = launches.findIndex(
    ({ blockLogRatios }) => blockLogRatios.length === 0 || !blockLogRatios.every(Number.isFinite),
  );
  if (unreadable !== -1) {
    return {
      launches: 0,
      fault: `launch ${unreadable + 1} has no blocks, or a block whose ratio is not a finite number`,
    };
  }
  const estimates = balance(launches).pairs.flat();
  if (estimates.length === 0) return { launches: 0 };
  return { launches: estimates.length, mean: typicalMean(estimates, draw) };
}

/** δ as a logarithm: [1/(1+δ), 1+δ] is symmetric around 0 there. */
export function logThreshold(evidence: CaseEvidence, { threshold }: Required<VerdictOptions>): number {
  return Math.log1p(evidence.threshold ?? threshold);
}

/** Equal to within the threshold, which is more than "no difference was shown". */
export function isWithin({ low, high }: Bounds, threshold: number): boolean {
  return -threshold <= low && high <= threshold;
}

/** A stage clears with its interval at its own confidence. */
export function clears(evidence: CaseEvidence, screen: StageEstimate, options: Required<VerdictOptions>): boolean {
  if (screen.mean === undefined) return false;
  return isWithin(screen.mean.interval(1 - options.screenConfidence), logThreshold(evidence, options));
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
