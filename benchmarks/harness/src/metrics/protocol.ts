import type { Metric } from './counts.ts';

// Between the process under callgrind and its parent, on descriptor 3. The child writes SEGMENT_DONE when it is ready for a command; a command
// is one byte. At last it writes a CountChildMessage.

export const SEGMENT_DONE = '?';
export const TWICE_AS_MANY: number = '+'.charCodeAt(0);
export const END: number = '.'.charCodeAt(0);
/** `1` to `9`: a segment of so many times the present number of runs. */
export const FACTOR_ZERO: number = '0'.charCodeAt(0);

/** What the process under callgrind tells at last. The counts themselves are callgrind's. */
export type CountChildMessage =
  | { readonly kind: 'counted' }
  | { readonly kind: 'not-counted'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

export interface RuntimeMeasurement {
  readonly async: boolean;
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
