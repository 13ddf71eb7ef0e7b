import { Histogram } from './histogram.ts';
import type { LatencySeries } from './latency-series.ts';
import { latencyReport } from './report.ts';

/** The figures of one name. Durations are nanoseconds; NaN (null in JSON text) when no call was timed yet. */
export interface LatencyStats {
  readonly name: string;
  /** Finished calls. Exact. */
  readonly calls: number;
  /** Those that threw or rejected. Exact. */
  readonly errors: number;
  /** How many calls were timed: all, unless the name is sampled. */
  readonly timed: number;
  readonly minNs: number;
  readonly maxNs: number;
  readonly meanNs: number;
  /** The time spent in all calls; where the name is sampled, the mean times the calls. */
  readonly totalNs: number;
  readonly p50Ns: number;
  readonly p90Ns: number;
  readonly p99Ns: number;
  readonly p999Ns: number;
}

export interface StatsJson {
  /** The most expensive name first. */
  readonly latencies: readonly LatencyStats[];
}

/** What a report is written to: `process.stdout`, a file stream, or anything with `write`. */
export interface ReportStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** A live view of a registry: every method answers for this moment. */
export interface Stats {
  /** The figures of one name, or undefined when nothing has that name. */
  get(name: string): LatencyStats | undefined;
  /** A copy of the durations of one name, in nanoseconds: for other percentiles, or to merge those of several threads. */
  histogram(name: string): Histogram | undefined;
  /**
   * Prints a table, the name with the largest total first. On a terminal it fits the width and may use colour (see
   * `NO_COLOR`); elsewhere it is plain text. Default `process.stdout`.
   */
  printReport(stream?: ReportStream): void;
  toJSON(): StatsJson;
  /** Forgets all figures; the names stay. Calls that are running are counted when they finish. */
  reset(): void;
}

export class RegistryStats implements Stats {
  readonly #series: ReadonlyMap<string, LatencySeries>;
  readonly #other: LatencySeries;
  readonly #maxNames: number;

  constructor(series: ReadonlyMap<string, LatencySeries>, other: LatencySeries, maxNames: number) {
    this.#series = series;
    this.#other = other;
    this.#maxNames = maxNames;
  }

  get(name: string): LatencyStats | undefined {
    const series = this.#find(name);
    return series === undefined ? undefined : summarize(series);
  }

  histogram(name: string): Histogram | undefined {
    const series = this.#find(name);
    return series === undefined ? undefined : new Histogram().merge(series.durationsNs);
  }

  printReport(stream: ReportStream = process.stdout): void {
    stream.write(latencyReport(this.toJSON().latencies, stream, this.#other.calls > 0 ? this.#maxNames : undefined));
  }

  toJSON(): StatsJson {
    const all = [...this.#series.values()];
    if (this.#other.calls > 0) all.push(this.#other);
    // Names without a figure come last, in the order they were made.
    return { latencies: all.map(summarize).sort((a, b) => (b.totalNs || 0) - (a.totalNs || 0)) };
  }

  reset(): void {
    for (const series of this.#series.values()) series.reset();
    this.#other.reset();
  }

  #find(name: string): LatencySeries | undefined {
    return this.#series.get(name) ?? (name === this.#other.name && this.#other.calls > 0 ? this.#other : undefined);
  }
}

function summarize({ name, calls, errors, durationsNs }: LatencySeries): LatencyStats {
  const [p50Ns, p90Ns, p99Ns, p999Ns] = durationsNs.percentiles([50, 90, 99, 99.9]);
  return {
    name,
    calls,
    errors,
    timed: durationsNs.count,
    minNs: durationsNs.min,
    maxNs: durationsNs.max,
    meanNs: durationsNs.mean,
    totalNs: durationsNs.count === calls ? durationsNs.sum : durationsNs.mean * calls,
    p50Ns,
    p90Ns,
    p99Ns,
    p999Ns,
  };
}
