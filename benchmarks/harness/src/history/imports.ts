import { UsageError } from '../command.ts';
import type { RunResult } from '../result.ts';
import { median } from '../statistics.ts';
import { linesOfComparison, linesOfRun, type ComparisonResult } from './from-result.ts';
import { LINE_SCHEMA, parseLine, type Fingerprint, type HistoryCase, type HistoryLine } from './line.ts';

/** `perf` is what our own commands print with --json; `ndjson` is lines of a history. */
export const IMPORTS = ['perf', 'ndjson', 'node-bench', 'mitata', 'tinybench', 'criterion', 'hyperfine'] as const;

export type ImportFormat = (typeof IMPORTS)[number];

/** What the files of other tools do not say. */
export interface About {
  readonly package?: string | undefined;
  readonly commit?: string | undefined;
  /** Default: now. */
  readonly date?: string | undefined;
}

/** What another tool says of the machine; the rest is `unknown`, which never equals the fingerprint of our own runs. */
type Said = Partial<Pick<Fingerprint, 'cpu' | 'arch' | 'node'>>;

interface Imported {
  readonly cases: readonly HistoryCase[];
  readonly said?: Said;
}

type Foreign = Exclude<ImportFormat, 'perf' | 'ndjson'>;

const READERS: Readonly<Record<Foreign, (text: string) => Imported>> = {
  'node-bench': fromNodeBench,
  mitata: fromMitata,
  tinybench: fromTinybench,
  criterion: fromCriterion,
  hyperfine: fromHyperfine,
};

/**
 * Reads a file as lines of the history. Samples that one process took become one launch, their median: they say nothing about the next
 * launch. Throws UsageError for a file that is not of the format.
 */
export function importLines(format: ImportFormat, text: string, about: About = {}): HistoryLine[] {
  try {
    if (format === 'perf') return fromPerf(JSON.parse(text) as RunResult | ComparisonResult);
    if (format === 'ndjson') return fromNdjson(text);
    const { cases, said } = READERS[format](text);
    const line = { schema: LINE_SCHEMA, package: about.package ?? format, commit: about.commit ?? '' } as const;
    const date = about.date ?? new Date().toISOString();
    return cases.length === 0 ? [] : [{ ...line, date, fingerprint: { ...UNKNOWN, ...said }, cases }];
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`not a result in the format ${format}: ${(error as Error).message}`);
  }
}

const UNKNOWN: Fingerprint = {
  cpu: 'unknown',
  cores: 0,
  platform: 'unknown',
  arch: 'unknown',
  kernel: 'unknown',
  node: 'unknown',
  v8: 'unknown',
  flags: 'unknown',
  image: '',
};

function fromPerf(result: RunResult | ComparisonResult): HistoryLine[] {
  if ('evidence' in result) return linesOfComparison(result, process.env);
  if (!Array.isArray(result.cases)) throw new TypeError('it has neither cases nor evidence');
  return linesOfRun(result, process.env);
}

function fromNdjson(text: string): HistoryLine[] {
  return text.split('\n').flatMap((row, index) => {
    if (row.trim() === '') return [];
    const line = parseLine(row);
    if (line === undefined) throw new TypeError(`line ${index + 1} is not one of a history`);
    return [line];
  });
}

/** `node --experimental-bench --bench --bench-reporter=json`: an event per line; durations are decimal text. */
function fromNodeBench(text: string): Imported {
  const cases: HistoryCase[] = [];
  for (const row of text.split('\n')) {
    if (row.trim() === '') continue;
    const { type, data } = JSON.parse(row) as { type?: string; data?: NodeBenchResult };
    if (type !== 'bench:complete') continue;
    const perOperation = data!.samples.map((sample) => Number(sample.duration_ns) / sample.operations);
    // In the form of the case files' names: parameters tell cases of one name apart.
    const parameters = Object.entries(data!.params ?? {}).map(([key, value]) => `${key}=${String(value)}`);
    const name = [data!.namePath.join(' > '), ...parameters].join(' ');
    cases.push(caseOf(name, [median(perOperation)], { samples: perOperation.length }));
  }
  return { cases };
}

interface NodeBenchResult {
  readonly namePath: readonly string[];
  readonly params?: Readonly<Record<string, unknown>>;
  readonly samples: readonly { readonly operations: number; readonly duration_ns: string }[];
}

/** `run({ format: 'json' })`: nanoseconds. Runs that threw have no stats. */
function fromMitata(text: string): Imported {
  const { benchmarks, context } = JSON.parse(text) as MitataResult;
  const cases = benchmarks.flatMap(({ runs }) =>
    runs.flatMap(({ name, stats }) =>
      stats === undefined
        ? []
        : [caseOf(name, [stats.p50], { meanNs: stats.avg, minNs: stats.min, maxNs: stats.max, p99Ns: stats.p99 })],
    ),
  );
  const cpu = context?.cpu?.name;
  return { cases, said: typeof cpu === 'string' ? { cpu } : {} };
}

interface MitataResult {
  readonly context?: { readonly cpu?: { readonly name?: string | null } };
  readonly benchmarks: readonly {
    readonly runs: readonly {
      readonly name: string;
      readonly stats?: {
        readonly avg: number;
        readonly min: number;
        readonly max: number;
        readonly p50: number;
        readonly p99: number;
      };
    }[];
  }[];
}

/** `JSON.stringify(bench.tasks.map(({ name, result }) => ({ name, result })))`, or with the result's fields beside the name: milliseconds. */
function fromTinybench(text: string): Imported {
  const tasks = JSON.parse(text) as readonly (TinybenchResult & { name: string; result?: TinybenchResult })[];
  const measured = tasks.flatMap((task) => {
    const { latency, runtimeVersion } = task.result ?? task;
    return latency === undefined ? [] : [{ name: task.name, latency, runtimeVersion }];
  });
  const cases = measured.map(({ name, latency }) =>
    caseOf(name, [latency.p50 * 1e6], { meanNs: latency.mean * 1e6, samples: latency.samplesCount }),
  );
  const node = measured[0]?.runtimeVersion;
  return { cases, said: node === undefined ? {} : { node } };
}

interface TinybenchResult {
  readonly runtimeVersion?: string;
  /** Absent for tasks that failed. */
  readonly latency?: { readonly p50: number; readonly mean: number; readonly samplesCount: number };
}

/** `target/criterion/<name>/new/estimates.json`: nanoseconds. The file does not name its benchmark; an object of such files by name is read too. */
function fromCriterion(text: string): Imported {
  const value = JSON.parse(text) as CriterionEstimates | Readonly<Record<string, CriterionEstimates>>;
  const named: Readonly<Record<string, CriterionEstimates>> = isEstimates(value) ? { criterion: value } : value;
  const cases = Object.entries(named).map(([name, { median: middle, mean, std_dev: deviation }]) =>
    caseOf(name, [middle.point_estimate], { meanNs: mean.point_estimate, deviationNs: deviation.point_estimate }),
  );
  return { cases };
}

interface CriterionEstimates {
  readonly median: { readonly point_estimate: number };
  readonly mean: { readonly point_estimate: number };
  readonly std_dev: { readonly point_estimate: number };
}

function isEstimates(value: object): value is CriterionEstimates {
  return typeof (value as Partial<CriterionEstimates>).median?.point_estimate === 'number';
}

/** `--export-json` of hyperfine 1 and 2: seconds. Every time is one of a process of its own, which is a launch. */
function fromHyperfine(text: string): Imported {
  const { results } = JSON.parse(text) as { results: readonly HyperfineResult[] };
  const cases = results.map((result) => {
    if (result.measurements !== undefined) {
      const seconds = result.measurements.map((each) => each.time_wall_clock.value);
      return caseOf(result.name ?? result.command, seconds.map(toNs), {});
    }
    const seconds = result.times ?? [result.median!];
    return caseOf(result.command, seconds.map(toNs), { cpuNs: toNs(result.user! + result.system!) });
  });
  return { cases };
}

interface HyperfineResult {
  readonly command: string;
  readonly name?: string;
  readonly median?: number;
  readonly user?: number;
  readonly system?: number;
  readonly times?: readonly number[];
  readonly measurements?: readonly { readonly time_wall_clock: { readonly value: number } }[];
}

function toNs(seconds: number): number {
  return seconds * 1e9;
}

/** Throws TypeError for figures that are not there: a missing field must not become a missing case. */
function caseOf(name: string, launchNs: readonly number[], metrics: Readonly<Record<string, number>>): HistoryCase {
  if (typeof name !== 'string') throw new TypeError('a result has no name');
  if (launchNs.length === 0 || !launchNs.every((ns) => ns > 0 && Number.isFinite(ns))) {
    throw new TypeError(`"${name}" has no time above 0`);
  }
  for (const [key, value] of Object.entries(metrics)) {
    if (!Number.isFinite(value)) throw new TypeError(`"${name}" has no number for ${key}`);
  }
  return { name, launchNs, metrics };
}
