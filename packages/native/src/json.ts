import { NativeError } from './errors.ts';
import type { NativeErrorCode } from './errors.ts';
import { required } from './load.ts';
import type { Binding } from './load.ts';

/** Why a document was refused; the byte that the offset points at is described in the package's README. */
export type JsonFaultReason =
  | 'utf8'
  | 'byte-order-mark'
  | 'end'
  | 'value'
  | 'key'
  | 'colon'
  | 'separator'
  | 'trailing'
  | 'literal'
  | 'number'
  | 'escape'
  | 'control'
  | 'depth';

/** The first byte that makes a document invalid. */
export interface JsonFault {
  /** Index of the byte; the length of the input for `end`. */
  readonly byteOffset: number;
  readonly reason: JsonFaultReason;
}

/** In the order of the discriminants in crates/perf_json/src/fault.rs, from 1. */
const REASONS: readonly JsonFaultReason[] = [
  'utf8',
  'byte-order-mark',
  'end',
  'value',
  'key',
  'colon',
  'separator',
  'trailing',
  'literal',
  'number',
  'escape',
  'control',
  'depth',
];

const REASON_BASE = 16;
const ANY_DEPTH = 0xffff_ffff;

let validate: Binding['validateJson'] | undefined;

/**
 * Checks that bytes are one JSON document: −1 if they are, else the offset of the first byte that makes them invalid.
 *
 * The verdict is `JSON.parse`'s on strictly decoded UTF-8: any depth unless `maxDepth` (0 to 2^32 − 1 open brackets) says
 * otherwise, lone surrogate escapes and numbers beyond a double accepted, no byte order mark. Synchronous, O(length),
 * no allocation below depth 65. Memory that another thread writes meanwhile gives an answer about no particular state.
 *
 * Throws `ERR_PERF_NATIVE_UNAVAILABLE` without the addon, and `ERR_PERF_NATIVE_ARGUMENT` for what is no Uint8Array.
 *
 * ```js
 * import { validateJson } from '@perf/native';
 *
 * validateJson(Buffer.from('{"price":"61800.20"}')); // -1
 * validateJson(Buffer.from('[1,2,]')); // 5
 * ```
 */
export function validateJson(bytes: Uint8Array, maxDepth: number = ANY_DEPTH): number {
  const verdict = call(bytes, maxDepth);
  return verdict < 0 ? -1 : Math.floor(verdict / REASON_BASE);
}

/** The same with the reason: undefined for a valid document. */
export function findJsonFault(bytes: Uint8Array, maxDepth: number = ANY_DEPTH): JsonFault | undefined {
  const verdict = call(bytes, maxDepth);
  if (verdict < 0) return undefined;
  const byteOffset = Math.floor(verdict / REASON_BASE);
  return { byteOffset, reason: REASONS[verdict - byteOffset * REASON_BASE - 1] };
}

function call(bytes: Uint8Array, maxDepth: number): number {
  if (maxDepth >>> 0 !== maxDepth)
    throw wrongArgument(`maxDepth must be an integer from 0 to 2^32 - 1, got ${maxDepth}`);
  validate ??= required().validateJson;
  try {
    return validate(bytes, maxDepth);
  } catch (cause) {
    throw wrongArgument('bytes must be a Uint8Array', cause);
  }
}

function wrongArgument(message: string, cause?: unknown): NativeError {
  const code: NativeErrorCode = 'ERR_PERF_NATIVE_ARGUMENT';
  return new NativeError(code, `validateJson: ${message}`, cause === undefined ? {} : { cause });
}
