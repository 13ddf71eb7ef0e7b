import { isUtf8 } from 'node:buffer';
import { CLOSE_BRACE, COLON, COMMA, QUOTE, scanNumber, scanWord, ZERO, NINE, MINUS } from '../scan-tokens.ts';
import type { KeyNode } from './key-node.ts';
import { skipValue } from './locate.ts';

const BACKSLASH = 0x5c;
const TRUE = new Uint8Array([0x74, 0x72, 0x75, 0x65]);
const FALSE = new Uint8Array([0x66, 0x61, 0x6c, 0x73, 0x65]);

/**
 * For generated scanners: from the separator before a member that is not read to after its value. Negative where it is
 * one that is read (the layout is another then), or anything but compact JSON with a plain key.
 */
export function skipMember(bytes: Uint8Array, from: number, end: number, node: KeyNode, separator: number): number {
  if (bytes[from] !== separator || bytes[from + 1] !== QUOTE) return -1;
  let at: number;
  if (bytes[from + 3] === QUOTE) {
    if (node.known[bytes[from + 2]] !== 0) return -1;
    at = from + 4;
  } else {
    at = plainString(bytes, from + 2, end);
    if (at < 0 || node.find(bytes, from + 2, at - 1) !== undefined) return -1;
  }
  if (bytes[at] !== COLON) return -1;
  at++;
  const byte = bytes[at];
  if (byte === QUOTE) return plainString(bytes, at + 1, end);
  if (byte > ZERO && byte <= NINE) {
    // Ids and times, read to the end; another number is read again.
    let after = at + 1;
    while ((bytes[after] ^ ZERO) <= 9) after++;
    if (after < end && (bytes[after] === COMMA || bytes[after] === CLOSE_BRACE)) return after;
  }
  if ((byte >= ZERO && byte <= NINE) || byte === MINUS) return scanNumber(bytes, at, end);
  if (byte === TRUE[0]) return scanWord(bytes, at, end, TRUE);
  if (byte === FALSE[0]) return scanWord(bytes, at, end, FALSE);
  const after = skipValue(bytes, at, end);
  return after >= 0 && isUtf8(bytes.subarray(at, after)) ? after : -1;
}

/** From after the opening quote of printable ASCII without a backslash to after the closing one, or negative. */
function plainString(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return -1;
  }
  return -1;
}
