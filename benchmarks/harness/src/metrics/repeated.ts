import { columnsOf, markdownTable } from '../table.ts';
import { INSTRUCTION_BOUND } from './compare-counts.ts';
import { isMeasured, type Conditions, type InstructionCount, type NotMeasured } from './counts.ts';
import { spreadPpm } from './spread.ts';

/** One count of one case: a process of its own. A line of `evidence/instructions.jsonl`. */
export type CountLine = Taken & (InstructionCount | NotMeasured);
/** One that has a count. */
type Measured = Taken & InstructionCount;

interface Taken extends Conditions {
  readonly package: string;
  readonly case: string;
  /** 0 is the checkout itself; others are copies whose paths have other lengths. */
  readonly checkout: number;
}

/** Counts among lines, without those that were not measured. */
export function measuredLines(lines: readonly CountLine[]): readonly Measured[] {
  return lines.filter((line): line is Measured => isMeasured(line));
}

export interface Repetition {
  readonly package: string;
  readonly case: string;
  readonly runs: number;
  readonly checkouts: number;
  readonly counts: readonly number[];
  readonly spreadPpm: number;
  /** Comparisons of neighbours, each count in one of them; and how many would fail a build. */
  readonly comparisons: number;
  readonly falseAlarms: number;
  readonly notMeasured: number;
}

/** Counts of equal code, case by case, in the order of the lines. */
export function repetitions(lines: readonly CountLine[]): readonly Repetition[] {
  const keys = [...new Set(lines.map(keyOf))];
  return keys.map((key) => repetition(lines.filter((line) => keyOf(line) === key)));
}

const keyOf = (line: CountLine): string => `${line.package}\n${line.case}`;

function repetition(lines: readonly CountLine[]): Repetition {
  const measured = measuredLines(lines);
  const counts = measured.map(({ value }) => value);
  const pairs = Array.from({ length: counts.length >> 1 }, (_, at) => [counts[2 * at]!, counts[2 * at + 1]!] as const);
  const alarms = pairs.filter(([base, head]) => Math.max(head / base, base / head) > 1 + INSTRUCTION_BOUND);
  return {
    package: lines[0]!.package,
    case: lines[0]!.case,
    // Counts of different numbers of runs are not comparable: NaN says that they differ.
    runs: new Set(measured.map(({ runs }) => runs)).size === 1 ? measured[0]!.runs : Number.NaN,
    checkouts: new Set(lines.map(({ checkout }) => checkout)).size,
    counts,
    spreadPpm: counts.length === 0 ? Number.NaN : spreadPpm(counts),
    comparisons: pairs.length,
    falseAlarms: alarms.length,
    notMeasured: lines.length - measured.length,
  };
}

const COLUMNS = columnsOf(
  ['case'],
  ['runs', 'counts', 'checkouts', 'instructions/run', 'spread ppm', 'comparisons', 'false alarms'],
);

/** Markdown. */
export function repetitionTable(lines: readonly CountLine[]): readonly string[] {
  const all = repetitions(lines);
  const sum = (of: (each: Repetition) => number): string => String(all.reduce((total, each) => total + of(each), 0));
  const figure = (value: number): string => (Number.isNaN(value) ? '-' : value.toLocaleString('en-US'));
  const rows = all.map((each) => [
    `${each.package}: ${each.case}`,
    figure(each.runs),
    `${each.counts.length}${each.notMeasured === 0 ? '' : `, ${each.notMeasured} not measured`}`,
    String(each.checkouts),
    figure(Math.round(Math.min(...each.counts))),
    Number.isNaN(each.spreadPpm) ? '-' : each.spreadPpm.toFixed(1),
    String(each.comparisons),
    String(each.falseAlarms),
  ]);
  const total = [
    'all',
    '',
    sum(({ counts }) => counts.length),
    '',
    '',
    '',
    sum((each) => each.comparisons),
    sum((each) => each.falseAlarms),
  ];
  return markdownTable({ columns: COLUMNS, rows: [...rows, total] });
}
