import { isDigit, MINUS } from '../scan-tokens.ts';
import type { IndexedDocument } from './indexed-document.ts';

/** 2^53 − 1: the largest integer that a double holds and no other rounds to. */
const MAX_SAFE = Uint8Array.from(String(Number.MAX_SAFE_INTEGER), (digit) => digit.charCodeAt(0));

/**
 * The most digits of an integer that is turned into a BigInt. Reading one takes time that grows with more than its length;
 * a document must not be able to make that the time of everything.
 */
export const MAX_INTEGER_DIGITS = 10_000;

/** What may stand before a number, and what after it. */
const BEFORE = new Uint8Array(256);
const AFTER = new Uint8Array(256);
for (const byte of ' \t\r\n[,:') BEFORE[byte.charCodeAt(0)] = 1;
for (const byte of ' \t\r\n],}') AFTER[byte.charCodeAt(0)] = 1;

/**
 * Whether there is an integer beyond ±(2^53 − 1), or a string that looks like it holds one.
 *
 * Such an integer has sixteen digits at least, so every sixteenth byte is looked at, and what stands around it only where
 * that is a digit: most documents are passed over at a fraction of the time that parsing them takes.
 */
export function canHaveUnsafeInteger(bytes: Uint8Array): boolean {
  const { length } = bytes;
  const stride = MAX_SAFE.length;
  for (let at = stride - 1; at < length; at += stride) {
    if (!isDigit(bytes[at])) continue;
    let from = at;
    while (from > 0 && isDigit(bytes[from - 1])) from--;
    let end = at + 1;
    while (end < length && isDigit(bytes[end])) end++;
    if (end - from >= stride) {
      const start = from > 0 && bytes[from - 1] === MINUS ? from - 1 : from;
      const isNumber = (start === 0 || BEFORE[bytes[start - 1]] === 1) && (end === length || AFTER[bytes[end]] === 1);
      if (isNumber && isBeyond(bytes, from, end)) return true;
    }
    // The next run of digits starts behind this one and the byte that ends it.
    at = end;
  }
  return false;
}

/** The entries of all integers beyond ±(2^53 − 1), in order. */
export function unsafeIntegers({ bytes, offsets, ends, count }: IndexedDocument): number[] {
  const found: number[] = [];
  for (let entry = 0; entry < count; entry++) {
    const start = offsets[entry];
    const end = ends[entry];
    if (end - start < MAX_SAFE.length) continue;
    const first = bytes[start];
    if (first !== MINUS && !isDigit(first)) continue;
    const from = first === MINUS ? start + 1 : start;
    if (isInteger(bytes, from, end) && isBeyond(bytes, from, end)) found.push(entry);
  }
  return found;
}

/** The bit that digits have, and what else is in a number has not: a point, the letter and the signs of an exponent. */
const DIGIT_BIT = 0x10;

/** Of the bytes of a number without its sign. No branch for each byte: most that are so long are integers. */
function isInteger(bytes: Uint8Array, from: number, end: number): boolean {
  let all = DIGIT_BIT;
  for (let at = from; at < end; at++) all &= bytes[at];
  return all !== 0;
}

/** Whether digits without leading zeros are more than 2^53 − 1. */
function isBeyond(bytes: Uint8Array, from: number, end: number): boolean {
  if (end - from !== MAX_SAFE.length) return end - from > MAX_SAFE.length;
  for (let index = 0; index < MAX_SAFE.length; index++) {
    const difference = bytes[from + index] - MAX_SAFE[index];
    if (difference !== 0) return difference > 0;
  }
  return false;
}
