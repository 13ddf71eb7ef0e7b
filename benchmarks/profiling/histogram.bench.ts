import { bench } from '@perf/bench';
import type { BenchCase } from '@perf/bench';
import { latencies, near, percentileOf } from './latencies.ts';

// HdrHistogram in all its forms is set to three significant digits, its default: 0.1 % where ours promises 0.4 %. Its cost
// per record does not depend on that, only its size does.

const COUNT = 10_000;
/**
 * Recorded in bursts: a function that is called often is compiled as a whole. One loop over all durations was replaced on the stack, and V8 left that code
 * at the end of the loop some dozens of times before it compiled it anew.
 */
const BURST = 20;
const PERCENTILES: readonly number[] = [50, 90, 99, 99.9];

/** Each run empties the histogram, records everything, and looks at the count and the 99th percentile. */
function right(count: number, p99: number, truth: number): boolean {
  return count === COUNT && near(p99, truth);
}

const record: BenchCase = bench({
  name: 'record 10,000 durations',
  input: latencies(42, COUNT),
  units: (input) => ({ name: 'records', count: input.length }),
  answer: () => true,
  ours: {
    name: 'Histogram',
    package: '@perf/profiling',
    setup: async (input) => {
      const { Histogram } = await import('@perf/profiling');
      const truth = percentileOf(input.toSorted(), 99);
      const histogram = new Histogram();
      const recordBurst = (from: number): void => {
        for (let index = from; index < from + BURST; index++) histogram.record(input[index]);
      };
      return () => {
        histogram.reset();
        for (let from = 0; from < COUNT; from += BURST) recordBurst(from);
        return right(histogram.count, histogram.percentile(99), truth);
      };
    },
  },
  peers: [
    {
      name: 'createHistogram (node:perf_hooks)',
      setup: async (input) => {
        const { createHistogram } = await import('node:perf_hooks');
        const truth = percentileOf(input.toSorted(), 99);
        const histogram = createHistogram({ figures: 3 });
        const recordBurst = (from: number): void => {
          for (let index = from; index < from + BURST; index++) histogram.record(input[index]);
        };
        return () => {
          histogram.reset();
          for (let from = 0; from < COUNT; from += BURST) recordBurst(from);
          return right(histogram.count, histogram.percentile(99), truth);
        };
      },
    },
    ...(
      [
        ['hdr-histogram-js', 32, false],
        ['hdr-histogram-js, WebAssembly', 32, true],
        ['hdr-histogram-js, packed', 'packed', false],
      ] as const
    ).map(([name, bitBucketSize, useWebAssembly]) => ({
      name,
      package: 'hdr-histogram-js',
      setup: async (input: Float64Array) => {
        const hdr = await import('hdr-histogram-js');
        if (useWebAssembly) await hdr.initWebAssembly();
        const truth = percentileOf(input.toSorted(), 99);
        const histogram = hdr.build({ bitBucketSize, useWebAssembly });
        const recordBurst = (from: number): void => {
          for (let index = from; index < from + BURST; index++) histogram.recordValue(input[index]);
        };
        return {
          run: () => {
            histogram.reset();
            for (let from = 0; from < COUNT; from += BURST) recordBurst(from);
            return right(histogram.totalCount, histogram.getValueAtPercentile(99), truth);
          },
          close: () => histogram.destroy(),
        };
      },
    })),
    {
      // Fixed buckets answer no percentile near enough: only the count is looked at.
      name: 'prom-client Histogram',
      package: 'prom-client',
      setup: async (input) => {
        const { Histogram, Registry, exponentialBuckets } = await import('prom-client');
        const histogram = new Histogram({
          name: 'latency_seconds',
          help: 'latency',
          buckets: exponentialBuckets(1e-6, 2, 16),
          registers: [new Registry()],
        });
        const recordBurst = (from: number): void => {
          for (let index = from; index < from + BURST; index++) histogram.observe(input[index] / 1e9);
        };
        return async () => {
          histogram.reset();
          for (let from = 0; from < COUNT; from += BURST) recordBurst(from);
          const { values } = await histogram.get();
          return values.some(({ metricName, value }) => metricName?.endsWith('_count') === true && value === COUNT);
        };
      },
    },
    {
      name: 'an array and a sort',
      setup: (input) => {
        const truth = percentileOf(input.toSorted(), 99);
        const recordBurst = (values: number[], from: number): void => {
          for (let index = from; index < from + BURST; index++) values.push(input[index]);
        };
        return () => {
          const values: number[] = [];
          for (let from = 0; from < COUNT; from += BURST) recordBurst(values, from);
          return right(values.length, percentileOf(Float64Array.from(values).sort(), 99), truth);
        };
      },
    },
  ],
});

const percentiles: BenchCase = bench({
  name: 'four percentiles of 10,000 durations',
  input: latencies(43, COUNT),
  units: () => ({ name: 'percentiles', count: PERCENTILES.length }),
  answer: () => PERCENTILES.map(() => true),
  ours: {
    name: 'Histogram.percentiles',
    package: '@perf/profiling',
    setup: async (input) => {
      const { Histogram } = await import('@perf/profiling');
      const sorted = input.toSorted();
      const truths = PERCENTILES.map((p) => percentileOf(sorted, p));
      const histogram = new Histogram();
      for (const value of input) histogram.record(value);
      return () => histogram.percentiles(PERCENTILES).map((answer, index) => near(answer, truths[index]));
    },
  },
  peers: [
    {
      name: 'createHistogram (node:perf_hooks)',
      setup: async (input) => {
        const { createHistogram } = await import('node:perf_hooks');
        const sorted = input.toSorted();
        const truths = PERCENTILES.map((p) => percentileOf(sorted, p));
        const histogram = createHistogram({ figures: 3 });
        for (const value of input) histogram.record(value);
        return () => PERCENTILES.map((p, index) => near(histogram.percentile(p), truths[index]));
      },
    },
    {
      name: 'hdr-histogram-js',
      package: 'hdr-histogram-js',
      setup: async (input) => {
        const hdr = await import('hdr-histogram-js');
        const sorted = input.toSorted();
        const truths = PERCENTILES.map((p) => percentileOf(sorted, p));
        const histogram = hdr.build({ bitBucketSize: 32 });
        for (const value of input) histogram.recordValue(value);
        return () => PERCENTILES.map((p, index) => near(histogram.getValueAtPercentile(p), truths[index]));
      },
    },
    {
      name: 'sorting an array',
      setup: (input) => {
        const sortedOnce = input.toSorted();
        const truths = PERCENTILES.map((p) => percentileOf(sortedOnce, p));
        return () => {
          const sorted = input.toSorted();
          return PERCENTILES.map((p, index) => near(percentileOf(sorted, p), truths[index]));
        };
      },
    },
  ],
});

const cases: BenchCase[] = [record, percentiles];
export default cases;
