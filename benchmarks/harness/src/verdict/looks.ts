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

/** Launches after which, together with those of the first stage, it is known how a case scatters. */
const FUTILITY_LAUNCHES = 6;

/** How many launches of a case there are at each look at the second stage. All even. */
export interface Looks {
  /** Whether to go on, and nothing else, is asked here. Equal to `first` where that comes as soon. */
  readonly futility: number;
  /** Equal to `last` where there is one look that decides. */
  readonly first: number;
  readonly last: number;
}

/**
 * For a family of so many cases: at the last look as many as asked for, at the first half of them, but never fewer than the strictest
 * level of the family needs. Few, as in a quick comparison, are looked at once and stay few: Student's t decides there.
 */
export function looksFor(family: number, launches: number, familyError: number): Looks {
  if (launches < LEAST_TYPICAL) return { futility: launches, first: launches, last: launches };
  const level = familyError / Math.max(1, family);
  const half = even(Math.max(leastValues(LOOK_SHARE * level), launches / 2));
  const only = even(Math.max(leastValues(level), launches));
  const [first, last] = half < launches ? [half, launches] : [only, only];
  return { futility: Math.min(FUTILITY_LAUNCHES, first), first, last };
}

/** The second stage as it is run: launches up to a number, and what ends it then unless it goes on. */
export function stepsOf({ futility, first, last }: Looks): readonly { readonly upTo: number; readonly look?: Look }[] {
  return [
    ...(futility < first ? [{ upTo: futility, look: 'futile' } as const] : []),
    ...(first < last ? [{ upTo: first, look: 'first' } as const] : []),
    first < last ? { upTo: last, look: 'last' } : { upTo: last },
  ];
}

/** Of the error of the second stage, what the look that ended it may make: none where it was for futility. */
export function errorShare({ look }: { readonly look?: Look }): number {
  if (look === 'futile') return 0;
  return look === undefined ? 1 : LOOK_SHARE;
}

/**
 * Whether the launches that are left are worth their time. At the first look they are not where the case is decided already, which
 * `judge` then confirms. At either they are not where they would hardly decide it.
 */
export function goesOn(
  evidence: CaseEvidence,
  looks: Looks,
  family: number,
  options: Required<VerdictOptions>,
): boolean {
  const seed = { seed: seedOf(evidence, options.seed) };
  const { mean } = estimateStage(evidence.decide, seed);
  if (mean === undefined || mean.count < looks.futility || mean.count >= looks.last) return false;
  const threshold = logThreshold(evidence, options);
  const share = looks.first === looks.last ? 1 : LOOK_SHARE;
  const errors = { differs: (share * options.familyError) / family, same: share * (1 - options.confidence) };
  if (mean.count >= looks.first) {
    const isDifferent = Math.abs(mean.mean) >= threshold && mean.p <= errors.differs;
    if (isDifferent || isWithin(mean.interval(errors.same), threshold)) return false;
  }
  // The first stage must not weigh in a decision; how much there is to expect of the second it may say.
  const known = estimateStage([...evidence.screen, ...evidence.decide], seed).mean!;
  return chanceToDecide(mean, known, looks.last, errors, threshold) >= FUTILE;
}

/**
 * The chance that the mean of `last` launches lies where it decides: of those that are `made` it is known, the others are predicted by
 * all that is `known` of the case, with Student's t. (Spiegelhalter, Freedman and Blackburn, Monitoring clinical trials: conditional or
 * predictive power? Controlled Clinical Trials 7, 1986.)
 */
export function chanceToDecide(
  made: Pick<MeanEstimate, 'mean' | 'count'>,
  known: Pick<MeanEstimate, 'mean' | 'deviation' | 'count'>,
  last: number,
  errors: { readonly differs: number; readonly same: number },
  threshold: number,
): number {
  if (known.deviation === 0) return 1;
  const left = last - made.count;
  const centre = (made.count * made.mean + left * known.mean) / last;
  const spread = (left / last) * known.deviation * Math.sqrt(1 / known.count + 1 / left);
  const standardError = known.deviation / Math.sqrt(last);
  const different = Math.max(studentQuantile(errors.differs, last - 1) * standardError, threshold);
  const same = threshold - studentQuantile(errors.same, last - 1) * standardError;
  const above = (bound: number): number => tail((bound - centre) / spread, known.count - 1);
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
