import { bench, value } from '@perf/bench';
import type { BenchCase } from '@perf/bench';

// A function that does next to nothing shows the cost of the probe around it. "The plain call" is the floor, and measures
// nothing.

const CALLS = 10_000;
const next = (x: number): number => (x * 31 + 7) % 65_537;
const nextLater = async (x: number): Promise<number> => next(x);

function many(fn: (x: number) => number, calls: number): number {
  let x = 1;
  for (let call = 0; call < calls; call++) x = fn(x);
  return x;
}

async function manyLater(fn: (x: number) => Promise<number>, calls: number): Promise<number> {
  let x = 1;
  for (let call = 0; call < calls; call++) x = await fn(x);
  return x;
}

const sync: BenchCase = bench({
  name: 'measure 10,000 calls',
  input: value(CALLS),
  units: (calls) => ({ name: 'calls', count: calls }),
  answer: (calls) => many(next, calls),
  ours: {
    name: 'measureLatency',
    package: '@perf/profiling',
    setup: async (calls) => {
      const { LatencyRegistry } = await import('@perf/profiling');
      const measured = new LatencyRegistry().measureLatency('next')(next);
      return () => many(measured, calls);
    },
  },
  peers: [
    {
      name: 'measureLatency, one in 16 timed',
      package: '@perf/profiling',
      setup: async (calls) => {
        const { LatencyRegistry } = await import('@perf/profiling');
        const measured = new LatencyRegistry().measureLatency('next', { sampleEvery: 16 })(next);
        return () => many(measured, calls);
      },
    },
    {
      name: 'timerify with a histogram (node:perf_hooks)',
      setup: async (calls) => {
        const { createHistogram, performance } = await import('node:perf_hooks');
        // timerify throws when a call takes less than the clock can tell; the retry keeps its result comparable.
        const measured = performance.timerify(next, { histogram: createHistogram() });
        const safe = (x: number): number => {
          try {
            return measured(x);
          } catch {
            return next(x);
          }
        };
        return () => many(safe, calls);
      },
    },
    {
      name: 'hrtime.bigint and hdr-histogram-js',
      package: 'hdr-histogram-js',
      setup: async (calls) => {
        const hdr = await import('hdr-histogram-js');
        const histogram = hdr.build({ bitBucketSize: 32 });
        const measured = (x: number): number => {
          const start = process.hrtime.bigint();
          const result = next(x);
          histogram.recordValue(Number(process.hrtime.bigint() - start));
          return result;
        };
        return () => many(measured, calls);
      },
    },
    { name: 'the plain call', setup: (calls) => () => many(next, calls) },
  ],
});

const later: BenchCase = bench({
  name: 'measure 10,000 awaited calls',
  input: value(CALLS),
  units: (calls) => ({ name: 'calls', count: calls }),
  answer: (calls) => manyLater(nextLater, calls),
  ours: {
    name: 'measureLatency',
    package: '@perf/profiling',
    setup: async (calls) => {
      const { LatencyRegistry } = await import('@perf/profiling');
      const measured = new LatencyRegistry().measureLatency('next')(nextLater);
      return () => manyLater(measured, calls);
    },
  },
  peers: [
    {
      name: 'timerify with a histogram (node:perf_hooks)',
      setup: async (calls) => {
        const { createHistogram, performance } = await import('node:perf_hooks');
        const measured = performance.timerify(nextLater, { histogram: createHistogram() });
        return () => manyLater(measured, calls);
      },
    },
    { name: 'the plain call', setup: (calls) => () => manyLater(nextLater, calls) },
  ],
});

const cases: BenchCase[] = [sync, later];
export default cases;
