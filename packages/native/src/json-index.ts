import { NativeError } from './errors.ts';
import type { NativeErrorCode } from './errors.ts';
import { required } from './load.ts';
import type { Binding } from './load.ts';

const MAX_BYTES = 0xffff_ffff;

let index: Binding['indexJson'] | undefined;

/**
 * Validates a document like {@link validateJson} and writes where every key and value stands, for JavaScript to hop over
 * what it does not want.
 *
 * One entry per key and per value, in document order; in an object they alternate. `offsets[i]` is the byte offset of the
 * token's first byte. `ends[i]` is, for an array or object, the index of the first entry after everything inside it; for
 * a string the byte offset of its closing quote; for a number or literal the byte offset after its last byte.
 *
 * Returns how many entries were written. A negative number says how many there are, when the shorter of the two arrays
 * has no room for them (what the arrays hold is then no index). What they hold behind the entries is left open. NaN means that the bytes are no document within
 * `maxDepth` (0 to 2^32 − 1 open brackets): `findJsonFault` tells where. Up to 2^32 − 1 bytes; a document has at most (bytes + 1) / 2 entries.
 * Synchronous, O(length), no allocation below depth 65.
 *
 * Throws `ERR_PERF_NATIVE_UNAVAILABLE` without the addon, and `ERR_PERF_NATIVE_ARGUMENT` for arrays of another kind,
 * arrays that share memory with each other, and longer documents. Detached arrays count as empty.
 *
 * ```js
 * import { indexJson } from '@perf/native';
 *
 * const offsets = new Uint32Array(16);
 * const ends = new Uint32Array(16);
 * const bytes = Buffer.from('{"a":[1,true],"b":{}}');
 * indexJson(bytes, 100, offsets, ends); // 7: entries
 * ends[2]; // 5: after the array's two elements comes the key "b"
 * ```
 */
export function indexJson(bytes: Uint8Array, maxDepth: number, offsets: Uint32Array, ends: Uint32Array): number {
  if (maxDepth >>> 0 !== maxDepth)
    throw wrongArgument(`maxDepth must be an integer from 0 to 2^32 - 1, got ${maxDepth}`);
  index ??= required().indexJson;
  if (bytes?.length > MAX_BYTES) throw wrongArgument(`bytes must be at most 2^32 - 1 long, got ${bytes.length}`);
  try {
    return index(bytes, maxDepth, offsets, ends);
  } catch (cause) {
    throw wrongArgument('bytes must be a Uint8Array, offsets and ends Uint32Arrays, and none overlap another', cause);
  }
}

function wrongArgument(message: string, cause?: unknown): NativeError {
  const code: NativeErrorCode = 'ERR_PERF_NATIVE_ARGUMENT';
  return new NativeError(code, `indexJson: ${message}`, cause === undefined ? {} : { cause });
}
