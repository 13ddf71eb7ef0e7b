// Where a token that goes on behind the bytes at hand can be left, so that what was read of it need not be kept.

import { BACKSLASH, isDigit, MINUS, PLUS, POINT } from '../scan-tokens.ts';

const LOWER_E = 0x65;
const UPPER_E = 0x45;
const LOWER_U = 0x75;

/** `\u` and four digits. */
const LONGEST_ESCAPE = 6;

/** How many bytes a character has, by its first; a byte that cannot be one counts as one. */
function sequenceBytes(lead: number): number {
  if (lead < 0xc0) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** The last place in a string at which no escape and no character is cut. `from` is such a place, `to` where the bytes end. */
export function stringBreak(bytes: Uint8Array, from: number, to: number): number {
  return Math.min(escapeBreak(bytes, from, to), characterBreak(bytes, from, to));
}

/** What stands between `from` and `to` is right as far as it goes: only the last escape may be unfinished. */
function escapeBreak(bytes: Uint8Array, from: number, to: number): number {
  for (let at = to - 1; at >= from && at > to - LONGEST_ESCAPE; at--) {
    if (bytes[at] !== BACKSLASH) continue;
    let first = at;
    while (first > from && bytes[first - 1] === BACKSLASH) first--;
    // The second of a pair escapes nothing.
    if ((at - first) % 2 === 1) return to;
    const length = at + 1 < to && bytes[at + 1] !== LOWER_U ? 2 : LONGEST_ESCAPE;
    return at + length <= to ? to : at;
  }
  return to;
}

function characterBreak(bytes: Uint8Array, from: number, to: number): number {
  for (let at = to - 1; at >= from && at > to - 4; at--) {
    if ((bytes[at] & 0xc0) === 0x80) continue;
    return at + sequenceBytes(bytes[at]) > to ? at : to;
  }
  return to;
}

/** What of a number has been read. */
export type NumberPart = 'integer' | 'fraction' | 'exponent';

/** The place behind the last digit: what follows it (a point, an `e`, its sign) needs the digit after it to be judged. */
export function numberBreak(bytes: Uint8Array, from: number, to: number): number {
  let at = to;
  while (at > from && !isDigit(bytes[at - 1])) at--;
  return at;
}

/** The part that the last digit of `[from, to)` is in. */
export function numberPart(bytes: Uint8Array, from: number, to: number): NumberPart {
  let part: NumberPart = 'integer';
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === LOWER_E || byte === UPPER_E) return 'exponent';
    if (byte === POINT) part = 'fraction';
  }
  return part;
}

/** Over the rest of the digits. */
export function skipDigits(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isDigit(bytes[at])) at++;
  return at;
}

/**
 * From behind the last digit of a part to the first digit of the next: the place of that digit, or −1 where the number is
 * over. A place that has no digit is returned all the same; the end counts as one.
 */
export function nextPartDigit(bytes: Uint8Array, at: number, to: number, part: NumberPart): number {
  if (at >= to) return -1;
  if (part === 'integer' && bytes[at] === POINT) return at + 1;
  if (part === 'exponent' || (bytes[at] !== LOWER_E && bytes[at] !== UPPER_E)) return -1;
  const sign = at + 1 < to ? bytes[at + 1] : 0;
  return sign === PLUS || sign === MINUS ? at + 2 : at + 1;
}
