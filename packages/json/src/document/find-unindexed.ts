import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  scanString,
  skipSpace,
} from '../scan-tokens.ts';
import type { Step } from './pointer.ts';
import { isKey, MISSING } from './walk.ts';

/** The document is broken in a way that the search met: it ends early, or a string does. */
export const BROKEN = -2;

/**
 * Where the value starts that the steps lead to, found by passing over what stands before it: no index, and no check
 * beyond what finding needs. {@link MISSING} or {@link BROKEN} where there is none. O(bytes before the value): it stops at
 * the first of equal keys, for a later one could only be excluded by reading all that follows.
 */
export function findStart(bytes: Buffer, steps: readonly Step[]): number {
  const length = bytes.length;
  let at = skipSpace(bytes, 0, length);
  for (const step of steps) {
    if (bytes[at] === OPEN_BRACE) at = findKey(bytes, at, step);
    else if (bytes[at] === OPEN_BRACKET) at = findPlace(bytes, at, step.place);
    else return at < length ? MISSING : BROKEN;
    if (at < 0) return at;
  }
  return at < length ? at : BROKEN;
}

function findPlace(bytes: Buffer, array: number, place: number): number {
  if (place < 0) return MISSING;
  let at = skipSpace(bytes, array + 1, bytes.length);
  if (bytes[at] === CLOSE_BRACKET) return MISSING;
  for (let left = place; left > 0; left--) {
    at = skipValue(bytes, at);
    if (at < 0) return at;
    at = skipSpace(bytes, at, bytes.length);
    if (bytes[at] !== COMMA) return bytes[at] === CLOSE_BRACKET ? MISSING : BROKEN;
    at = skipSpace(bytes, at + 1, bytes.length);
  }
  return at;
}

function findKey(bytes: Buffer, object: number, step: Step): number {
  const length = bytes.length;
  let at = skipSpace(bytes, object + 1, length);
  if (bytes[at] === CLOSE_BRACE) return MISSING;
  for (;;) {
    if (bytes[at] !== QUOTE) return BROKEN;
    const from = at + 1;
    at = scanString(bytes, from, length);
    if (at < 0) return BROKEN;
    const isFound = isKey(bytes, from, at - 1, step);
    // The colon.
    at = skipSpace(bytes, skipSpace(bytes, at, length) + 1, length);
    if (isFound) return at;
    at = skipValue(bytes, at);
    if (at < 0) return BROKEN;
    at = skipSpace(bytes, at, length);
    if (bytes[at] !== COMMA) return bytes[at] === CLOSE_BRACE ? MISSING : BROKEN;
    at = skipSpace(bytes, at + 1, length);
  }
}

/** The byte after a value, or {@link BROKEN}. Brackets are counted, not matched. */
export function skipValue(bytes: Buffer, from: number): number {
  const length = bytes.length;
  const first = bytes[from];
  if (first === QUOTE) {
    const end = scanString(bytes, from + 1, length);
    return end < 0 ? BROKEN : end;
  }
  let at = from;
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) {
    while (at < length && !ENDS_SCALAR[bytes[at]]) at++;
    return at === from ? BROKEN : at;
  }
  let depth = 0;
  while (at < length) {
    const kind = KINDS[bytes[at++]];
    if (kind === 0) continue;
    if (kind === IS_QUOTE) {
      at = scanString(bytes, at, length);
      if (at < 0) return BROKEN;
    } else if (kind === IS_OPEN) {
      depth++;
    } else if (--depth === 0) {
      return at;
    }
  }
  return BROKEN;
}

const IS_QUOTE = 1;
const IS_OPEN = 2;
const KINDS = new Uint8Array(256);
KINDS[QUOTE] = IS_QUOTE;
KINDS[OPEN_BRACE] = KINDS[OPEN_BRACKET] = IS_OPEN;
KINDS[CLOSE_BRACE] = KINDS[CLOSE_BRACKET] = 3;

const ENDS_SCALAR = new Uint8Array(256);
for (const byte of ' \t\r\n,]}') ENDS_SCALAR[byte.charCodeAt(0)] = 1;
