// Scanners for the tokens of JSON, as in crates/perf_json/src/scan.rs: each takes the position of a token's first byte
// and returns that after its last, or a negative number that says what is wrong and where. A number instead of an object
// or an exception keeps the scan free of allocations, and a valid document never makes a negative one.

import type { FaultReason } from './fault.ts';

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const PLUS = 0x2b;
export const MINUS = 0x2d;
export const POINT = 0x2e;
export const ZERO = 0x30;
export const NINE = 0x39;
export const COLON = 0x3a;
const UPPER_E = 0x45;
export const OPEN_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
const LOWER_E = 0x65;
const LOWER_U = 0x75;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

export const TRUE: Uint8Array = new Uint8Array([0x74, 0x72, 0x75, 0x65]);
export const FALSE: Uint8Array = new Uint8Array([0x66, 0x61, 0x6c, 0x73, 0x65]);
export const NULL: Uint8Array = new Uint8Array([0x6e, 0x75, 0x6c, 0x6c]);

/** Bits of a number that hold open brackets, below the sign. */
export const WORD_BITS = 30;

const REASONS: readonly FaultReason[] = [
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

/** A fault as a negative number; running past the end is always the reason `end`. */
export function faultAt(at: number, length: number, reason: FaultReason): number {
  return at < length ? -1 - (at * REASON_BASE + REASONS.indexOf(reason)) : -1 - (length * REASON_BASE + 2);
}

export function faultOffset(fault: number): number {
  return Math.floor((-1 - fault) / REASON_BASE);
}

export function faultReason(fault: number): FaultReason {
  return REASONS[(-1 - fault) % REASON_BASE];
}

/** 1 for bytes that a string goes on over: all but quote, backslash and control characters. */
const PLAIN = new Uint8Array(256).fill(1, SPACE);
PLAIN[QUOTE] = 0;
PLAIN[BACKSLASH] = 0;

/** 1 for what may follow a backslash, except `u`. */
const ESCAPED = new Uint8Array(256);
for (const letter of '"\\/bfnrt') ESCAPED[letter.charCodeAt(0)] = 1;

const HEX = new Uint8Array(256);
for (const digit of '0123456789abcdefABCDEF') HEX[digit.charCodeAt(0)] = 1;

/** The position of the first byte that is not white space. */
export function skipSpace(bytes: Uint8Array, from: number, length: number): number {
  let at = from;
  // Compact documents have none, pretty ones a line feed and a run of spaces.
  if (at < length && bytes[at] > SPACE) return at;
  if (at < length && bytes[at] === LINE_FEED) at++;
  const last = length - 3;
  while (
    at < last &&
    ((bytes[at] ^ SPACE) | (bytes[at + 1] ^ SPACE) | (bytes[at + 2] ^ SPACE) | (bytes[at + 3] ^ SPACE)) === 0
  )
    at += 4;
  while (at < length) {
    const byte = bytes[at];
    if (byte > SPACE || (byte !== SPACE && byte !== LINE_FEED && byte !== CARRIAGE_RETURN && byte !== TAB)) break;
    at++;
  }
  return at;
}

/** A string from after its opening quote to after its closing one. UTF-8 is not looked at. */
export function scanString(bytes: Uint8Array, from: number, length: number): number {
  let at = from;
  for (;;) {
    // Four at a time: one branch for four table reads.
    const last = length - 3;
    while (at < last && (PLAIN[bytes[at]] & PLAIN[bytes[at + 1]] & PLAIN[bytes[at + 2]] & PLAIN[bytes[at + 3]]) === 1)
      at += 4;
    while (at < length && PLAIN[bytes[at]] === 1) at++;
    if (at >= length) return faultAt(at, length, 'end');
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte !== BACKSLASH) return faultAt(at, length, 'control');
    at = scanEscape(bytes, at + 1, length);
    if (at < 0) return at;
  }
}

/** From after the backslash. */
function scanEscape(bytes: Uint8Array, at: number, length: number): number {
  if (at >= length) return faultAt(at, length, 'end');
  if (ESCAPED[bytes[at]] === 1) return at + 1;
  if (bytes[at] !== LOWER_U) return faultAt(at, length, 'escape');
  for (let digit = at + 1; digit <= at + 4; digit++) {
    if (digit >= length || HEX[bytes[digit]] === 0) return faultAt(digit, length, 'escape');
  }
  return at + 5;
}

/** A number from its sign or first digit. */
export function scanNumber(bytes: Uint8Array, from: number, length: number): number {
  const start = bytes[from] === MINUS ? from + 1 : from;
  let at = scanDigits(bytes, start, length);
  if (at < 0) return at;
  if (bytes[start] === ZERO && at > start + 1) return faultAt(start + 1, length, 'number');
  if (at < length && bytes[at] === POINT) {
    at = scanDigits(bytes, at + 1, length);
    if (at < 0) return at;
  }
  if (at < length && (bytes[at] === LOWER_E || bytes[at] === UPPER_E)) {
    at++;
    if (at < length && (bytes[at] === PLUS || bytes[at] === MINUS)) at++;
    at = scanDigits(bytes, at, length);
  }
  return at;
}

function scanDigits(bytes: Uint8Array, start: number, length: number): number {
  let at = start;
  while (at < length && bytes[at] >= ZERO && bytes[at] <= NINE) at++;
  return at === start ? faultAt(at, length, 'number') : at;
}

/** The bytes of a word whose first letter was seen. */
export function scanWord(bytes: Uint8Array, from: number, length: number, word: Uint8Array): number {
  for (let index = 1; index < word.length; index++) {
    const at = from + index;
    if (at >= length || bytes[at] !== word[index]) return faultAt(at, length, 'literal');
  }
  return from + word.length;
}

export function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
