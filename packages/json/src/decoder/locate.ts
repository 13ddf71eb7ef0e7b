import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  MINUS,
  NINE,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  scanNumber,
  scanString,
  scanWord,
  skipSpace,
  ZERO,
} from '../scan-tokens.ts';
import type { KeyNode } from './key-node.ts';

const TRUE = new Uint8Array([0x74, 0x72, 0x75, 0x65]);
const FALSE = new Uint8Array([0x66, 0x61, 0x6c, 0x73, 0x65]);
const NULL = new Uint8Array([0x6e, 0x75, 0x6c, 0x6c]);

/** Bits of a number that hold open brackets, below the sign. */
const WORD_BITS = 30;

/**
 * Reads a whole document and notes where the values of the known paths start, the last one where a key is repeated.
 * False where the document is not JSON; UTF-8 is not looked at.
 */
export function locate(bytes: Uint8Array, start: number, end: number, root: KeyNode, positions: Int32Array): boolean {
  positions.fill(-1);
  let at = skipSpace(bytes, start, end);
  if (at < end && bytes[at] === OPEN_BRACE) at = locateMembers(bytes, at + 1, end, root, positions);
  else at = skipValue(bytes, at, end);
  return at >= 0 && skipSpace(bytes, at, end) === end;
}

/** From after the opening brace to after the closing one, or negative. Recurses as deep as the paths go. */
function locateMembers(bytes: Uint8Array, from: number, end: number, node: KeyNode, positions: Int32Array): number {
  let at = skipSpace(bytes, from, end);
  if (at < end && bytes[at] === CLOSE_BRACE) return at + 1;
  for (;;) {
    if (at >= end || bytes[at] !== QUOTE) return -1;
    const after = scanString(bytes, at + 1, end);
    if (after < 0) return -1;
    const child = node.findQuoted(bytes, at + 1, after - 1);
    at = skipSpace(bytes, after, end);
    if (at >= end || bytes[at] !== COLON) return -1;
    at = skipSpace(bytes, at + 1, end);
    if (child === undefined) {
      at = skipValue(bytes, at, end);
    } else {
      if (positions[child.slot] >= 0) child.clear(positions);
      positions[child.slot] = at;
      if (child.children.length > 0 && at < end && bytes[at] === OPEN_BRACE) {
        at = locateMembers(bytes, at + 1, end, child, positions);
      } else {
        at = skipValue(bytes, at, end);
      }
    }
    if (at < 0) return -1;
    at = skipSpace(bytes, at, end);
    if (at >= end) return -1;
    if (bytes[at] === CLOSE_BRACE) return at + 1;
    if (bytes[at] !== COMMA) return -1;
    at = skipSpace(bytes, at + 1, end);
  }
}

/**
 * From the first byte of a value to after its last, or negative where it is not JSON. As `scanDocument`: no recursion,
 * open brackets are bits, 1 for an object, the innermost lowest.
 */
export function skipValue(bytes: Uint8Array, from: number, end: number): number {
  let words: number[] | undefined;
  let open = 0;
  let depth = 0;
  let at = from;
  for (;;) {
    const byte = at < end ? bytes[at] : 0;
    if (byte === QUOTE) {
      at = scanString(bytes, at + 1, end);
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      at = skipSpace(bytes, at + 1, end);
      // '{' and '}', '[' and ']' are two apart.
      if (at < end && bytes[at] === byte + 2) {
        at++;
      } else {
        if (depth > 0 && depth % WORD_BITS === 0) {
          (words ??= []).push(open);
          open = 0;
        }
        depth++;
        open = (open << 1) | (byte === OPEN_BRACE ? 1 : 0);
        if (byte === OPEN_BRACE) {
          at = skipKey(bytes, at, end);
          if (at < 0) return -1;
        }
        continue;
      }
    } else if ((byte >= ZERO && byte <= NINE) || byte === MINUS) {
      at = scanNumber(bytes, at, end);
    } else if (byte === TRUE[0]) {
      at = scanWord(bytes, at, end, TRUE);
    } else if (byte === FALSE[0]) {
      at = scanWord(bytes, at, end, FALSE);
    } else if (byte === NULL[0]) {
      at = scanWord(bytes, at, end, NULL);
    } else {
      return -1;
    }
    if (at < 0) return -1;

    // After a value: close what closes here, then go on with the next value.
    for (;;) {
      if (depth === 0) return at;
      at = skipSpace(bytes, at, end);
      const inObject = (open & 1) === 1;
      const next = at < end ? bytes[at] : 0;
      if (next === COMMA) {
        at = skipSpace(bytes, at + 1, end);
        if (inObject) {
          at = skipKey(bytes, at, end);
          if (at < 0) return -1;
        }
        break;
      }
      if (next !== (inObject ? CLOSE_BRACE : CLOSE_BRACKET)) return -1;
      at++;
      depth--;
      open >>= 1;
      if (depth > 0 && depth % WORD_BITS === 0) open = words?.pop() ?? 0;
    }
  }
}

function skipKey(bytes: Uint8Array, from: number, end: number): number {
  if (from >= end || bytes[from] !== QUOTE) return -1;
  let at = scanString(bytes, from + 1, end);
  if (at < 0) return -1;
  at = skipSpace(bytes, at, end);
  if (at >= end || bytes[at] !== COLON) return -1;
  return skipSpace(bytes, at + 1, end);
}
