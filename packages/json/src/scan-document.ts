import { isUtf8 } from 'node:buffer';
import type { Fault } from './fault.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  faultAt,
  faultOffset,
  faultReason,
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
} from './scan-tokens.ts';
import { malformedSequence } from './utf8.ts';

const TRUE = new Uint8Array([0x74, 0x72, 0x75, 0x65]);
const FALSE = new Uint8Array([0x66, 0x61, 0x6c, 0x73, 0x65]);
const NULL = new Uint8Array([0x6e, 0x75, 0x6c, 0x6c]);

/** Bits of a number that hold open brackets, below the sign. */
const WORD_BITS = 30;

/**
 * The first byte that makes `bytes` no JSON document, or undefined: what `@perf/native` computes, in JavaScript.
 *
 * The grammar looks at ASCII only, so the UTF-8 is checked on its own, up to the grammar's fault: behind it nothing
 * matters.
 */
export function findFault(bytes: Uint8Array, maxDepth: number): Fault | undefined {
  const grammar = scanDocument(bytes, maxDepth);
  if (grammar >= 0) return isUtf8(bytes) ? undefined : { byteOffset: malformedSequence(bytes, 0), reason: 'utf8' };
  const byteOffset = faultOffset(grammar);
  const before = bytes.subarray(0, byteOffset);
  if (!isUtf8(before)) return { byteOffset: malformedSequence(before, 0), reason: 'utf8' };
  const isMalformed = malformedSequence(bytes.subarray(byteOffset, byteOffset + 4), 0) === 0;
  return { byteOffset, reason: isMalformed ? 'utf8' : faultReason(grammar) };
}

/** Whether `bytes` are a JSON document. */
export function isDocument(bytes: Uint8Array): boolean {
  return scanDocument(bytes, Number.POSITIVE_INFINITY) >= 0 && isUtf8(bytes);
}

/**
 * One pass over the grammar, without recursion: the length, or a negative fault.
 *
 * Open brackets are bits, 1 for an object, the innermost lowest: `open` has those of the current word, `words` the full
 * words before it.
 */
function scanDocument(bytes: Uint8Array, maxDepth: number): number {
  const length = bytes.length;
  const words: number[] = [];
  let open = 0;
  let depth = 0;
  let at = skipSpace(bytes, 0, length);
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
          words.push(open);
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
      return faultAt(at, length, hasByteOrderMark(bytes, at) ? 'byte-order-mark' : 'value');
    }
    if (at < 0) return at;

    // After a value: close what closes here, then go on with the next value.
    for (;;) {
      at = skipSpace(bytes, at, length);
      if (depth === 0) return at === length ? at : faultAt(at, length, 'trailing');
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
      if (depth > 0 && depth % WORD_BITS === 0) open = words.pop() as number;
    }
  }
}

/** A key with its colon and the white space around that: the position of the value. */
function scanKey(bytes: Uint8Array, from: number, length: number): number {
  if (from >= length || bytes[from] !== QUOTE) return faultAt(from, length, 'key');
  let at = scanString(bytes, from + 1, length);
  if (at < 0) return at;
  at = skipSpace(bytes, at, length);
  if (at >= length || bytes[at] !== COLON) return faultAt(at, length, 'colon');
  return skipSpace(bytes, at + 1, length);
}

function hasByteOrderMark(bytes: Uint8Array, at: number): boolean {
  return at === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
