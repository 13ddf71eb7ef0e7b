import { integerOption, readOptions } from '@perf/internal';
import { ProfilingError, argumentError, optionError } from './errors.ts';
import { LatencySeries } from './latency-series.ts';
import { probe } from './probe.ts';
import { RegistryStats } from './stats.ts';
import type { Stats } from './stats.ts';

export interface LatencyOptions {
  /**
   * Times one call in this many, chosen by chance; 1 times each. Calls and errors are counted exactly either way.
   * Default: what the name has already, else 1.
   */
  readonly sampleEvery?: number | undefined;
}

export interface LatencyRegistryOptions {
  /** How many names are kept apart; what comes after them is counted together as "(other)". Default 1,000. */
  readonly maxNames?: number | undefined;
}

/** What a TC39 method decorator is told about the method; the `context` that the language passes. */
export interface MethodContext {
  readonly kind: string;
  readonly name: string | symbol;
}

/** A function in, the same function, measured, out: usable on a function value or as a method decorator. */
export type LatencyProbe = <F extends (...args: never[]) => unknown>(fn: F, context?: MethodContext) => F;

const MAX_NAME_LENGTH = 200;
const OTHER = '(other)';
const MAX_SAMPLE_EVERY = 1_000_000;
const DECORATED_KINDS: ReadonlySet<string> = new Set(['method', 'getter', 'setter']);

/**
 * A set of latencies of its own, apart from the process-wide one that {@link measureLatency} and {@link getStats} use: for
 * a library that must not mix with its user's figures, for tests, for two tenants in a process.
 *
 * Each name costs 14 to 47 KB. Errors: `ERR_PERF_PROFILING_OPTION`.
 */
export class LatencyRegistry {
  readonly #maxNames: number;
  readonly #series: Map<string, LatencySeries> = new Map();
  readonly #other: LatencySeries = new LatencySeries(OTHER, 1);
  readonly #stats: Stats;

  constructor(options?: LatencyRegistryOptions) {
    const { maxNames } = readOptions('LatencyRegistry', options, { maxNames: integerOption(1_000, 1) }, optionError);
    this.#maxNames = maxNames;
    this.#stats = new RegistryStats(this.#series, this.#other, maxNames);
  }

  /** As {@link measureLatency}, into this registry. */
  measureLatency(name: string, options?: LatencyOptions): LatencyProbe {
    if (typeof name !== 'string' || name.length === 0 || name.length > MAX_NAME_LENGTH) {
      throw argumentError(`measureLatency: a name is a string of 1 to ${MAX_NAME_LENGTH} characters`);
    }
    const { sampleEvery } = readOptions(
      `measureLatency('${name}')`,
      options,
      { sampleEvery: integerOption(0, 1, MAX_SAMPLE_EVERY) },
      optionError,
    );
    const series = this.#seriesFor(name, sampleEvery);
    return (fn, context) => {
      checkMeasurable(name, fn, context);
      return probe(series, fn, sampleEvery === 0 ? series.sampleEvery : sampleEvery);
    };
  }

  /** A live view of this registry. */
  getStats(): Stats {
    return this.#stats;
  }

  /** `sampleEvery` 0 means: whatever the name has. */
  #seriesFor(name: string, sampleEvery: number): LatencySeries {
    const known = this.#series.get(name);
    if (known !== undefined) {
      // Two rates under one name would weigh the calls of one wrapper more than those of the other.
      if (sampleEvery === 0 || sampleEvery === known.sampleEvery) return known;
      throw optionError(
        `measureLatency('${name}'): option "sampleEvery" is ${sampleEvery}, but the name is measured with ` +
          `${known.sampleEvery}; use another name`,
        'sampleEvery',
      );
    }
    if (this.#series.size >= this.#maxNames) return this.#other;
    const series = new LatencySeries(name, sampleEvery === 0 ? 1 : sampleEvery);
    this.#series.set(name, series);
    return series;
  }
}

function checkMeasurable(name: string, fn: unknown, context: MethodContext | undefined): void {
  const subject = `measureLatency('${name}')`;
  if (typeof context === 'string' || typeof context === 'symbol') {
    throw new ProfilingError(
      'ERR_PERF_PROFILING_DECORATOR',
      `${subject}: called as a decorator of TypeScript's "experimentalDecorators"; turn that option off, or wrap the function`,
    );
  }
  if (context !== undefined && !DECORATED_KINDS.has(context.kind)) {
    throw new ProfilingError(
      'ERR_PERF_PROFILING_DECORATOR',
      `${subject}: decorates methods, getters and setters, not the ${context.kind} ${String(context.name)}`,
    );
  }
  if (typeof fn !== 'function') throw argumentError(`${subject}: expected a function, got ${typeof fn}`);
}
