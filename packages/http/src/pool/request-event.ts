import type { HttpError } from '../errors.ts';

/** What subscribers of the diagnostics channel `perf:http:request` receive, once per settled call. */
export interface HttpRequestEvent {
  readonly method: string;
  /** Origin and path, without the query. */
  readonly url: string;
  /** Status of the last answer, 0 where there was none. */
  readonly status: number;
  readonly attempts: number;
  readonly durationMs: number;
  readonly bodyBytes: number;
  readonly error: HttpError | undefined;
}
