import type { Metric } from './counts.ts';

/**
 * The counted segments, in multiples of the number of runs, after one warm-up: the points of the slope. 1 and 2 give it, 3 checks that
 * it is a line.
 */
export const SEGMENTS: readonly number[] = [1, 2, 3];

/** What the process under callgrind tells on descriptor 3. The counts themselves are callgrind's. */
export type CountChildMessage =
  | { readonly kind: 'counted' }
  | { readonly kind: 'async' }
  | { readonly kind: 'failed'; readonly reason: string };

export interface RuntimeMeasurement {
  readonly async: boolean;
  /** Of a run, roughly: to choose numbers of runs by. */
  readonly runNs: number;
  readonly allocatedBytes: Metric;
  readonly gcCount: Metric;
  readonly gcMs: Metric;
  readonly maxRssBytes: Metric;
  readonly loopDelayMs: Metric;
}

/** Child to parent over IPC, once. */
export type RuntimeChildMessage =
  | { readonly kind: 'measured'; readonly measurement: RuntimeMeasurement }
  | { readonly kind: 'failed'; readonly reason: string };
