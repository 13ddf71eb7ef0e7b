import type { HistoryCase, HistoryLine } from './line.ts';
import { seriesOf } from './series.ts';

export const EXPORTS = ['bmf', 'github-action-benchmark', 'csv', 'ndjson'] as const;

export type ExportFormat = (typeof EXPORTS)[number];

/** The text of a file in another tool's format. Numbers are written so that reading them gives the same numbers. */
export function exportLines(format: ExportFormat, lines: readonly HistoryLine[]): string {
  switch (format) {
    case 'bmf':
      return `${JSON.stringify(bencherMetrics(lines), undefined, 2)}\n`;
    case 'github-action-benchmark':
      return `${JSON.stringify(smallerIsBetter(lines), undefined, 2)}\n`;
    case 'csv':
      return csv(lines);
    case 'ndjson':
      return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  }
}

interface Figure {
  readonly name: string;
  readonly measure: string;
  readonly unit: string;
  readonly value: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** The figures of one line: each series of it has exactly one point. */
function figuresOf(line: HistoryLine): Figure[] {
  return seriesOf([line]).map(({ case: name, measure, segments }) => {
    const { value, low, high } = segments[0]!.points[0]!;
    return { name: `${line.package}: ${name}`, measure, unit: unitOf(measure), value, low, high };
  });
}

/** Metrics carry their unit at the end of their name. */
function unitOf(measure: string): string {
  if (measure === 'time' || measure.endsWith('Ns')) return 'ns';
  if (measure.endsWith('Bytes')) return 'bytes';
  if (measure.endsWith('Ms')) return 'ms';
  return measure.toLowerCase().endsWith('ratio') ? 'ratio' : 'count';
}

interface BencherMetric {
  readonly value: number;
  readonly lower_value?: number;
  readonly upper_value?: number;
}

/** Bencher Metric Format. Time is its built-in measure `latency`, nanoseconds; others are in kebab case. A later line replaces an earlier one. */
function bencherMetrics(lines: readonly HistoryLine[]): Record<string, Record<string, BencherMetric>> {
  const benchmarks: Record<string, Record<string, BencherMetric>> = {};
  for (const { name, measure, value, low, high } of lines.flatMap(figuresOf)) {
    const slug = measure === 'time' ? 'latency' : measure.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const bounds = low === undefined || high === undefined ? {} : { lower_value: low, upper_value: high };
    (benchmarks[name] ??= {})[slug] = { value, ...bounds };
  }
  return benchmarks;
}

/** `customSmallerIsBetter` of github-action-benchmark. Counts of samples are neither better nor worse and stay out. */
function smallerIsBetter(lines: readonly HistoryLine[]): object[] {
  return lines
    .flatMap((line) => figuresOf(line).map((figure) => ({ ...figure, commit: line.commit })))
    .filter(({ measure }) => measure !== 'samples')
    .map(({ name, measure, unit, value, low, high, commit }) => ({
      name: measure === 'time' ? name : `${name} (${measure})`,
      unit,
      value,
      ...(low === undefined || high === undefined ? {} : { range: `± ${(high - low) / 2}` }),
      ...(commit === '' ? {} : { extra: `commit ${commit}` }),
    }));
}

const CSV_HEADER = 'package,case,commit,date,measure,unit,value,low,high,launches';

/** RFC 4180, with a header. */
function csv(lines: readonly HistoryLine[]): string {
  const rows = lines.flatMap((line) =>
    seriesOf([line]).map(({ case: name, measure, segments }) => {
      const { value, low = '', high = '' } = segments[0]!.points[0]!;
      const launches = launchesOf(
        line.cases.find((each) => each.name === name)!,
        measure,
      );
      return [line.package, name, line.commit, line.date, measure, unitOf(measure), value, low, high, launches];
    }),
  );
  return [CSV_HEADER, ...rows.map((row) => row.map(csvField).join(','))].map((row) => `${row}\r\n`).join('');
}

function launchesOf({ launchNs, launchLogRatios }: HistoryCase, measure: string): number | '' {
  if (measure === 'time') return launchNs!.length;
  return measure === 'ratio' ? launchLogRatios!.length : '';
}

function csvField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
