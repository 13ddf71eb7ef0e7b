import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  FALSE,
  faultAt,
  MINUS,
  NINE,
  NULL,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  scanNumber,
  scanString,
  scanWord,
  skipSpace,
  TRUE,
  WORD_BITS,
  ZERO,
} from './scan-tokens.ts';
import { hasByteOrderMark } from './utf8.ts';

/**
 * A value of any kind from its first byte to after its last, without recursion; or a negative fault. `length` is where the
 * bytes end.
 *
 * Open brackets are bits, 1 for an object, the innermost lowest: `open` has those of the current word, `words` the full
 * words before it.
 */
export function scanValue(bytes: Uint8Array, from: number, length: number, maxDepth: number): number {
  let words: number[] | undefined;
  let open = 0;
  let depth = 0;
  let at = from;
  for (;;) {
    const byte = at < length ? bytes[at] : 0;
    if (byte === QUOTE) {
      at = scanString(bytes, at + 1, length);
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (depth === maxDepth) return faultAt(at, length, 'depth');
      at = skipSpace(bytes, at + 1, length);
      // '{' and '}', '[' and ']' are two apart.
      if (at < length && bytes[at] === byte + 2) {
        at++;
      } else {
        if (depth > 0 && depth % WORD_BITS === 0) {
          (words ??= []).push(open);
          open = 0;
        }
        depth++;
        open = (open << 1) | (byte === OPEN_BRACE ? 1 : 0);
        if (byte === OPEN_BRACE) {
          at = scanKey(bytes, at, length);
          if (at < 0) return at;
        }
        continue;
      }
    } else if ((byte >= ZERO && byte <= NINE) || byte === MINUS) {
      at = scanNumber(bytes, at, length);
    } else if (byte === TRUE[0]) {
      at = scanWord(bytes, at, length, TRUE);
    } else if (byte === FALSE[0]) {
      at = scanWord(bytes, at, length, FALSE);
    } else if (byte === NULL[0]) {
      at = scanWord(bytes, at, length, NULL);
    } else {
      return faultAt(at, length, at === 0 && hasByteOrderMark(bytes) ? 'byte-order-mark' : 'value');
    }
    if (at < 0) return at;

    // After a value: close what closes here, then go on with the next value.
    for (;;) {
      if (depth === 0) return at;
      at = skipSpace(bytes, at, length);
      const inObject = (open & 1) === 1;
      const next = at < length ? bytes[at] : 0;
      if (next === COMMA) {
        at = skipSpace(bytes, at + 1, length);
        if (inObject) {
          at = scanKey(bytes, at, length);
          if (at < 0) return at;
        }
        break;
      }
      if (next !== (inObject ? CLOSE_BRACE : CLOSE_BRACKET)) return faultAt(at, length, 'separator');
      at++;
      depth--;
      open >>= 1;
      if (depth > 0 && depth % WORD_BITS === 0) open = words?.pop() ?? 0;
    }
  }
}

/** A key with its colon and the white space around that: the position of the value. */
export function scanKey(bytes: Uint8Array, from: number, length: number): number {
  if (from >= length || bytes[from] !== QUOTE) return faultAt(from, length, 'key');
  let at = scanString(bytes, from + 1, length);
  if (at < 0) return at;
  at = skipSpace(bytes, at, length);
  if (at >= length || bytes[at] !== COLON) return faultAt(at, length, 'colon');
  return skipSpace(bytes, at + 1, length);
}
