import { formatNumber } from '../format.ts';
import {
  isMeasured,
  type CaseCounts,
  type Conditions,
  type InstructionCount,
  type Metric,
  type PackageCounts,
} from './counts.ts';

const COLUMNS = [
  ['instructions/run', 'instructions', 1],
  ['allocated B/run', 'allocatedBytes', 1],
  ['GCs/1,000 runs', 'gcCount', 1],
  ['GC ms/1,000 runs', 'gcMs', 1],
  ['max RSS MB', 'maxRssBytes', 1e-6],
  ['loop delay p99 ms', 'loopDelayMs', 1],
] as const;

/** Cells in the order of the header. What was not measured is a dash with a number; `reasons` says why. */
interface Cells {
  readonly rows: readonly (readonly string[])[];
  readonly reasons: readonly string[];
}

export const HEADER: readonly string[] = ['case', ...COLUMNS.map(([label]) => label)];

function cells(cases: readonly CaseCounts[]): Cells {
  const reasons: string[] = [];
  const rows = cases.map((each) => [each.name, ...COLUMNS.map(([, key, scale]) => cell(each[key], scale, reasons))]);
  return { rows, reasons };
}

function cell(metric: Metric | InstructionCount, scale: number, reasons: string[]): string {
  if (isMeasured(metric)) return `${metric.approximate ? '~' : ''}${formatNumber(metric.value * scale)}`;
  let at = reasons.indexOf(metric.notMeasured);
  if (at < 0) at = reasons.push(metric.notMeasured) - 1;
  return `- (${at + 1})`;
}

/** One package: aligned columns, reasons, sizes and failures below. */
export function textCounts(counts: PackageCounts): readonly string[] {
  const { rows, reasons } = cells(counts.cases);
  const all = [HEADER, ...rows];
  const widths = HEADER.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((text, at) => (at === 0 ? text.padEnd(widths[at]!) : text.padStart(widths[at]!))).join('  ');
  const table = rows.length === 0 ? [] : all.map((row) => `  ${line(row)}`);
  return [counts.package, ...table, ...below(counts, reasons).map((text) => `  ${text}`), ''];
}

export function markdownCounts(counts: PackageCounts): readonly string[] {
  const { rows, reasons } = cells(counts.cases);
  const row = (texts: readonly string[]): string =>
    `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  const align = HEADER.map((_, at) => (at === 0 ? '---' : '---:'));
  const table = rows.length === 0 ? [] : [row(HEADER), row(align), ...rows.map(row), ''];
  return [`### ${counts.package}`, '', ...table, ...below(counts, reasons).map((text) => `- ${text}`), ''];
}

function below({ packed, failures, conditions }: PackageCounts, reasons: readonly string[]): string[] {
  return [
    ...reasons.map((reason, at) => `(${at + 1}) not measured: ${reason}`),
    ...packed.map(({ name, bytes }) =>
      isMeasured(bytes)
        ? `${name}: ${formatNumber(bytes.value)} bytes packed`
        : `${name}: size not measured: ${bytes.notMeasured}`,
    ),
    ...failures.map((failure) => `FAILED ${failure}`),
    conditionsLine(conditions),
  ];
}

function conditionsLine({ node, platform, arch, valgrind, nativeCpu }: Conditions): string {
  const counted = valgrind === undefined ? 'no valgrind' : `valgrind ${valgrind}`;
  const path = nativeCpu === undefined ? '' : `, native code on its ${nativeCpu} path while instructions are counted`;
  return `Node ${node}, ${platform} ${arch}, ${counted}${path}`;
}
