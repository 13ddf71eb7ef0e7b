import { types } from 'node:util';
import { JsonError } from './errors.ts';

/** The bytes of an input without copying them; a string is encoded. Throws `ERR_PERF_JSON_INPUT`. */
export function bytesOf(input: string | Uint8Array, caller: string): Buffer {
  if (typeof input === 'string') return Buffer.from(input, 'utf8');
  const isBuffer = Buffer.isBuffer(input);
  // By kind, not by class: another realm's arrays are as good.
  if (isBuffer || types.isUint8Array(input)) {
    throwIfGone(input, caller);
    return isBuffer ? input : Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  }
  const kind = input === null ? 'null' : typeof input;
  throw new JsonError('ERR_PERF_JSON_INPUT', `${caller}: expected a string or a Uint8Array, got ${kind}`);
}

/** Whether an array lost its memory: the buffer was detached, or has shrunk. One comparison where there are elements. */
export function isGone(array: Uint8Array | Float64Array): boolean {
  if (array.length > 0) return false;
  try {
    // Of an array that merely is empty: undefined.
    array.at(0);
    return false;
  } catch {
    return true;
  }
}

/** Throws `ERR_PERF_JSON_INPUT`: such an array looks as if it were empty. */
export function throwIfGone(bytes: Uint8Array, caller: string): void {
  if (!isGone(bytes)) return;
  const message = `${caller}: the bytes are gone: their ArrayBuffer was detached or has shrunk; use them before that`;
  throw new JsonError('ERR_PERF_JSON_INPUT', message);
}
