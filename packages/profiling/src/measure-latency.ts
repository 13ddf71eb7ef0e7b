import { LatencyRegistry } from './latency-registry.ts';
import type { LatencyOptions, LatencyProbe } from './latency-registry.ts';
import type { Stats } from './stats.ts';

let processWide: LatencyRegistry | undefined;

/** Made on first use, so that importing the package costs nothing. */
function defaultRegistry(): LatencyRegistry {
  processWide ??= new LatencyRegistry();
  return processWide;
}

/**
 * Measures a function under a name: as a wrapper, `measureLatency('parse')(fn)`, or as a TC39 method decorator,
 * `@measureLatency('parse')`.
 *
 * The result has the type, the name, the arity and the `this` of `fn`. A call counts when it has finished; one that returns
 * a promise finishes when that settles. A call that throws or rejects is timed like any other, counted in `errors`, and
 * throws the same error. Of a generator only the call is measured, not the iteration.
 *
 * Cost: two clock readings per call, and for a promise one `then`: it settles a microtask later, and a subclass of
 * Promise loses what was put on the instance. Nothing is allocated for a synchronous call. For functions that run in less
 * than a microsecond use `sampleEvery`, which takes the clock only now and then.
 *
 * Errors: `ERR_PERF_PROFILING_ARGUMENT` (a name or function that is none), `ERR_PERF_PROFILING_OPTION`, and
 * `ERR_PERF_PROFILING_DECORATOR` on something that is not a method.
 *
 * @example
 * const parse = measureLatency('parse')((text: string) => JSON.parse(text));
 * parse('[1]');
 * getStats().get('parse')?.calls; // 1
 */
export function measureLatency(name: string, options?: LatencyOptions): LatencyProbe {
  return defaultRegistry().measureLatency(name, options);
}

/** The figures of everything that {@link measureLatency} measures in this thread. */
export function getStats(): Stats {
  return defaultRegistry().getStats();
}
