import { endianness } from 'node:os';
import { MINUS } from '../scan-tokens.ts';
import { writeInteger, writePadded } from './digits.ts';

/** Where the lower word of a 64-bit integer stands. */
export const LOW: number = endianness() === 'LE' ? 0 : 1;
const WORD = 2 ** 32;
const HALF_WORD = 2 ** 16;
const BILLION = 1_000_000_000;
/** A higher word below this belongs to a safe integer. */
export const SAFE_HIGH: number = 2 ** 21;

/** The same memory as words of 32 bits: reading an element as a bigint would allocate one. */
export function wordsOf(column: BigInt64Array): Int32Array {
  return new Int32Array(column.buffer, column.byteOffset, column.length * 2);
}

/** Writes the integer of a row and returns the end. */
export function writeInt64(view: DataView, from: number, words: Int32Array, row: number): number {
  let at = from;
  let low = words[row * 2 + LOW] >>> 0;
  let high = words[row * 2 + 1 - LOW];
  if (high < 0) {
    view.setUint8(at++, MINUS);
    low = (~low + 1) >>> 0;
    high = ~high + (low === 0 ? 1 : 0);
  }
  if (high < SAFE_HIGH) return writeInteger(view, at, high * WORD + low);
  // Long division by 10^9, half a word at a time so that no dividend passes 2^53: the quotient has at most ten digits.
  const quotient = Math.floor(high / BILLION);
  let dividend = (high - quotient * BILLION) * HALF_WORD + (low >>> 16);
  const upper = Math.floor(dividend / BILLION);
  dividend = (dividend - upper * BILLION) * HALF_WORD + (low & 0xffff);
  const lower = Math.floor(dividend / BILLION);
  const end = writeInteger(view, at, quotient * WORD + upper * HALF_WORD + lower);
  return writePadded(view, end, dividend - lower * BILLION, 9);
}
