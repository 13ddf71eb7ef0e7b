import { agreement, instructionChange } from './agreement.ts';
import { judgeCanary } from './canary.ts';
import type { CaseEvidence, CaseVerdict, RunEvidence, RunVerdict, Verdict, VerdictOptions } from './evidence.ts';
import { LOOK_SHARE, errorShare } from './looks.ts';
import { benjaminiHochberg, holm } from './multiplicity.ts';
import { complete } from './options.ts';
import { detectable, launchesToDecide } from './planning.ts';
import { clears, estimateStage, isWithin, logThreshold, ratioOf, seedOf, type StageEstimate } from './stage.ts';
import { leastValues, type MeanEstimate } from './typical-values.ts';

/**
 * After the first stage: the cases that need fresh launches. All that is not known without measuring, and not clearly the same.
 * Throws RangeError for options that make no sense.
 */
export function undecided(cases: readonly CaseEvidence[], options: VerdictOptions = {}): CaseEvidence[] {
  const all = complete(options);
  return cases.filter((each) => {
    if (known(each) !== undefined) return false;
    const screen = estimateStage(each.screen, { seed: seedOf(each, all.seed) });
    return screen.fault === undefined && !clears(each, screen, all);
  });
}

/**
 * The verdicts of a comparison. The same evidence and options give the same verdicts, on every machine.
 * Throws RangeError for options that make no sense.
 */
export function judge(run: RunEvidence, options: VerdictOptions = {}): RunVerdict {
  const all = complete(options);
  const canary = run.canary === undefined ? undefined : judgeCanary(run.canary, all);
  const invalid = [...(run.invalid ?? []), ...(canary?.reasons ?? [])];
  const cases = judgeCases(run.cases, all).map((each) => (invalid.length === 0 ? each : withoutTrust(each)));
  const has = (verdict: Verdict): boolean => cases.some((each) => each.verdict === verdict);
  const grew = run.cases.some(({ instructions }) => instructions !== undefined && instructionChange(instructions) > 0);
  const conclusion =
    invalid.length > 0
      ? 'invalid'
      : has('regressed') || grew
        ? 'regressed'
        : has('invalid')
          ? 'invalid'
          : has('inconclusive')
            ? 'inconclusive'
            : 'fine';
  const exitCode =
    conclusion === 'regressed' ? 1 : conclusion === 'invalid' ? 3 : conclusion === 'inconclusive' && all.strict ? 4 : 0;
  return { invalid, ...(canary === undefined ? {} : { canary }), cases, verdict: conclusion, exitCode };
}

/** A case with the stage that it is judged by. */
interface Measured {
  readonly evidence: CaseEvidence;
  readonly stage: 'screen' | 'decide';
  /** Of the error that the stage may make, what the look that ended it may. */
  readonly share: number;
  readonly estimate: StageEstimate;
}

function judgeCases(cases: readonly CaseEvidence[], options: Required<VerdictOptions>): CaseVerdict[] {
  const measured = cases.map((evidence): Measured | undefined => {
    if (known(evidence) !== undefined) return undefined;
    const stage = evidence.decide.length > 0 ? 'decide' : 'screen';
    const estimate = estimateStage(evidence[stage], { seed: seedOf(evidence, options.seed) });
    return { evidence, stage, share: stage === 'screen' ? 1 : errorShare(evidence), estimate };
  });

  // Only what fresh launches decide can fail a build. They are independent of those that chose the cases, so the family is the chosen ones.
  const family = measured.filter((each) => each?.stage === 'decide' && each.estimate.fault === undefined) as Measured[];
  const decisions = holm(family.map(pOf), options.familyError);
  const tested = measured.filter((each) => each?.estimate.mean !== undefined) as Measured[];
  const watched = benjaminiHochberg(tested.map(pOf), options.watchRate);

  return cases.map((evidence, i) => {
    const each = measured[i];
    if (each === undefined) return withoutFigures(evidence, known(evidence)!, options);
    const decision = decisions[family.indexOf(each)];
    return judgeMeasured(each, decision?.level, watched[tested.indexOf(each)] ?? false, options);
  });
}

/** The verdict that needs no figures. */
function known({ identical, invalid, onlyIn }: CaseEvidence): Verdict | undefined {
  if (onlyIn !== undefined) return onlyIn === 'head' ? 'new' : 'removed';
  if (invalid !== undefined && invalid.length > 0) return 'invalid';
  return identical === true ? 'identical' : undefined;
}

/**
 * Adjusted for looking twice, as Bonferroni has it: at most the error that is allowed in all is made at either look. No estimate is no
 * evidence against 1, and neither is one that was given up.
 */
function pOf({ estimate, share }: Measured): number {
  return estimate.mean === undefined || share === 0 ? 1 : Math.min(1, estimate.mean.p / share);
}

function judgeMeasured(
  each: Measured,
  level: number | undefined,
  watched: boolean,
  options: Required<VerdictOptions>,
): CaseVerdict {
  const { evidence, stage, share, estimate } = each;
  const { mean, launches, fault } = estimate;
  if (fault !== undefined) return { ...withoutFigures(evidence, 'invalid', options), reasons: [fault] };
  const threshold = logThreshold(evidence, options);
  // What a difference would have to be shown at: in the first stage, where there is no family yet, that of a family of one.
  const isGivenUp = share === 0;
  // What is given up claims nothing, and its figures are shown as if it had been looked at twice.
  const looked = isGivenUp ? LOOK_SHARE : share;
  const differs = (level ?? options.familyError) * looked;
  const shown = (1 - (stage === 'decide' ? options.confidence : options.screenConfidence)) * looked;
  const adjusted = level === undefined || isGivenUp ? undefined : level * share;
  const verdict = mean === undefined || isGivenUp ? 'inconclusive' : verdictOf(mean, adjusted, shown, threshold);
  const enough =
    mean === undefined || mean.count < 2
      ? options.launches
      : atLeast(
          launchesToDecide(mean, { differs, same: (1 - options.confidence) * looked }, threshold),
          leastValues(differs),
        );
  const disagreement =
    evidence.instructions === undefined || mean === undefined
      ? undefined
      : agreement({ verdict, ratio: Math.exp(mean.mean) }, evidence.instructions);
  const found =
    mean === undefined
      ? Number.POSITIVE_INFINITY
      : detectable(mean.deviation, options.launches, options.familyError * LOOK_SHARE, threshold);
  return {
    package: evidence.package,
    case: evidence.case,
    verdict,
    stage,
    launches,
    threshold: evidence.threshold ?? options.threshold,
    ...(mean === undefined ? {} : { ratio: ratioOf(mean.mean, mean.interval(shown)) }),
    ...(mean === undefined || isGivenUp ? {} : { p: pOf(each) }),
    ...(mean === undefined || adjusted === undefined ? {} : { adjusted: ratioOf(mean.mean, mean.interval(adjusted)) }),
    ...(mean === undefined || Number.isNaN(mean.deviation) ? {} : { launchDeviation: mean.deviation }),
    ...(Number.isFinite(found) ? { detectable: Math.expm1(found) } : {}),
    ...(verdict === 'inconclusive' ? { moreLaunches: moreThan(enough, stage, launches, options) } : {}),
    watch: watched && verdict !== 'regressed' && verdict !== 'improved',
    reasons: [],
    ...(disagreement === undefined ? {} : { disagreement }),
  };
}

function verdictOf(mean: MeanEstimate, level: number | undefined, shown: number, threshold: number): Verdict {
  if (level !== undefined && Math.abs(mean.mean) >= threshold) {
    const { low, high } = mean.interval(level);
    if (low > 0) return 'regressed';
    if (high < 0) return 'improved';
  }
  return isWithin(mean.interval(shown), threshold) ? 'same' : 'inconclusive';
}

function atLeast(launches: number | null, least: number): number | null {
  // Roles are balanced only where the number is even.
  return launches === null ? null : Math.max(launches, least + (least % 2));
}

/** The launches of the first stage do not count towards the second. */
function moreThan(
  enough: number | null,
  stage: 'screen' | 'decide',
  launches: number,
  options: Required<VerdictOptions>,
): number | null {
  if (stage === 'screen') return enough === null ? null : Math.max(enough, options.launches);
  // Where the rule of thumb says that there are enough already, the interval asked for a little more.
  return enough === null ? null : Math.max(2, enough - launches);
}

function withoutFigures(evidence: CaseEvidence, verdict: Verdict, options: Required<VerdictOptions>): CaseVerdict {
  return {
    package: evidence.package,
    case: evidence.case,
    verdict,
    launches: 0,
    threshold: evidence.threshold ?? options.threshold,
    watch: false,
    reasons: verdict === 'invalid' ? (evidence.invalid ?? []) : [],
  };
}

/** In a run that cannot be trusted: what was measured keeps its figures, and nothing is concluded from them. */
function withoutTrust(each: CaseVerdict): CaseVerdict {
  if (each.stage === undefined) return each;
  const { moreLaunches: _more, disagreement: _words, ...rest } = each;
  return { ...rest, verdict: 'invalid', watch: false, reasons: ['the run is invalid'] };
}
