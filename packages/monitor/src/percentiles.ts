import type { Histogram } from '@perf/profiling';

/** Nanoseconds; null where nothing was measured. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
}

export function percentiles(histogram: Histogram | undefined): Percentiles {
  if (histogram === undefined || histogram.count === 0) return { p50: null, p99: null, p999: null, max: null };
  return {
    p50: Math.round(histogram.percentile(50)),
    p99: Math.round(histogram.percentile(99)),
    p999: Math.round(histogram.percentile(99.9)),
    max: Math.round(histogram.max),
  };
}
