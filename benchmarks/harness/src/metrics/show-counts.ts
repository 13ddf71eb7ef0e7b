import { formatNumber } from '../format.ts';
import { columnsOf, markdownTable, textTable, type Table } from '../table.ts';
import { plain } from '../terminal.ts';
import {
  isMeasured,
  type CaseCounts,
  type Conditions,
  type InstructionCount,
  type Metric,
  type PackageCounts,
} from './counts.ts';

const METRICS = [
  ['instructions/run', 'instructions', 1],
  ['allocated B/run', 'allocatedBytes', 1],
  ['GCs/1,000 runs', 'gcCount', 1],
  ['GC ms/1,000 runs', 'gcMs', 1],
  ['max RSS MB', 'maxRssBytes', 1e-6],
  ['loop delay p99 ms', 'loopDelayMs', 1],
] as const;

const COLUMNS = columnsOf(
  ['case'],
  METRICS.map(([label]) => label),
);

/** What was not measured is a dash with a number; `reasons` says why. */
function tableOf(cases: readonly CaseCounts[]): { table: Table; reasons: readonly string[] } {
  const reasons: string[] = [];
  const rows = cases.map((each) => [each.name, ...METRICS.map(([, key, scale]) => cell(each[key], scale, reasons))]);
  return { table: { columns: COLUMNS, rows }, reasons };
}

function cell(metric: Metric | InstructionCount, scale: number, reasons: string[]): string {
  if (isMeasured(metric)) return `${metric.approximate ? '~' : ''}${formatNumber(metric.value * scale)}`;
  let at = reasons.indexOf(metric.notMeasured);
  if (at < 0) at = reasons.push(metric.notMeasured) - 1;
  return `- (${at + 1})`;
}

/** One package: aligned columns, reasons, sizes and failures below. */
export function textCounts(counts: PackageCounts): readonly string[] {
  const { table, reasons } = tableOf(counts.cases);
  const lines = [...(counts.cases.length === 0 ? [] : textTable(table, plain.width)), ...below(counts, reasons)];
  return [counts.package, ...lines.map((line) => `  ${line}`), ''];
}

export function markdownCounts(counts: PackageCounts): readonly string[] {
  const { table, reasons } = tableOf(counts.cases);
  return [
    `### ${counts.package}`,
    '',
    ...(counts.cases.length === 0 ? [] : [...markdownTable(table), '']),
    ...below(counts, reasons).map((line) => `- ${line}`),
    '',
  ];
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
