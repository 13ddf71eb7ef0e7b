import type { Compression } from './byte-source.ts';

/** Options of everything that reads a source. */
export interface SourceOptions {
  /** Default: 'auto'. */
  readonly compression?: Compression | undefined;
  /** Ends the reading with `ERR_PERF_JSON_ABORTED`. */
  readonly signal?: AbortSignal | undefined;
}
