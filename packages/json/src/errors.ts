import { errorClass } from '@perf/internal';
import type { DecodeReason } from './decoder/reasons.ts';

/** Every code that this package throws with. */
export type JsonErrorCode =
  | 'ERR_PERF_JSON_SYNTAX'
  | 'ERR_PERF_JSON_UTF8'
  | 'ERR_PERF_JSON_DEPTH'
  | 'ERR_PERF_JSON_DUPLICATE_KEY'
  | 'ERR_PERF_JSON_PROTO_KEY'
  | 'ERR_PERF_JSON_SIZE'
  | 'ERR_PERF_JSON_INPUT'
  | 'ERR_PERF_JSON_OPTION'
  | 'ERR_PERF_JSON_VALUE'
  | 'ERR_PERF_JSON_DECODE'
  | 'ERR_PERF_JSON_POINTER'
  | 'ERR_PERF_JSON_TYPE'
  | 'ERR_PERF_JSON_NUMBER'
  | 'ERR_PERF_JSON_STALE'
  | 'ERR_PERF_JSON_THREAD'
  | 'ERR_PERF_JSON_SOURCE'
  | 'ERR_PERF_JSON_MISSING'
  | 'ERR_PERF_JSON_ABORTED'
  | 'ERR_PERF_JSON_NATIVE';

/** Where a document is wrong. */
export interface JsonPosition {
  /** Offset of the byte in the UTF-8 form of the input, from 0; the length where the input ends too early. */
  readonly byteOffset: number;
  /** Line of that byte, from 1. A line ends with a line feed. */
  readonly line: number;
  /** Place in the line, from 1, counted in Unicode characters (code points). */
  readonly column: number;
}

/** What a document has there. */
interface Excerpt {
  /** The piece of the line around that byte, and a caret under it: two lines of at most 80 columns, safe to print. */
  readonly excerpt: string;
}

/** Where a JSON Pointer is wrong. */
interface PointerPosition {
  /** Index of the character in the pointer's text, from 0. */
  readonly pointerOffset: number;
}

/** What `ERR_PERF_JSON_DECODE` says besides where. */
export interface DecodeFault {
  readonly reason: DecodeReason;
  /** Name of the field, after that of its kind and a point in a union; the path of the discriminator for `kind`. */
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

/** Which value cannot be written. */
interface WritePosition {
  /** Row of the columns, from 0; `field` says which of its values. */
  readonly row: number;
  /** Index of the element of a sequence, from 0. */
  readonly index: number;
}

/** The error of this package. Match on `code`; the message is for people. A position is there when the input has one. */
export interface JsonError
  extends Error, Partial<JsonPosition & Excerpt & PointerPosition & DecodeFault & WritePosition> {
  readonly code: JsonErrorCode;
}

type Details = Partial<JsonPosition & Excerpt & PointerPosition & DecodeFault & WritePosition>;

export const JsonError: {
  new (code: JsonErrorCode, message: string, details?: Details & { readonly cause?: unknown }): JsonError;
  readonly prototype: JsonError;
} = errorClass<JsonErrorCode, Details, JsonError>('JsonError');

/** What an option that cannot be taken throws. */
export function optionError(message: string): JsonError {
  return new JsonError('ERR_PERF_JSON_OPTION', message);
}

/** Where one look at the bytes contradicts another: memory that is shared with a thread, or changed by a getter. */
export function changedError(): JsonError {
  return new JsonError('ERR_PERF_JSON_INPUT', 'the bytes changed while they were read: pass a copy');
}
