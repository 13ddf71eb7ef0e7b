import { formatTime } from '../format.ts';
import type { CountChange } from '../metrics/compare-counts.ts';
import { median } from '../statistics.ts';
import type { Comparison } from './compare.ts';
import type { LockStepLaunch } from './lock-step.ts';
import { intervalText, judgedLaunches, titleOf, type Row } from './report-rows.ts';

/** What a table has no room for, one line each. */
export function notes(rows: readonly Row[]): string[] {
  return rows.flatMap((row) => {
    const { verdict, evidence } = row;
    const lines: string[] = [];
    // Where the whole run is invalid the sentence at the top says why, and rows only their own reasons.
    lines.push(...(evidence.invalid ?? []));
    if (evidence.invalid === undefined && verdict.stage === undefined) lines.push(...verdict.reasons);
    lines.push(
      ...row.metrics.filter(({ verdict: each }) => each === 'worse' || each === 'better').map(({ words }) => words),
    );
    if (verdict.verdict === 'regressed' || verdict.verdict === 'improved') lines.push(...cpuNote(judgedLaunches(row)));
    if (verdict.verdict === 'improved') lines.push('record the benchmark again, its README figures are out of date');
    if (verdict.disagreement !== undefined) lines.push(verdict.disagreement);
    if (verdict.verdict === 'inconclusive' && verdict.moreLaunches !== undefined) {
      lines.push(
        verdict.moreLaunches === null
          ? 'no practical number of launches would decide'
          : `about ${verdict.moreLaunches} more launches needed`,
      );
    }
    if (evidence.caseChanged === true) lines.push("the case file differs; both sides ran head's");
    return lines.map((line) => `${titleOf(verdict)}: ${line}`);
  });
}

/** CPU time, of all threads, helps to explain a change of time when it moved by more than this. */
const CPU_CHANGE = 1.05;

function cpuNote(launches: readonly LockStepLaunch[]): string[] {
  if (launches.length === 0) return [];
  const [base, head] = (['base', 'head'] as const).map((side) => median(launches.map((launch) => launch[side].cpuNs)));
  return Math.max(base!, head!) <= Math.min(base!, head!) * CPU_CHANGE
    ? []
    : [`CPU per run ${formatTime(base!)} in base, ${formatTime(head!)} in head`];
}

/** What concerns no single row: tarballs that changed, and why instructions are missing, one line per reason. */
export function generalNotes({ metrics = [] }: Comparison): string[] {
  const sizes = metrics.filter(({ metric, verdict }) => metric === 'packedBytes' && verdict !== 'same');
  const missing = new Map<string, CountChange[]>();
  for (const each of metrics) {
    if (each.metric !== 'instructions' || each.verdict !== 'not compared') continue;
    missing.set(each.words, [...(missing.get(each.words) ?? []), each]);
  }
  return [
    ...sizes.map(({ name, words }) => `${name}: ${words}`),
    ...[...missing].map(
      ([words, of]) => `${words} (${of.length === 1 ? titleOfChange(of[0]!) : `${of.length} cases`})`,
    ),
  ];
}

const titleOfChange = ({ package: folder, name }: CountChange): string => `${folder}: ${name}`;

export function footer(comparison: Comparison): string[] {
  const { environment, verdict, settings, evidence, seconds, launchSeconds } = comparison;
  const { canary } = verdict;
  const open = evidence.filter((each) => each.decide.length > 0).length;
  const second = comparison.stopped ? 'no second stage' : `${count(open, 'case')} needed the second stage`;
  const head =
    environment.commit === undefined
      ? 'head'
      : `head ${environment.commit}${environment.changed ? ' with changes' : ''}`;
  const equal = verdict.cases.filter((each) => each.verdict === 'identical').map((each) => each.package);
  return [
    ...(equal.length === 0 ? [] : [`identical on both sides, not run: ${equal.join(', ')}`]),
    `${head}; ${environment.cpu}, ${environment.cores} cores, Node ${environment.node}, ${environment.platform} ${environment.arch}; seed ${settings.seed}`,
    ...(canary?.ratio === undefined
      ? []
      : [`canary (equal code): ${canary.ratio.value.toFixed(3)}× (${intervalText(canary.ratio)})`]),
    `${seconds.toFixed(0)} s, of which launches ${launchSeconds.toFixed(0)} s; ${second}`,
    ...(evidence.some((each) => each.screen.length > 0)
      ? [
          'head/base: time of head over that of base, above 1 is slower; finds: the smallest slowdown this case would find',
        ]
      : []),
  ];
}

export const count = (n: number, noun: string, plural = `${noun}s`): string => `${n} ${n === 1 ? noun : plural}`;
