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
 * Where integers beyond ±(2^53 − 1) start, if they are numbers: some may stand in strings. In order.
 *
 * Such an integer has sixteen digits at least, so every sixteenth byte is looked at, and what stands around it only where
 * that is a digit: most documents are passed over at a fraction of the time that parsing them takes.
 */
export function findUnsafeIntegers(bytes: Uint8Array): number[] {
  const found: number[] = [];
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
      if (isNumber && isBeyond(bytes, from, end)) found.push(start);
    }
    // The next run of digits starts behind this one and the byte that ends it.
    at = end;
  }
  return found;
}

/** Whether digits without leading zeros are more than 2^53 − 1. */
function isBeyond(bytes: Uint8Array, from: number, end: number): boolean {
  if (end - from > MAX_SAFE.length) return true;
  for (let index = 0; index < MAX_SAFE.length; index++) {
    const difference = bytes[from + index] - MAX_SAFE[index];
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** Of these places the entries of those that are numbers. */
export function entriesAt({ offsets, count }: IndexedDocument, places: readonly number[]): number[] {
  const entries: number[] = [];
  let least = 0;
  for (const place of places) {
    let low = least;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (offsets[middle] < place) low = middle + 1;
      else high = middle;
    }
    if (low < count && offsets[low] === place) entries.push(low);
    least = low;
  }
  return entries;
}
