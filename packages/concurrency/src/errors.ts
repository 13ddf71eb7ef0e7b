import { errorClass } from '@perf/internal';

/** What went wrong; the contract that programs match on. The table with causes and remedies is in the README. */
export type ConcurrencyErrorCode =
  | 'ERR_PERF_CONCURRENCY_OPTION'
  | 'ERR_PERF_CONCURRENCY_ABORTED'
  | 'ERR_PERF_CONCURRENCY_TIMEOUT'
  | 'ERR_PERF_CONCURRENCY_ITEMS_FAILED'
  | 'ERR_PERF_CONCURRENCY_QUEUE_FULL'
  | 'ERR_PERF_CONCURRENCY_CLOSED'
  | 'ERR_PERF_CONCURRENCY_TASK'
  | 'ERR_PERF_CONCURRENCY_NOT_CLONEABLE'
  | 'ERR_PERF_CONCURRENCY_WORKER_LOST';

/** Every error that this package itself makes. Errors of your own functions and tasks pass through as they are. */
export interface ConcurrencyError extends Error {
  readonly code: ConcurrencyErrorCode;
  /** `ITEMS_FAILED`: the errors of all failed items, in order of the items. */
  readonly errors?: readonly unknown[];
}

export const ConcurrencyError: {
  new (
    code: ConcurrencyErrorCode,
    message: string,
    details?: { readonly errors?: readonly unknown[]; readonly cause?: unknown },
  ): ConcurrencyError;
  readonly prototype: ConcurrencyError;
} = errorClass<ConcurrencyErrorCode, { readonly errors?: readonly unknown[] }, ConcurrencyError>('ConcurrencyError');

export function optionError(message: string): ConcurrencyError {
  return new ConcurrencyError('ERR_PERF_CONCURRENCY_OPTION', message);
}

/** The caller's own reason is the cause, so that `AbortSignal.timeout()` and `abort(myError)` can be told apart. */
export function abortedError(subject: string, signal: AbortSignal): ConcurrencyError {
  return new ConcurrencyError('ERR_PERF_CONCURRENCY_ABORTED', `${subject} was aborted by its signal`, {
    cause: signal.reason,
  });
}
