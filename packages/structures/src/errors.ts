import { errorClass } from '@perf/internal';

/** What every error of this package carries in `code`; the README explains each. */
export type StructuresErrorCode =
  | 'ERR_PERF_STRUCTURES_OPTION'
  | 'ERR_PERF_STRUCTURES_ARGUMENT'
  | 'ERR_PERF_STRUCTURES_LEVEL'
  | 'ERR_PERF_STRUCTURES_FULL'
  | 'ERR_PERF_STRUCTURES_OFF_TICK'
  | 'ERR_PERF_STRUCTURES_OFF_LOT'
  | 'ERR_PERF_STRUCTURES_DECIMAL'
  | 'ERR_PERF_STRUCTURES_SEQUENCE'
  | 'ERR_PERF_STRUCTURES_SYMBOL'
  | 'ERR_PERF_STRUCTURES_VENUE'
  | 'ERR_PERF_STRUCTURES_REENTRANT'
  | 'ERR_PERF_STRUCTURES_TICK';

/** Where in the input the fault is, as far as it can be named. */
export interface StructuresErrorFields {
  readonly side?: 'bid' | 'ask' | undefined;
  /** Position of the level inside its side of the event. */
  readonly index?: number | undefined;
  readonly option?: string | undefined;
}

export interface StructuresError extends Error, StructuresErrorFields {
  readonly code: StructuresErrorCode;
}

/** The one error class of this package: match on `code`, the message is for people. */
export const StructuresError: {
  new (
    code: StructuresErrorCode,
    message: string,
    details?: StructuresErrorFields & { readonly cause?: unknown },
  ): StructuresError;
  readonly prototype: StructuresError;
} = errorClass<StructuresErrorCode, StructuresErrorFields, StructuresError>('StructuresError');

export function optionFault(message: string, option: string): StructuresError {
  return new StructuresError('ERR_PERF_STRUCTURES_OPTION', message, { option });
}
