import type { CaseEvidence, Look, VerdictOptions } from './evidence.ts';
import { estimateStage, isWithin, logThreshold, seedOf } from './stage.ts';
import { studentQuantile, studentTail } from './student.ts';
import { LEAST_TYPICAL, leastValues, type MeanEstimate } from './typical-values.ts';

/**
 * Of the error that the second stage may make, what each of its two looks may. Bonferroni's split holds whatever the looks have in
 * common; that the first half of the launches is part of both makes it a little strict.
 */
export const LOOK_SHARE = 0.5;

/** A case with less than this chance to be decided by the launches that are left is not launched again. */
const FUTILE = 0.1;

/** How many launches of a case there are at each look at the second stage. Both even; equal where there is one look. */
export interface Looks {
  readonly first: number;
  readonly last: number;
}

/**
 * For a family of so many cases: at the last look as many as asked for, at the first half of them, but never fewer than the strictest
 * level of the family needs. Few, as in a quick comparison, are looked at once and stay few: Student's t decides there.
 */
export function looksFor(family: number, launches: number, familyError: number): Looks {
  if (launches < LEAST_TYPICAL) return { first: launches, last: launches };
  const level = familyError / Math.max(1, family);
  const first = even(Math.max(leastValues(LOOK_SHARE * level), launches / 2));
  if (first < launches) return { first, last: launches };
  const only = even(Math.max(leastValues(level), launches));
  return { first: only, last: only };
}

/** What the look that ended the second stage of this case may err. */
export function errorShare({ look }: { readonly look?: Look }): number {
  return look === undefined ? 1 : LOOK_SHARE;
}

/**
 * At the first look: whether the launches that are left are worth their time. They are not where the case is decided already, which
 * `judge` then confirms, nor where they would hardly decide it.
 */
export function goesOn(
  evidence: CaseEvidence,
  { first, last }: Looks,
  family: number,
  options: Required<VerdictOptions>,
): boolean {
  const { mean } = estimateStage(evidence.decide, { seed: seedOf(evidence, options.seed) });
  if (first >= last || mean === undefined || mean.count < first) return false;
  const threshold = logThreshold(evidence, options);
  const errors = {
    differs: (LOOK_SHARE * options.familyError) / family,
    same: LOOK_SHARE * (1 - options.confidence),
  };
  const isDifferent = Math.abs(mean.mean) >= threshold && mean.p <= errors.differs;
  if (isDifferent || isWithin(mean.interval(errors.same), threshold)) return false;
  return chanceToDecide(mean, last, errors, threshold) >= FUTILE;
}

/**
 * The chance that the mean of `last` launches lies where it decides, as the launches so far predict it: Student's t about their mean
 * (Spiegelhalter, Freedman and Blackburn, Monitoring clinical trials: conditional or predictive power? Controlled Clinical Trials 7, 1986).
 */
export function chanceToDecide(
  { mean, deviation, count }: Pick<MeanEstimate, 'mean' | 'deviation' | 'count'>,
  last: number,
  errors: { readonly differs: number; readonly same: number },
  threshold: number,
): number {
  if (deviation === 0) return 1;
  const spread = deviation * Math.sqrt((last - count) / (last * count));
  const standardError = deviation / Math.sqrt(last);
  const different = Math.max(studentQuantile(errors.differs, last - 1) * standardError, threshold);
  const same = threshold - studentQuantile(errors.same, last - 1) * standardError;
  const above = (bound: number): number => tail((bound - mean) / spread, count - 1);
  return above(different) + (1 - above(-different)) + (same > 0 ? above(-same) - above(same) : 0);
}

/** That Student's t is above `x`. */
function tail(x: number, freedom: number): number {
  const beyond = studentTail(Math.abs(x), freedom) / 2;
  return x >= 0 ? beyond : 1 - beyond;
}

function even(launches: number): number {
  const whole = Math.ceil(launches);
  return whole + (whole % 2);
}
