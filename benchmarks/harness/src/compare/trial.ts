// Head against itself, with a change that is known: how often is a verdict right on this machine?
import { DEFAULTS } from '../verdict/options.ts';
import { median } from '../statistics.ts';
import { columnsOf, textTable } from '../table.ts';
import type { CaseVerdict, Verdict } from '../verdict/evidence.ts';
import type { TrialSettings } from './arguments.ts';
import type { Base } from './base.ts';
import { findEvidence } from './cases.ts';
import { compareFound, type CompareHooks, type CompareRequest, type Comparison } from './compare.ts';
import { titleOf } from './report-rows.ts';

/** Grows when a reader of older trials would misread newer ones. */
export const TRIALS_SCHEMA = 1;

export type TrialOutcome =
  | 'right'
  /** A case changed that did not, or the other way round. */
  | 'false alarm'
  /** A change was not found. */
  | 'missed'
  /** Nothing was concluded. */
  | 'invalid';

export interface Trial {
  readonly seed: number;
  readonly outcome: TrialOutcome;
  readonly comparison: Comparison;
}

/** What `--trial --json` prints. Plain JSON. */
export interface Trials {
  readonly schema: typeof TRIALS_SCHEMA;
  readonly ratio: number;
  readonly trials: readonly Trial[];
  readonly exitCode: 0 | 1 | 3;
}

export interface TrialHooks extends CompareHooks {
  readonly onTrial?: (trial: Trial) => void;
}

/** Comparisons one after the other, of cases that are found and built once. Fewer than asked for after an abort. */
export async function runTrials(
  request: CompareRequest,
  base: Base,
  { ratio, repeat }: TrialSettings,
  hooks: TrialHooks = {},
): Promise<Trials> {
  const found = await findEvidence(request, base, hooks);
  const trials: Trial[] = [];
  const isAborted = (): boolean => request.signal?.aborted === true;
  for (let number = 0; number < repeat && !isAborted(); number++) {
    const seed = request.settings.seed + number;
    if (repeat > 1) hooks.say?.(`trial ${number + 1} of ${repeat}`);
    const comparison = await compareFound(
      found,
      { ...request, settings: { ...request.settings, seed } },
      base.label,
      { seed, launches: request.settings.launches },
      hooks,
    );
    if (isAborted()) break;
    const trial = { seed, outcome: outcomeOf(comparison, ratio), comparison };
    trials.push(trial);
    hooks.onTrial?.(trial);
  }
  return { schema: TRIALS_SCHEMA, ratio, trials, exitCode: exitCodeOf(trials.map((trial) => trial.outcome)) };
}

/** How a comparison ended whose truth is known. */
export function outcomeOf({ verdict }: Pick<Comparison, 'verdict'>, ratio: number): TrialOutcome {
  if (verdict.invalid.length > 0) return 'invalid';
  const outcomes = new Set(
    verdict.cases.map((each): TrialOutcome => {
      const right = expected(ratio, each.threshold);
      if (each.verdict === 'invalid') return 'invalid';
      if (right !== undefined)
        return each.verdict === right ? 'right' : isChange(each.verdict) ? 'false alarm' : 'missed';
      return isChange(each.verdict) ? 'false alarm' : 'right';
    }),
  );
  const worst = (['false alarm', 'missed', 'invalid'] as const).find((each) => outcomes.has(each));
  return worst ?? 'right';
}

/** Undefined: a change that does not matter, so none should be found. */
function expected(ratio: number, threshold: number): Verdict | undefined {
  if (ratio >= 1 + threshold) return 'regressed';
  return ratio <= 1 / (1 + threshold) ? 'improved' : undefined;
}

const isChange = (verdict: Verdict): boolean => verdict === 'regressed' || verdict === 'improved';

function exitCodeOf(outcomes: readonly TrialOutcome[]): 0 | 1 | 3 {
  if (outcomes.some((outcome) => outcome === 'false alarm' || outcome === 'missed')) return 1;
  return outcomes.every((outcome) => outcome === 'right') ? 0 : 3;
}

/** One line for one of several trials. */
export function trialLine({ seed, outcome, comparison }: Trial, ratio: number): string {
  const { verdict, seconds } = comparison;
  const start = `seed ${seed}: ${outcome}, ${seconds.toFixed(0)} s`;
  if (verdict.invalid.length > 0) return `${start}: ${verdict.invalid.join('; ')}`;
  const wrong = verdict.cases.filter(
    (each) => outcomeOf({ verdict: { ...verdict, cases: [each] } }, ratio) !== 'right',
  );
  if (wrong.length === 0) return start;
  return `${start}: ${wrong.map((each) => `${titleOf(each)} ${each.verdict}${ratioOf(each)}`).join(', ')}`;
}

/** What several trials say of each case, and together. */
export function trialSummary({ ratio, trials }: Trials, width: number): string[] {
  const titles = [...new Set(trials.flatMap(({ comparison }) => comparison.verdict.cases.map(titleOf)))];
  const rows = titles.map((title) => {
    const verdicts = trials.flatMap(({ comparison }) =>
      comparison.verdict.cases.filter((each) => titleOf(each) === title),
    );
    const ratios = verdicts.flatMap((each) => each.ratio?.value ?? []);
    const found = verdicts.flatMap((each) => each.detectable ?? []);
    return [
      title,
      [...new Set(verdicts.map((each) => each.verdict))]
        .map((kind) => `${kind} ${verdicts.filter((each) => each.verdict === kind).length}`)
        .join(', '),
      ratios.length === 0 ? '' : `${Math.min(...ratios).toFixed(3)}–${Math.max(...ratios).toFixed(3)}×`,
      found.length === 0 ? '' : `${(median(found) * 100).toFixed(1)} %`,
    ];
  });
  const right = trials.filter((trial) => trial.outcome === 'right').length;
  const others = (['false alarm', 'missed', 'invalid'] as const).flatMap((outcome) => {
    const count = trials.filter((trial) => trial.outcome === outcome).length;
    return count === 0 ? [] : [`${outcome} ${count}`];
  });
  const what = expected(ratio, DEFAULTS.threshold) === undefined ? 'found no change' : 'found the change in every case';
  return [
    `Trial of head against itself, charged ${ratio === 1 ? 'in full' : `for 1 of ${ratio} iterations`}: ${right} of ${trials.length} ${[what, ...others].join('; ')}.`,
    '',
    ...textTable(
      {
        columns: columnsOf(['case', 'verdicts'], ['head/base', 'finds']),
        rows,
      },
      width,
    ),
  ];
}

const ratioOf = ({ ratio }: CaseVerdict): string => (ratio === undefined ? '' : ` ${ratio.value.toFixed(3)}×`);
