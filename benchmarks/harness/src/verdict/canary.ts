import { percent } from './agreement.ts';
import type { CaseEvidence, CaseVerdict, VerdictOptions } from './evidence.ts';
import { LOOK_SHARE } from './looks.ts';
import { detectable } from './planning.ts';
import { estimateStage, isWithin, logThreshold, ratioOf, seedOf } from './stage.ts';
import { studentQuantile } from './student.ts';

/**
 * Equal code on both sides. `invalid`, with reasons, when it looks different, or when the interval is so wide that a difference would not
 * show; else `same`, or `inconclusive`, which is no fault of a canary.
 */
export function judgeCanary(evidence: CaseEvidence, options: Required<VerdictOptions>): CaseVerdict {
  const stage = evidence.decide.length > 0 ? 'decide' : 'screen';
  // Of both stages: no launch of it chose which others there are.
  const { launches, mean, fault } = estimateStage([...evidence.screen, ...evidence.decide], {
    seed: seedOf(evidence, options.seed),
  });
  const threshold = logThreshold(evidence, options);
  const base = {
    package: evidence.package,
    case: evidence.case,
    stage,
    launches,
    threshold: evidence.threshold ?? options.threshold,
    watch: false,
  } as const;
  if (mean === undefined) {
    const why = fault ?? evidence.invalid?.[0] ?? 'it has no pair of launches';
    return { ...base, verdict: 'invalid', reasons: [`the canary was not measured: ${why}`] };
  }
  const error = 1 - options.confidence;
  const interval = mean.interval(error);
  const reasons = (evidence.invalid ?? []).map((reason) => `the canary: ${reason}`);
  if ((interval.low > 0 || interval.high < 0) && Math.abs(mean.mean) >= threshold) {
    reasons.push(`the canary, which compares head with itself, came out at ${percent(Math.exp(mean.mean))}`);
  }
  // Of Student's t, because this is about noise and claims no difference: typical values of few launches reach from the least to the largest.
  const standardError = mean.deviation / Math.sqrt(mean.count);
  const halfWidth = mean.count < 2 ? Number.NaN : Math.expm1(studentQuantile(error, mean.count - 1) * standardError);
  if (!(halfWidth <= options.canaryHalfWidth)) {
    const width = Number.isFinite(halfWidth) ? `±${(halfWidth * 100).toFixed(1)} %` : 'unbounded';
    reasons.push(`the interval of the canary is ${width}: the machine is too noisy for any verdict`);
  }
  const found = detectable(mean.deviation, options.launches, options.familyError * LOOK_SHARE, threshold);
  return {
    ...base,
    verdict: reasons.length > 0 ? 'invalid' : isWithin(interval, threshold) ? 'same' : 'inconclusive',
    ratio: ratioOf(mean.mean, interval),
    p: mean.p,
    ...(Number.isNaN(mean.deviation) ? {} : { launchDeviation: mean.deviation }),
    ...(Number.isFinite(found) ? { detectable: Math.expm1(found) } : {}),
    reasons,
  };
}
