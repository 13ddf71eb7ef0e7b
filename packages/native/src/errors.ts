import { errorClass } from '@perf/internal';

/** Every code that this package throws with. */
export type NativeErrorCode = 'ERR_PERF_NATIVE_UNAVAILABLE' | 'ERR_PERF_NATIVE_ARGUMENT';

/** The error of this package. Match on `code`; the message is for people. */
export interface NativeError extends Error {
  readonly code: NativeErrorCode;
}

export const NativeError: {
  new (code: NativeErrorCode, message: string, details?: { readonly cause?: unknown }): NativeError;
  readonly prototype: NativeError;
} = errorClass<NativeErrorCode, object, NativeError>('NativeError');
