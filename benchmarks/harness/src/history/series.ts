import { studentT95 } from '../statistics.ts';
import { studentTail } from '../verdict/student.ts';
import { changePoints, type ChangePoint } from './change-points.ts';
import { fingerprintKey, type Fingerprint, type HistoryCase, type HistoryLine } from './line.ts';

/** One figure of a case over the commits. */
export interface Series {
  readonly package: string;
  readonly case: string;
  /**
   * `time`: nanoseconds per run. `ratio`: time relative to the first base of the segment, the ratios of comparisons multiplied up. Otherwise the name
   * of a metric.
   */
  readonly measure: string;
  readonly segments: readonly Segment[];
}

/** Points of one machine. What lies in another segment cannot be compared with them. */
export interface Segment {
  readonly fingerprint: Fingerprint;
  readonly points: readonly Point[];
  /** None for `ratio`: its errors add up from point to point, and a walk of errors alone has levels. */
  readonly changes: readonly Change[];
  /** `ratio` only: the steps lean to one side, each of them too small for a comparison. */
  readonly drift?: Drift;
}

export interface Drift {
  /** Over the whole segment: the product of the ratios, minus 1. */
  readonly change: number;
  /** Student's t-test that the mean of the logarithms is 0. */
  readonly p: number;
}

export interface Point {
  readonly commit: string;
  readonly date: string;
  readonly value: number;
  /** 95 % over launches; absent where there was one launch, and for metrics. Of `ratio`: that of this comparison alone. */
  readonly low?: number;
  readonly high?: number;
}

/** The level changed after commit `after`, at commit `at` the latest. */
export interface Change {
  readonly index: number;
  readonly after: string;
  readonly at: string;
  /** New level over old level, minus 1. */
  readonly change: number;
  readonly p: number;
}

/** Of lines in the order in which they were recorded; series in the order in which cases and figures appeared first. */
export function seriesOf(lines: readonly HistoryLine[]): Series[] {
  const open = new Map<string, { head: Omit<Series, 'segments'>; segments: OpenSegment[] }>();
  for (const line of lines) {
    const key = fingerprintKey(line.fingerprint);
    for (const each of line.cases) {
      for (const [measure, reading] of readingsOf(each)) {
        const id = JSON.stringify([line.package, each.name, measure]);
        const series = open.get(id) ?? { head: { package: line.package, case: each.name, measure }, segments: [] };
        open.set(id, series);
        let segment = series.segments.at(-1);
        if (segment?.key !== key)
          series.segments.push((segment = { key, fingerprint: line.fingerprint, points: [], steps: [] }));
        segment.points.push({ commit: line.commit, date: line.date, ...placed(segment, measure, reading) });
      }
    }
  }
  return [...open.values()].map(({ head, segments }) => ({
    ...head,
    segments: segments.map(({ fingerprint, points, steps }) => ({
      fingerprint,
      points,
      changes: head.measure === 'ratio' ? [] : changesOf(points),
      ...(head.measure === 'ratio' ? driftOf(steps) : {}),
    })),
  }));
}

interface OpenSegment {
  readonly key: string;
  readonly fingerprint: Fingerprint;
  readonly points: Point[];
  /** Mean log-ratios of the comparisons so far. */
  readonly steps: number[];
}

/** Launches as logarithms, or a plain number. */
type Reading = { readonly logs: readonly number[] } | { readonly value: number };

function readingsOf({ launchNs, launchLogRatios, metrics }: HistoryCase): [string, Reading][] {
  return [
    ...(launchNs === undefined || launchNs.length === 0
      ? []
      : [['time', { logs: launchNs.map(Math.log) }] as [string, Reading]]),
    ...(launchLogRatios === undefined || launchLogRatios.length === 0
      ? []
      : [['ratio', { logs: launchLogRatios }] as [string, Reading]]),
    ...Object.entries(metrics).map(([name, value]): [string, Reading] => [name, { value }]),
  ];
}

function placed(segment: OpenSegment, measure: string, reading: Reading): Pick<Point, 'value' | 'low' | 'high'> {
  if ('value' in reading) return reading;
  const { logs } = reading;
  const n = logs.length;
  const mean = logs.reduce((sum, x) => sum + x, 0) / n;
  if (measure === 'ratio') segment.steps.push(mean);
  const center = measure === 'ratio' ? segment.steps.reduce((sum, x) => sum + x, 0) : mean;
  if (n === 1) return { value: Math.exp(center) };
  const variance = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  const half = studentT95(n - 1) * Math.sqrt(variance / n);
  return { value: Math.exp(center), low: Math.exp(center - half), high: Math.exp(center + half) };
}

/** Over logarithms, so that a change is a factor; figures of 0 have none, and their series is not judged. */
function changesOf(points: readonly Point[]): Change[] {
  if (!points.every(({ value }) => value > 0)) return [];
  return changePoints(points.map(({ value }) => Math.log(value))).map(({ index, change, p }: ChangePoint) => ({
    index,
    after: points[index - 1]!.commit,
    at: points[index]!.commit,
    change: Math.expm1(change),
    p,
  }));
}

/** With fewer comparisons, two unlucky ones in a row lean, too. */
const LEAST_STEPS = 8;

/** Share of segments without any change in which a drift is marked, at most. */
const FALSE_ALARMS = 0.01;

function driftOf(steps: readonly number[]): { drift?: Drift } {
  const n = steps.length;
  if (n < LEAST_STEPS) return {};
  const total = steps.reduce((sum, x) => sum + x, 0);
  const variance = steps.reduce((sum, x) => sum + (x - total / n) ** 2, 0) / (n - 1);
  if (total === 0) return {};
  const p = variance === 0 ? 0 : studentTail(total / n / Math.sqrt(variance / n), n - 1);
  return p <= FALSE_ALARMS ? { drift: { change: Math.expm1(total), p } } : {};
}
