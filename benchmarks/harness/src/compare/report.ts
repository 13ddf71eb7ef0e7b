import { formatMegabytes, formatNumber, formatTime } from '../format.ts';
import { median } from '../statistics.ts';
import { markdownTable, textTable, type Column, type Table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import type { CaseVerdict } from '../verdict/evidence.ts';
import type { ComparedEvidence, Comparison } from './compare.ts';
import type { LockStepLaunch, SideLaunch } from './lock-step.ts';

/** A comment on a pull request may be 65,536 characters long; the rest is for what a workflow adds. */
export const MARKDOWN_LIMIT = 60_000;

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

interface Row {
  readonly verdict: CaseVerdict;
  readonly evidence: ComparedEvidence;
}

/** One sentence: what a reader must know when there is time for one. */
export function verdictSentence({ verdict, base, evidence }: Comparison): string {
  const against = `against ${base}`;
  if (verdict.invalid.length > 0) return `Invalid ${against}: ${verdict.invalid.join('; ')}.`;
  const of = (kind: CaseVerdict['verdict']): CaseVerdict[] => verdict.cases.filter((each) => each.verdict === kind);
  const [regressed, invalid, improved, open] = [of('regressed'), of('invalid'), of('improved'), of('inconclusive')];
  const parts = [
    regressed.length === 0 ? '' : `${count(regressed.length, 'case')} regressed: ${names(regressed)}`,
    invalid.length === 0 ? '' : `${count(invalid.length, 'case')} invalid: ${names(invalid)}`,
    improved.length === 0 ? '' : `${count(improved.length, 'case')} improved: ${names(improved)}`,
    open.length === 0 ? '' : `${count(open.length, 'case')} inconclusive`,
  ].filter((part) => part !== '');
  if (parts.length > 0) return `${parts.join('; ')} (${against}).`;
  if (verdict.cases.length === 0) return `Nothing to compare ${against}.`;
  if (verdict.cases.every((each) => each.verdict === 'identical')) {
    return `Nothing changed ${against}.`;
  }
  const same = evidence.length - of('identical').length;
  return `No change of speed found ${against}: ${count(same, 'case')} compared.`;
}

export function textComparison(comparison: Comparison, terminal: Terminal): string[] {
  const rows = sortedRows(comparison);
  const strong = comparison.verdict.exitCode === 0 ? 'bold' : 'red';
  return [
    terminal.style(strong, verdictSentence(comparison)),
    ...comparison.warnings.map((warning) => terminal.style('yellow', `WARNING ${warning}`)),
    '',
    ...(rows.length === 0 ? [] : [...textTable(tableOf(rows), terminal.width), '']),
    ...notes(rows),
    ...footer(comparison).map((line) => terminal.style('dim', line)),
  ];
}

export function markdownComparison(comparison: Comparison): string {
  const rows = sortedRows(comparison);
  const isChanged = ({ verdict }: Row): boolean => CHANGED.has(verdict.verdict) || verdict.watch;
  const [changed, rest] = [rows.filter(isChanged), rows.filter((row) => !isChanged(row))];
  const bullets = (lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', ...lines.map((line) => `- ${line}`)];
  const top = [
    `**${escapeMarkdown(verdictSentence(comparison))}**`,
    ...comparison.warnings.flatMap((warning) => ['', `Warning: ${warning}.`]),
    ...(changed.length === 0 ? [] : ['', ...markdownTable(tableOf(changed))]),
    ...bullets(notes(changed).map(escapeMarkdown)),
  ];
  const bottom = ['', footer(comparison).join('  \n'), ''];
  const details = (shown: readonly Row[]): string[] => {
    if (rest.length === 0) return [];
    const left = rest.length - shown.length;
    return [
      '',
      `<details><summary>${count(rest.length, changed.length === 0 ? 'row' : 'other row')}</summary>`,
      '',
      ...markdownTable(tableOf(shown)),
      ...bullets(notes(shown).map(escapeMarkdown)),
      ...(left === 0
        ? []
        : ['', `${count(left, 'more row')} left out: a comment has room for ${MARKDOWN_LIMIT / 1e3} kB.`]),
      '',
      '</details>',
    ];
  };
  const text = (shown: readonly Row[]): string => [...top, ...details(shown), ...bottom].join('\n');
  let shown = rest;
  while (shown.length > 0 && Buffer.byteLength(text(shown)) > MARKDOWN_LIMIT)
    shown = shown.slice(0, Math.floor(shown.length * 0.8));
  return clipped(text(shown));
}

/** Only rows that changed can still be too many: their ends are cut off, never the verdict. */
function clipped(text: string): string {
  if (Buffer.byteLength(text) <= MARKDOWN_LIMIT) return text;
  const ending = '\n\n(cut off: a comment has room for no more)\n';
  const lines = text.split('\n');
  while (Buffer.byteLength(lines.join('\n')) + ending.length > MARKDOWN_LIMIT)
    lines.splice(Math.floor(lines.length * 0.95));
  return lines.join('\n') + ending;
}

function sortedRows({ verdict, evidence }: Comparison): Row[] {
  return verdict.cases
    .map((each, i) => ({ verdict: each, evidence: evidence[i]! }))
    .filter((row) => row.verdict.verdict !== 'identical')
    .sort((a, b) => ORDER.indexOf(a.verdict.verdict) - ORDER.indexOf(b.verdict.verdict) || change(b) - change(a));
}

const change = ({ verdict }: Row): number => Math.abs(Math.log(verdict.ratio?.value ?? 1));

const COLUMNS: readonly Column[] = [
  { header: 'case', align: 'left' },
  { header: 'verdict', align: 'left' },
  { header: 'head/base', align: 'right' },
  { header: 'interval', align: 'right' },
  { header: 'run', align: 'right' },
  { header: 'finds', align: 'right' },
  { header: 'launches', align: 'right' },
];

function tableOf(rows: readonly Row[]): Table {
  return {
    columns: COLUMNS,
    rows: rows.map(({ verdict, evidence }) => {
      const { ratio } = verdict;
      const launches = verdict.stage === 'decide' ? evidence.decide : evidence.screen;
      return [
        titleOf(verdict),
        verdict.watch ? `${verdict.verdict}, watch` : verdict.verdict,
        ratio === undefined ? '' : `${ratio.value.toFixed(3)}×`,
        ratio === undefined ? '' : `${bound(ratio.low)}–${bound(ratio.high)}`,
        launches.length === 0 ? '' : formatTime(runNs(launches, 'head')),
        verdict.detectable === undefined ? '' : percent(verdict.detectable),
        launches.length === 0 ? '' : String(verdict.launches),
      ];
    }),
  };
}

/** Beyond a factor of 100 either way an interval says nothing that digits would make clearer. */
function bound(value: number | null): string {
  if (value === null) return '?';
  if (value > 100) return '>100';
  return value < 0.01 ? '<0.01' : value.toFixed(3);
}

/** What a table has no room for, one line each. */
function notes(rows: readonly Row[]): string[] {
  return rows.flatMap(({ verdict, evidence }) => {
    const title = titleOf(verdict);
    // Where the whole run is invalid the sentence at the top says why, and rows only their own reasons.
    const lines = (evidence.invalid ?? []).map((reason) => `${title}: ${reason}`);
    if (evidence.invalid === undefined && verdict.stage === undefined) {
      lines.push(...verdict.reasons.map((reason) => `${title}: ${reason}`));
    }
    if (verdict.verdict === 'regressed' || verdict.verdict === 'improved') {
      lines.push(
        ...changedUsage(evidence.decide.length > 0 ? evidence.decide : evidence.screen).map(
          (line) => `${title}: ${line}`,
        ),
      );
    }
    if (verdict.verdict === 'improved')
      lines.push(`${title}: record the benchmark again, its README figures are out of date`);
    if (verdict.disagreement !== undefined) lines.push(`${title}: ${verdict.disagreement}`);
    if (verdict.verdict === 'inconclusive' && verdict.moreLaunches !== undefined) {
      lines.push(
        verdict.moreLaunches === null
          ? `${title}: no practical number of launches would decide`
          : `${title}: about ${verdict.moreLaunches} more launches needed`,
      );
    }
    if (evidence.caseChanged === true) lines.push(`${title}: the case file differs; both sides ran head's`);
    return lines;
  });
}

/** Changes of the other metrics that help to explain a change of time: medians of launches that differ by more than this. */
const USAGE_CHANGE = 1.05;

function changedUsage(launches: readonly LockStepLaunch[]): string[] {
  const compared: [string, (side: SideLaunch) => number | undefined, (value: number) => string][] = [
    ['CPU per run', ({ cpuNs }) => cpuNs, formatTime],
    ['allocated bytes per run', ({ usage }) => usage.allocatedBytes, formatNumber],
    ['collections per 1,000 runs', ({ usage }) => usage.gcCount, formatNumber],
    ['max RSS', ({ usage }) => usage.maxRssBytes, formatMegabytes],
    ['event loop delay', ({ usage }) => usage.loopDelayMs, (ms) => `${formatNumber(ms)} ms`],
  ];
  return compared.flatMap(([what, read, show]) => {
    const of = (side: 'base' | 'head'): number | undefined => {
      const values = launches.map((launch) => read(launch[side])).filter((value) => value !== undefined);
      return values.length === 0 ? undefined : median(values);
    };
    const [base, head] = [of('base'), of('head')];
    if (base === undefined || head === undefined || base === head) return [];
    const [low, high] = base < head ? [base, head] : [head, base];
    return high <= low * USAGE_CHANGE ? [] : [`${what} ${show(base)} in base, ${show(head)} in head`];
  });
}

function footer({ environment, verdict, settings, evidence, seconds, launchSeconds }: Comparison): string[] {
  const { canary } = verdict;
  const open = evidence.filter((each) => each.decide.length > 0).length;
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
      : [
          `canary (equal code): ${canary.ratio.value.toFixed(3)}× (${bound(canary.ratio.low)}–${bound(canary.ratio.high)})`,
        ]),
    `${seconds.toFixed(0)} s, of which launches ${launchSeconds.toFixed(0)} s; ${count(open, 'case')} needed the second stage`,
    ...(evidence.some((each) => each.screen.length > 0)
      ? [
          'head/base: time of head over that of base, above 1 is slower; finds: the smallest slowdown this case would find',
        ]
      : []),
  ];
}

function runNs(launches: readonly LockStepLaunch[], side: 'base' | 'head'): number {
  return median(launches.map((launch) => median(launch[side].blockNs) / launch.iterations));
}

const percent = (share: number): string => (share > 1 ? '>100 %' : `${formatNumber(share * 100)} %`);
const titleOf = (verdict: CaseVerdict): string => `${verdict.package}: ${verdict.case}`;
const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** The first few by name: a sentence must stay one. */
function names(verdicts: readonly Pick<CaseVerdict, 'package' | 'case'>[]): string {
  const shown = verdicts.slice(0, 5).map((each) => `${each.package} "${each.case}"`);
  const left = verdicts.length - shown.length;
  return left === 0 ? shown.join(', ') : `${shown.join(', ')} and ${left} more`;
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]|]/g, '\\$&');
}
