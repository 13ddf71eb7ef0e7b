import { formatRate, formatRatio } from './format.ts';
import { between } from './markers.ts';
import { environmentLine } from './report.ts';
import type { CaseResult, ContestantResult, RunResult } from './result.ts';
import { columnsOf, markdownTable } from './table.ts';

const NOTHING_RECORDED = ['No figures recorded yet.'];

const COLUMNS = columnsOf(['case', 'ours', 'against'], ['ours is']);

/** The text with what is between its markers replaced, or undefined when it has no pair of markers. */
export function withTable(readme: string, recorded: RunResult | undefined): string | undefined {
  return between(readme, 'bench', () => (recorded === undefined ? NOTHING_RECORDED : readmeTable(recorded)));
}

/** What `warnings.ts` says of launches that differ, once for each contestant. */
const UNSTEADY = /^unstable: the launches of .* are (\d+) % apart$/;

/** On a shared machine that is most contestants: one sentence says it better than a line for each. */
function unsteady({ cases }: RunResult): string[] {
  const apart = cases.flatMap((each) => each.warnings.flatMap((line) => Number(UNSTEADY.exec(line)?.[1] ?? []) || []));
  if (apart.length === 0) return [];
  const all = cases.reduce((sum, each) => sum + each.contestants.length, 0);
  return [
    `the machine was not calm: the launches of ${apart.length} of ${all} contestants are more than 15 % apart, at most ${Math.max(...apart)} %. The intervals include that.`,
  ];
}

/** One row per case and peer, losing ones included, and under the table all that a reader needs to judge it. */
export function readmeTable(recorded: RunResult): string[] {
  const warnings = [
    ...recorded.warnings.map((line) => `${line}.`),
    ...unsteady(recorded),
    ...recorded.cases.flatMap((each) =>
      each.warnings.filter((line) => !UNSTEADY.test(line)).map((line) => `${each.name}: ${line}.`),
    ),
  ];
  const lines = ['', ...markdownTable({ columns: COLUMNS, rows: recorded.cases.flatMap(rows) }), ''];
  lines.push(`${explanation(recorded)} ${environmentLine(recorded.environment)}. ${versions(recorded)}`.trimEnd(), '');
  if (warnings.length > 0) lines.push(...warnings.map((line) => `- ${line}`), '');
  return lines;
}

function rows(result: CaseResult): string[][] {
  const [ours, ...peers] = result.contestants;
  if (ours === undefined) return [];
  const unitName = result.units?.name ?? '';
  const own = withRate(ours, unitName);
  if (peers.length === 0) return [[result.name, own, 'nobody', '']];
  return peers.map((peer, i) => [
    i === 0 ? result.name : '',
    i === 0 ? own : '',
    withRate(peer, unitName),
    peer.figures?.ratio === undefined ? '' : formatRatio(peer.figures.ratio),
  ]);
}

function withRate({ name, figures, reason }: ContestantResult, unitName: string): string {
  const figure = figures === undefined ? (reason ?? 'not measured') : formatRate(figures.unitsPerSecond, unitName);
  return `${name}: ${figure}`;
}

function explanation({ settings }: RunResult): string {
  return (
    `"2×": ours takes half the time of the peer; below 1, ours is slower. In brackets the 95 % interval over ${settings.launches} rounds, ` +
    'each with a process of its own per contestant.'
  );
}

/** Peers' packages; what is part of Node has Node's version. */
function versions({ cases }: RunResult): string {
  const named = cases
    .flatMap((each) => each.contestants)
    .flatMap(({ role, package: from, version }) =>
      role === 'peer' && from !== undefined && !from.startsWith('@perf/') && version !== undefined
        ? [`${from} ${version}`]
        : [],
    );
  return named.length === 0 ? '' : `Peers: ${[...new Set(named)].sort().join(', ')}.`;
}
