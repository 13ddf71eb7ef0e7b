import { BACKSLASH, OPEN_BRACE, OPEN_BRACKET, QUOTE, skipSpace } from '../scan-tokens.ts';
import type { Step } from './pointer.ts';

/**
 * A document as its index tells it; the layout is drawn at {@link import('./build-index.ts').IndexBuilder}.
 *
 * Signed, so that the engine does its sums in integers: with unsigned numbers hopping over elements took a multiple of the
 * time. A document is kept below 2^31 bytes for it.
 */
export interface Indexed {
  readonly bytes: Buffer;
  readonly offsets: Int32Array;
  readonly ends: Int32Array;
}

/** No such value. */
export const MISSING = -1;

/** The entry that the steps lead to from an entry, or {@link MISSING}. */
export function walk(indexed: Indexed, from: number, steps: readonly Step[]): number {
  let entry = from;
  for (let depth = 0; depth < steps.length && entry !== MISSING; depth++) {
    const byte = indexed.bytes[indexed.offsets[entry]];
    if (byte === OPEN_BRACE) entry = findKey(indexed, entry, steps[depth]);
    else if (byte === OPEN_BRACKET) entry = findPlace(indexed, entry, steps[depth].place);
    else entry = MISSING;
  }
  return entry;
}

/** The bit in which '{' and '[' differ, as do '}' and ']'. */
const BRACE_BIT = 0x20;

/** The first entry after an entry and everything inside it. */
export function nextEntry({ bytes, offsets, ends }: Indexed, entry: number): number {
  const end = ends[entry];
  const start = offsets[entry];
  // Ends that are bytes lie behind the offset. Those that are entries mostly do not, since an entry takes several bytes:
  // that spares reading the document's own memory for each element that is hopped over.
  return end <= start || (bytes[start] | BRACE_BIT) === OPEN_BRACE ? end : entry + 1;
}

function findPlace(indexed: Indexed, array: number, place: number): number {
  const limit = indexed.ends[array];
  // Each element has an entry at least.
  if (place < 0 || place >= limit - array - 1) return MISSING;
  let entry = array + 1;
  for (let left = place; left > 0 && entry < limit; left--) entry = nextEntry(indexed, entry);
  return entry < limit ? entry : MISSING;
}

/** The value of the last of the keys that are equal: what `JSON.parse` keeps. Looks at all keys of the object. */
function findKey(indexed: Indexed, object: number, step: Step): number {
  const { bytes, offsets, ends } = indexed;
  const key = step.bytes;
  // An escape is longer than what it stands for, so a key that is shorter as it is written is shorter.
  const least = step.isEscaped ? 0 : key.length;
  // What the first byte after the quote must be; of an empty key that is the other quote.
  const first = key.length > 0 ? key[0] : QUOTE;
  const limit = ends[object];
  let found = MISSING;
  for (let entry = object + 1; entry < limit;) {
    const from = offsets[entry] + 1;
    const end = ends[entry];
    if (end - from >= least) {
      const byte = bytes[from];
      if ((byte === first || byte === BACKSLASH || step.isEscaped) && isKey(bytes, from, end, step)) found = entry + 1;
    }
    // As nextEntry does for the value, which is one further; written out because most of a search is this.
    const valueStart = offsets[++entry];
    const valueEnd = ends[entry];
    entry = valueEnd <= valueStart || (bytes[valueStart] | BRACE_BIT) === OPEN_BRACE ? valueEnd : entry + 1;
  }
  return found;
}

/** Whether the string in `[from, end)` spells the key, compared as bytes up to the first escape. */
export function isKey(bytes: Buffer, from: number, end: number, step: Step): boolean {
  const key = step.bytes;
  if (step.isEscaped) return isEscapedKey(bytes, from, end, step);
  for (let index = 0; index < key.length; index++) {
    const byte = bytes[from + index];
    if (byte === key[index]) continue;
    return byte === BACKSLASH && isEscapedKey(bytes, from, end, step);
  }
  return from + key.length === end;
}

function isEscapedKey(bytes: Buffer, from: number, end: number, step: Step): boolean {
  const text = bytes.toString('utf8', from, end);
  return text.includes('\\') && JSON.parse(`"${text}"`) === step.key;
}

/**
 * The byte after the last of an entry's value. Constant for scalars; for a container O(elements along its last elements),
 * because closing brackets have no entries: those that close after its last token are counted.
 */
export function valueEnd(indexed: Indexed, entry: number): number {
  const { bytes, offsets, ends } = indexed;
  const start = offsets[entry];
  if ((bytes[start] | BRACE_BIT) !== OPEN_BRACE) return scalarEnd(indexed, entry);
  const limit = ends[entry];
  let closers = 1;
  let last = entry;
  for (let inner = entry + 1; inner < limit;) {
    const next = nextEntry(indexed, inner);
    last = inner;
    if (next === limit && (bytes[offsets[inner]] | BRACE_BIT) === OPEN_BRACE) {
      closers++;
      inner++;
    } else {
      inner = next;
    }
  }
  let at = (bytes[offsets[last]] | BRACE_BIT) === OPEN_BRACE ? offsets[last] + 1 : scalarEnd(indexed, last);
  for (; closers > 0; closers--) at = skipSpace(bytes, at, bytes.length) + 1;
  return at;
}

function scalarEnd({ bytes, offsets, ends }: Indexed, entry: number): number {
  // Where a string ends is its closing quote, where anything else ends is behind it.
  return bytes[offsets[entry]] === QUOTE ? ends[entry] + 1 : ends[entry];
}
