import { unescaped } from '../decoder/key-node.ts';
import { nextEntry } from '../document/walk.ts';
import { BACKSLASH } from '../scan-tokens.ts';
import type { IndexedDocument } from './indexed-document.ts';

/** Objects with more members are looked through with a Set: its cost per key has no worst case that a sender could choose. */
const MAX_TABLE_KEYS = 64;
/** A power of two, four times as many as keys, so that most are found free. */
const SLOTS = 256;

const entries = new Int32Array(SLOTS);
const hashes = new Int32Array(SLOTS);
/** Which object a slot was last filled for: so the table need not be cleared. */
const owners = new Float64Array(SLOTS);
let objects = 0;

const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

/** The members of an object whose key an earlier member has, as entries of their keys, appended in order. */
export function repeatedKeys(document: IndexedDocument, object: number, found: number[]): void {
  const { length } = found;
  if (searchTable(document, object, found)) return;
  found.length = length;
  searchSet(document, object, found);
}

/**
 * By a table of hashes over the bytes of the keys. False for an object that it is not made for: one with many members, or
 * with a key that has an escape.
 */
function searchTable(document: IndexedDocument, object: number, found: number[]): boolean {
  const { bytes, offsets, ends } = document;
  const owner = ++objects;
  const limit = ends[object];
  let left = MAX_TABLE_KEYS;
  for (let entry = object + 1; entry < limit; entry = nextEntry(document, entry + 1)) {
    if (left-- === 0) return false;
    const end = ends[entry];
    let hash = FNV_OFFSET;
    for (let at = offsets[entry] + 1; at < end; at++) {
      const byte = bytes[at];
      if (byte === BACKSLASH) return false;
      hash = Math.imul(hash ^ byte, FNV_PRIME);
    }
    let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    while (owners[slot] === owner && !(hashes[slot] === hash && isSameKey(document, entries[slot], entry))) {
      slot = (slot + 1) & (SLOTS - 1);
    }
    if (owners[slot] === owner) {
      found.push(entry);
    } else {
      owners[slot] = owner;
      hashes[slot] = hash;
      entries[slot] = entry;
    }
  }
  return true;
}

/** Of keys without escapes. */
function isSameKey({ bytes, offsets, ends }: IndexedDocument, one: number, other: number): boolean {
  const length = ends[one] - offsets[one];
  if (ends[other] - offsets[other] !== length) return false;
  for (let index = 1; index < length; index++) {
    if (bytes[offsets[one] + index] !== bytes[offsets[other] + index]) return false;
  }
  return true;
}

function searchSet(document: IndexedDocument, object: number, found: number[]): void {
  const { bytes, offsets, ends } = document;
  const seen = new Set<string>();
  const limit = ends[object];
  for (let entry = object + 1; entry < limit; entry = nextEntry(document, entry + 1)) {
    const key = unescaped(bytes, offsets[entry] + 1, ends[entry]);
    if (seen.has(key)) found.push(entry);
    else seen.add(key);
  }
}
