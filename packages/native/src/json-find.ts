import { NativeError } from './errors.ts';
import type { NativeErrorCode } from './errors.ts';
import { required } from './load.ts';
import type { Binding } from './load.ts';

const MAX_BYTES = 0xffff_ffff;

let find: Binding['findJsonValue'] | undefined;

/**
 * Finds one value in a document that is known to be valid: skips what is not on the way by its brackets and quotes.
 *
 * `pointer` is an RFC 6901 pointer in UTF-8; keys are compared unescaped, and of several equal keys the first is taken
 * (`JSON.parse` keeps the last). Returns whether the value is there; `span[0]` and `span[1]` are then its first byte and
 * the byte after its last.
 *
 * Nothing is validated: in bytes that are no document the answer is some span inside them, or false. Up to 2^32 − 1
 * bytes. Synchronous, O(bytes before the end of the value), no allocation but for keys and pointers with escapes.
 *
 * Throws `ERR_PERF_NATIVE_UNAVAILABLE` without the addon, and `ERR_PERF_NATIVE_ARGUMENT` for arrays of another kind, a
 * span of less than two elements, and longer documents.
 *
 * ```js
 * import { findJsonValue } from '@perf/native';
 *
 * const span = new Uint32Array(2);
 * findJsonValue(Buffer.from('{"a":[1,"x"]}'), Buffer.from('/a/1'), span); // true, span is [8, 11]
 * ```
 */
export function findJsonValue(bytes: Uint8Array, pointer: Uint8Array, span: Uint32Array): boolean {
  find ??= required().findJsonValue;
  if (bytes?.length > MAX_BYTES) throw wrongArgument(`bytes must be at most 2^32 - 1 long, got ${bytes.length}`);
  if (span?.length < 2) throw wrongArgument(`span must have two elements, got ${span.length}`);
  try {
    return find(bytes, pointer, span) === 1;
  } catch (cause) {
    throw wrongArgument('bytes and pointer must be Uint8Arrays, and span a Uint32Array', cause);
  }
}

function wrongArgument(message: string, cause?: unknown): NativeError {
  const code: NativeErrorCode = 'ERR_PERF_NATIVE_ARGUMENT';
  return new NativeError(code, `findJsonValue: ${message}`, cause === undefined ? {} : { cause });
}
