import { BACKSLASH, OPEN_BRACE, OPEN_BRACKET, skipSpace } from '../scan-tokens.ts';
import type { Step } from './pointer.ts';

/** A document as its index tells it; the layout is drawn at {@link import('./build-index.ts').IndexBuilder}. */
export interface Indexed {
  readonly bytes: Buffer;
  readonly offsets: Uint32Array;
  readonly ends: Uint32Array;
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

/** The first entry after an entry and everything inside it. */
export function nextEntry({ bytes, offsets, ends }: Indexed, entry: number): number {
  const end = ends[entry];
  // Ends that are bytes lie behind the offset. Those that are entries mostly do not, since an entry takes several bytes:
  // that spares reading the document's own memory for each element that is hopped over.
  if (end <= offsets[entry]) return end;
  const byte = bytes[offsets[entry]];
  return byte === OPEN_BRACE || byte === OPEN_BRACKET ? end : entry + 1;
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
  const length = key.length;
  const first = length > 0 ? key[0] : -1;
  const limit = ends[object];
  let found = MISSING;
  for (let entry = object + 1; entry < limit; entry = nextEntry(indexed, entry + 1)) {
    const from = offsets[entry] + 1;
    const size = ends[entry] - from;
    // An escape is longer than what it stands for, so a key that is shorter as it is written is shorter.
    if (size < length && !step.isEscaped) continue;
    if (size === length && bytes[from] !== first && bytes[from] !== BACKSLASH && length > 0) continue;
    if (isKey(bytes, from, from + size, step)) found = entry + 1;
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
  const byte = bytes[start];
  if (byte !== OPEN_BRACE && byte !== OPEN_BRACKET) return scalarEnd(indexed, entry);
  const limit = ends[entry];
  let closers = 1;
  let last = entry;
  for (let inner = entry + 1; inner < limit;) {
    const next = nextEntry(indexed, inner);
    last = inner;
    const open = bytes[offsets[inner]];
    if (next === limit && (open === OPEN_BRACE || open === OPEN_BRACKET)) {
      closers++;
      inner++;
    } else {
      inner = next;
    }
  }
  const open = bytes[offsets[last]];
  let at = open === OPEN_BRACE || open === OPEN_BRACKET ? offsets[last] + 1 : scalarEnd(indexed, last);
  for (; closers > 0; closers--) at = skipSpace(bytes, at, bytes.length) + 1;
  return at;
}

function scalarEnd({ bytes, offsets, ends }: Indexed, entry: number): number {
  // Where a string ends is its closing quote, where anything else ends is behind it.
  return bytes[offsets[entry]] === 0x22 ? ends[entry] + 1 : ends[entry];
}
