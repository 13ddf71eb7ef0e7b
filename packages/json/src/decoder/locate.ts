import { CLOSE_BRACE, COLON, COMMA, OPEN_BRACE, QUOTE, scanString, skipSpace } from '../scan-tokens.ts';
import { scanValue } from '../scan-value.ts';
import type { KeyNode } from './key-node.ts';

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

/** From the first byte of a value to after its last, or negative where it is not JSON. As deep as it likes. */
export function skipValue(bytes: Uint8Array, from: number, end: number): number {
  return scanValue(bytes, from, end, Number.POSITIVE_INFINITY);
}
