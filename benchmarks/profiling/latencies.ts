import { seeded } from '@perf/bench';
import type { InputSource } from '@perf/bench';

/** Durations in nanoseconds as a server sees them: log-uniform from 1 to 60 µs, and one in a hundred a hundred times slower. */
export function latencies(seed: number, count: number): InputSource<Float64Array> {
  return seeded(seed, (random) =>
    Float64Array.from({ length: count }, () => Math.round(1_000 * 60 ** random() * (random() < 0.01 ? 100 : 1))),
  );
}

/** The nearest-rank percentile of sorted values. */
export function percentileOf(sorted: Float64Array, p: number): number {
  return sorted[Math.max(0, Math.ceil((p * sorted.length) / 100) - 1)];
}

/** Whether an answer is as near as a histogram of two or three decimal digits can give it. */
export function near(answer: number, truth: number): boolean {
  return Math.abs(answer - truth) <= truth * 0.01;
}
