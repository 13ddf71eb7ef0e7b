import { formatNumber, formatTime } from '../format.ts';
import type { CountChange } from '../metrics/compare-counts.ts';
import { extent, rulerScale, type RulerScale } from '../report/ruler.ts';
import type { RulerRow } from '../report/ruler-table.ts';
import { median, type Interval } from '../statistics.ts';
import { columnsOf, type Table } from '../table.ts';
import { instructionChange } from '../verdict/agreement.ts';
import type { CaseVerdict } from '../verdict/evidence.ts';
import type { ComparedEvidence, Comparison } from './compare.ts';
import type { LockStepLaunch } from './lock-step.ts';

/** What a reader has to act on comes first. */
const ORDER: readonly CaseVerdict['verdict'][] = [
  'regressed',
  'invalid',
  'improved',
  'inconclusive',
  'new',
  'removed',
  'same',
];
const CHANGED = new Set<CaseVerdict['verdict']>(['regressed', 'invalid', 'improved', 'removed']);

/** The axis ends at this factor: a case three times as slow must not press all others into one cell. */
const FURTHEST = 1.25;

export interface Row {
  readonly verdict: CaseVerdict;
  readonly evidence: ComparedEvidence;
  /** What the case does beside time. */
  readonly metrics: readonly CountChange[];
}

export function sortedRows({ verdict, evidence, metrics = [] }: Comparison): Row[] {
  return verdict.cases
    .map((each, i) => ({
      verdict: each,
      evidence: evidence[i]!,
      metrics: metrics.filter(
        ({ package: folder, name, metric }) =>
          folder === each.package && name === each.case && metric !== 'packedBytes',
      ),
    }))
    .filter((row) => row.verdict.verdict !== 'identical')
    .sort(
      (a, b) =>
        Number(grew(b)) - Number(grew(a)) ||
        ORDER.indexOf(a.verdict.verdict) - ORDER.indexOf(b.verdict.verdict) ||
        distance(b) - distance(a),
    );
}

const distance = ({ verdict }: Row): number => Math.abs(Math.log(verdict.ratio?.value ?? 1));

/** Its instructions did, by more than is allowed: it fails the run whatever its time says. */
export function grew({ evidence }: Pick<Row, 'evidence'>): boolean {
  return evidence.instructions !== undefined && instructionChange(evidence.instructions) > 0;
}

/** Shown before the fold. */
export function isChanged(row: Row): boolean {
  return CHANGED.has(row.verdict.verdict) || row.verdict.watch || grew(row);
}

const COLUMNS = columnsOf(['case', 'verdict'], ['head/base', 'interval', 'run', 'finds', 'launches']);

/** The column of instructions is there when any of the rows has some. */
export function tableOf(rows: readonly Row[]): Table {
  const counted = rows.some(({ metrics }) => metrics.some(({ metric }) => metric === 'instructions'));
  return {
    columns: [...COLUMNS, ...(counted ? columnsOf([], ['instructions']) : [])],
    rows: rows.map((row) => {
      const { verdict, evidence } = row;
      const { ratio } = verdict;
      const launches = judgedLaunches(row);
      return [
        titleOf(verdict),
        verdict.watch ? `${verdict.verdict}, watch` : verdict.verdict,
        ratio === undefined ? '' : `${ratio.value.toFixed(3)}×`,
        ratio === undefined ? '' : intervalText(ratio),
        launches.length === 0 ? '' : formatTime(runNs(launches, 'head')),
        verdict.detectable === undefined ? '' : percent(verdict.detectable),
        launches.length === 0 ? '' : String(verdict.launches),
        ...(counted ? [instructionsText(evidence, launches)] : []),
      ];
    }),
  };
}

/** Never 0 for what was not measured. */
function instructionsText({ instructions }: ComparedEvidence, launches: readonly LockStepLaunch[]): string {
  if (instructions !== undefined) return changeText(instructions.ratio);
  return launches.length === 0 ? '' : 'not measured';
}

/** `+0.62 %` of a ratio. */
export function changeText(ratio: number): string {
  const text = Math.abs((ratio - 1) * 100).toFixed(2);
  return `${ratio < 1 && Number(text) !== 0 ? '-' : '+'}${text} %`;
}

export function judgedLaunches({ verdict, evidence }: Row): readonly LockStepLaunch[] {
  return verdict.stage === 'decide' ? evidence.decide : evidence.screen;
}

function runNs(launches: readonly LockStepLaunch[], side: 'base' | 'head'): number {
  return median(launches.map((launch) => median(launch[side].blockNs) / launch.iterations));
}

/** `1.040–1.063`. Beyond a factor of 100 either way an interval says nothing that digits would make clearer. */
export function intervalText({ low, high }: Interval): string {
  const bound = (value: number | null): string => {
    if (value === null) return '?';
    if (value > 100) return '>100';
    return value < 0.01 ? '<0.01' : value.toFixed(3);
  };
  return `${bound(low)}–${bound(high)}`;
}

/** One axis for all rows, with room for `more`; undefined when none has a ratio. */
export function scaleOf(rows: readonly Row[], more: readonly number[] = []): RulerScale | undefined {
  const ratios = rows.flatMap(({ verdict }) => verdict.ratio ?? []);
  if (ratios.length === 0) return undefined;
  const within = Math.max(...rows.map(({ verdict }) => verdict.threshold));
  return rulerScale([...ratios.flatMap(extent), ...more], within, Math.max(FURTHEST, 1 + within));
}

export function rulerRows(rows: readonly Row[]): RulerRow[] {
  return rows.map(({ verdict: { ratio, threshold } }) =>
    ratio === undefined ? undefined : { ratio, within: threshold },
  );
}

export const titleOf = (verdict: Pick<CaseVerdict, 'package' | 'case'>): string =>
  `${verdict.package}: ${verdict.case}`;

const percent = (share: number): string => (share > 1 ? '>100 %' : `${formatNumber(share * 100)} %`);
