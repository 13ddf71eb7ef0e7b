import { errorClass } from '@perf/internal';

/**
 * What went wrong, for programs; the table in the README says what to do about each.
 *
 * - `ERR_PERF_PROFILING_OPTION`: an unknown option or a value it cannot have; the message names the key
 * - `ERR_PERF_PROFILING_ARGUMENT`: a name, percentile, count or function that cannot be used
 * - `ERR_PERF_PROFILING_DECORATOR`: `@measureLatency` on something that is not a method
 * - `ERR_PERF_PROFILING_JSON`: `Histogram.fromJSON` was given something that `toJSON` did not make
 */
export type ProfilingErrorCode =
  | 'ERR_PERF_PROFILING_OPTION'
  | 'ERR_PERF_PROFILING_ARGUMENT'
  | 'ERR_PERF_PROFILING_DECORATOR'
  | 'ERR_PERF_PROFILING_JSON';

export interface ProfilingError extends Error {
  readonly code: ProfilingErrorCode;
  /** The option at fault, with `ERR_PERF_PROFILING_OPTION`. */
  readonly option?: string;
}

/** The one error class of this package; match on `code`. */
export const ProfilingError: {
  new (
    code: ProfilingErrorCode,
    message: string,
    details?: { readonly option?: string; readonly cause?: unknown },
  ): ProfilingError;
  readonly prototype: ProfilingError;
} = errorClass<ProfilingErrorCode, { readonly option?: string }, ProfilingError>('ProfilingError');

export function optionError(message: string, option: string): ProfilingError {
  return new ProfilingError('ERR_PERF_PROFILING_OPTION', message, { option });
}

export function argumentError(message: string): ProfilingError {
  return new ProfilingError('ERR_PERF_PROFILING_ARGUMENT', message);
}
