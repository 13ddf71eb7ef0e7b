import { errorClass } from '@perf/internal';

export type MonitorErrorCode =
  /** A flag or its value is wrong; the command line exits with 2. */
  | 'ERR_PERF_MONITOR_USAGE'
  /** An option of a class or function of this package is wrong. */
  | 'ERR_PERF_MONITOR_OPTION'
  /** The exchange cannot listen on the port it was given. */
  | 'ERR_PERF_MONITOR_PORT_IN_USE'
  /** The exchange does not answer, or not as the protocol says. */
  | 'ERR_PERF_MONITOR_EXCHANGE'
  /** The recording is missing, truncated, corrupt or not in the format. */
  | 'ERR_PERF_MONITOR_RECORDING'
  /** A book differs from the exchange's own, or cannot be vouched for. */
  | 'ERR_PERF_MONITOR_BOOK';

export interface MonitorErrorDetails {
  /** Byte offset in the file or frame that the error is about. */
  readonly byteOffset?: number | undefined;
  /** 1-based line of a recording. */
  readonly line?: number | undefined;
  readonly symbol?: string | undefined;
}

/** Every error that this package throws. Match on `code`; the message is for people. */
export interface MonitorError extends Error, MonitorErrorDetails {
  readonly code: MonitorErrorCode;
}

export const MonitorError: {
  new (
    code: MonitorErrorCode,
    message: string,
    details?: MonitorErrorDetails & { readonly cause?: unknown },
  ): MonitorError;
  readonly prototype: MonitorError;
} = errorClass<MonitorErrorCode, MonitorErrorDetails, MonitorError>('MonitorError');
