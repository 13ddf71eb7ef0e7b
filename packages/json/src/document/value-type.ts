import { JsonError } from '../errors.ts';
import { OPEN_BRACE, OPEN_BRACKET, QUOTE } from '../scan-tokens.ts';
import type { JsonType } from './document.ts';

export const LETTER_T = 0x74;
export const LETTER_F = 0x66;
export const LETTER_N = 0x6e;

/** The type of a value in a valid document, from its first byte. */
export function typeOf(byte: number): JsonType {
  switch (byte) {
    case OPEN_BRACE:
      return 'object';
    case OPEN_BRACKET:
      return 'array';
    case QUOTE:
      return 'string';
    case LETTER_T:
    case LETTER_F:
      return 'boolean';
    case LETTER_N:
      return 'null';
    default:
      return 'number';
  }
}

const MAX_SCALE = 1000;

/** Throws `ERR_PERF_JSON_OPTION`. */
export function checkScale(scale: number): void {
  if (Number.isInteger(scale) && scale >= 0 && scale <= MAX_SCALE) return;
  const message = `scale must be an integer from 0 to ${MAX_SCALE}, got ${String(scale)}`;
  throw new JsonError('ERR_PERF_JSON_OPTION', message);
}
