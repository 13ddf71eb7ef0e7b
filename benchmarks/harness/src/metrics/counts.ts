/** Grows when a reader of older files would misread newer ones. */
export const COUNTS_SCHEMA = 1;

/** A figure, or why there is none. Never 0 for what was not measured. */
export type Metric = Measured | NotMeasured;

export interface Measured {
  readonly value: number;
  /** The method cannot do better here, so only large changes mean something. */
  readonly approximate?: true;
}

export interface NotMeasured {
  readonly notMeasured: string;
}

/** Instructions per run, counted by callgrind with the JIT on. */
export interface InstructionCount extends Measured {
  /** The segments had this number of runs, twice and three times as many. */
  readonly runs: number;
  /** By how much the slope between the second and third point differs from that between the first and second, as a share. */
  readonly nonlinearity: number;
}

export interface CaseCounts {
  /** Relative to the root, with `/`. */
  readonly file: string;
  readonly name: string;
  readonly async: boolean;
  readonly instructions: InstructionCount | NotMeasured;
  /** On the V8 heap, per run. */
  readonly allocatedBytes: Metric;
  /** Collections per 1,000 runs, observed in a pass of its own. */
  readonly gcCount: Metric;
  /** Milliseconds of collections per 1,000 runs. */
  readonly gcMs: Metric;
  /** Peak of the whole process, input included. */
  readonly maxRssBytes: Metric;
  /** 99th percentile of how late a timer was, in milliseconds; asynchronous cases only. */
  readonly loopDelayMs: Metric;
}

export interface PackedSize {
  readonly name: string;
  readonly bytes: Metric;
}

/** What `benchmarks/<package>/.counts.json` holds. Plain JSON. */
export interface PackageCounts {
  readonly schema: typeof COUNTS_SCHEMA;
  readonly package: string;
  /** Counts under different conditions are not comparable. */
  readonly conditions: Conditions;
  readonly cases: readonly CaseCounts[];
  /** Case files that could not be loaded, and cases that failed: what, and why. */
  readonly failures: readonly string[];
  readonly packed: readonly PackedSize[];
}

export interface Conditions {
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  /** Absent: not installed. */
  readonly valgrind?: string;
  /** What `PERF_NATIVE_CPU` was under callgrind, which does not know every instruction of the CPU. Absent: the package's choice. */
  readonly nativeCpu?: string;
}

export const notMeasured = (reason: string): NotMeasured => ({ notMeasured: reason });

export function isMeasured<Kind extends Measured>(metric: Kind | NotMeasured): metric is Kind {
  return 'value' in metric;
}
