import { types } from 'node:util';
import { JsonError } from './errors.ts';

/** The bytes of an input without copying them; a string is encoded. Throws `ERR_PERF_JSON_INPUT`. */
export function bytesOf(input: string | Uint8Array, caller: string): Buffer {
  if (typeof input === 'string') return Buffer.from(input, 'utf8');
  if (Buffer.isBuffer(input)) return input;
  // By kind, not by class: another realm's arrays are as good.
  if (types.isUint8Array(input)) return Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const kind = input === null ? 'null' : typeof input;
  throw new JsonError('ERR_PERF_JSON_INPUT', `${caller}: expected a string or a Uint8Array, got ${kind}`);
}
