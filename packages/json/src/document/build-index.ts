import { isUtf8 } from 'node:buffer';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  FALSE,
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
} from '../scan-tokens.ts';

/**
 * Writes the index of a document, or says that there is none. `indexJson` of `@perf/native` has the same signature and
 * writes the same numbers.
 *
 * One entry per value and per key, in document order; none for commas, colons and closing brackets:
 *
 *     {"a": [10, "xy"], "b": {}}
 *     entry        0     1    2     3     4     5    6
 *     token        {     "a"  [     10    "xy"  "b"  {
 *     offsets[i]   0     1    6     7     11    18   23     byte of the token's first character
 *     ends[i]      7     3    5     9     14    20   7      container: the first entry after everything inside
 *                                                           string: the byte of its closing quote
 *                                                           number, literal: the byte after its last
 *
 * Returns how many entries there are; negative, where the arrays have fewer places than that (their content is then of
 * no use: make them longer and call again); NaN, where the bytes are no JSON document in UTF-8 or more than `maxDepth`
 * brackets are open. O(length), no recursion.
 */
export type IndexBuilder = (bytes: Uint8Array, maxDepth: number, offsets: Uint32Array, ends: Uint32Array) => number;

/** The index of a document, in JavaScript. */
export function buildIndex(bytes: Uint8Array, maxDepth: number, offsets: Uint32Array, ends: Uint32Array): number {
  const count = scanIndex(bytes, maxDepth, offsets, ends);
  return Number.isNaN(count) || isUtf8(bytes) ? count : Number.NaN;
}

/**
 * The grammar of `scanValue`, with an entry written for what it passes.
 *
 * While a container is open, its place in `ends` holds the entry of the container around it. Which bracket is open is
 * kept in bits beside that, so that counting and checking go on where the arrays are too short.
 */
function scanIndex(bytes: Uint8Array, maxDepth: number, offsets: Uint32Array, ends: Uint32Array): number {
  const length = bytes.length;
  const capacity = Math.min(offsets.length, ends.length);
  let words: number[] | undefined;
  let open = 0;
  let depth = 0;
  let parent = 0;
  let count = 0;
  let at = skipSpace(bytes, 0, length);
  for (;;) {
    const byte = at < length ? bytes[at] : 0;
    const entry = count++;
    const fits = entry < capacity;
    if (fits) offsets[entry] = at;
    if (byte === QUOTE) {
      at = scanString(bytes, at + 1, length);
      if (fits) ends[entry] = at - 1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (depth === maxDepth) return Number.NaN;
      at = skipSpace(bytes, at + 1, length);
      // '{' and '}', '[' and ']' are two apart.
      if (at < length && bytes[at] === byte + 2) {
        at++;
        if (fits) ends[entry] = count;
      } else {
        if (depth > 0 && depth % WORD_BITS === 0) {
          words ??= [];
          words.push(open);
          open = 0;
        }
        depth++;
        open = (open << 1) | (byte === OPEN_BRACE ? 1 : 0);
        if (fits) ends[entry] = parent;
        parent = entry;
        if (byte === OPEN_BRACE) {
          at = indexKey(bytes, at, length, offsets, ends, count++);
          if (at < 0) return Number.NaN;
        }
        continue;
      }
    } else {
      if ((byte >= ZERO && byte <= NINE) || byte === MINUS) at = scanNumber(bytes, at, length);
      else if (byte === TRUE[0]) at = scanWord(bytes, at, length, TRUE);
      else if (byte === FALSE[0]) at = scanWord(bytes, at, length, FALSE);
      else if (byte === NULL[0]) at = scanWord(bytes, at, length, NULL);
      else return Number.NaN;
      if (fits) ends[entry] = at;
    }
    if (at < 0) return Number.NaN;

    // After a value: close what closes here, then go on with the next value.
    for (;;) {
      at = skipSpace(bytes, at, length);
      if (depth === 0) return at < length ? Number.NaN : count > capacity ? -count : count;
      const inObject = (open & 1) === 1;
      const next = at < length ? bytes[at] : 0;
      if (next === COMMA) {
        at = skipSpace(bytes, at + 1, length);
        if (inObject) {
          at = indexKey(bytes, at, length, offsets, ends, count++);
          if (at < 0) return Number.NaN;
        }
        break;
      }
      if (next !== (inObject ? CLOSE_BRACE : CLOSE_BRACKET)) return Number.NaN;
      at++;
      // A container without a place has no link either; none that has one is closed wrongly, and the result is only a count.
      if (parent < capacity) {
        const outer = ends[parent];
        ends[parent] = count;
        parent = outer;
      }
      depth--;
      open >>= 1;
      if (depth > 0 && depth % WORD_BITS === 0) open = (words as number[]).pop() as number;
    }
  }
}

/** A key with its colon and the white space around that: the position of the value, or a negative number. */
function indexKey(
  bytes: Uint8Array,
  from: number,
  length: number,
  offsets: Uint32Array,
  ends: Uint32Array,
  entry: number,
): number {
  if (from >= length || bytes[from] !== QUOTE) return -1;
  let at = scanString(bytes, from + 1, length);
  if (at < 0) return at;
  if (entry < offsets.length && entry < ends.length) {
    offsets[entry] = from;
    ends[entry] = at - 1;
  }
  at = skipSpace(bytes, at, length);
  if (at >= length || bytes[at] !== COLON) return -1;
  return skipSpace(bytes, at + 1, length);
}
