import type { LatencySeries } from './latency-series.ts';

// The clock is `performance.now()`: as fast as `process.hrtime.bigint()` (38 ns each) without making a BigInt, and exact to
// a fraction of a nanosecond for weeks of uptime. Two readings are nine tenths of what a probe costs, so the way to a
// cheaper probe is fewer readings: sampling.
//
// A call that is sampled is chosen with probability 1/n, independently of every other call: the gaps to the next one are
// geometrically distributed. A fixed gap, or one that is merely jittered, can fall in step with a pattern in the calls
// (every 16th message is a snapshot) and then shows percentiles of the wrong calls.

type Callable = (...args: never[]) => unknown;

/** A function with the name, the arity and the behaviour of `fn`, whose calls are measured into `series`. */
export function probe<F extends Callable>(
  series: LatencySeries,
  fn: F,
  sampleEvery: number,
  random: () => number = Math.random,
): F {
  const measured = sampleEvery === 1 ? timed(series, fn) : sampled(series, fn, sampleEvery, random);
  Object.defineProperty(measured, 'name', { value: fn.name, configurable: true });
  Object.defineProperty(measured, 'length', { value: fn.length, configurable: true });
  return measured as F;
}

function timed(series: LatencySeries, fn: Callable): Callable {
  return function (this: unknown, ...args: never[]): unknown {
    const startMs = performance.now();
    let result: unknown;
    try {
      result = Reflect.apply(fn, this, args);
    } catch (error) {
      series.finish(startMs);
      series.errors++;
      throw error;
    }
    // Only real promises are followed: calling `then` on a lazy thenable (a query builder) would start its work.
    if (!(result instanceof Promise)) {
      series.finish(startMs);
      return result;
    }
    // The caller gets the promise that follows, not the one that was returned: a handler on a promise that the caller
    // never handles would silence the unhandled rejection.
    return result.then(
      (value: unknown) => {
        series.finish(startMs);
        return value;
      },
      (error: unknown) => {
        series.finish(startMs);
        series.errors++;
        throw error;
      },
    );
  };
}

function sampled(series: LatencySeries, fn: Callable, sampleEvery: number, random: () => number): Callable {
  const measured = timed(series, fn);
  const logOfMiss = Math.log1p(-1 / sampleEvery);
  const nextGap = (): number => 1 + Math.floor(Math.log1p(-random()) / logOfMiss);
  const succeeded = (value: unknown): unknown => {
    series.calls++;
    return value;
  };
  const failed = (error: unknown): never => {
    series.calls++;
    series.errors++;
    throw error;
  };
  let gap = nextGap();
  return function (this: unknown, ...args: never[]): unknown {
    if (--gap <= 0) {
      gap = nextGap();
      return Reflect.apply(measured, this, args);
    }
    let result: unknown;
    try {
      result = Reflect.apply(fn, this, args);
    } catch (error) {
      return failed(error);
    }
    if (result instanceof Promise) return result.then(succeeded, failed);
    series.calls++;
    return result;
  };
}
