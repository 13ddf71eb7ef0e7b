import { unescaped } from '../decoder/key-node.ts';
import { nextEntry } from '../document/walk.ts';
import { isDigit } from '../scan-tokens.ts';
import type { IndexedDocument } from './indexed-document.ts';
import { readInteger } from './read-integer.ts';

type Container = unknown[] | Record<string, unknown>;

/** A container on the way to an integer: which of its members come next. */
interface Level {
  readonly container: Container;
  /** Keys by place; none in an array. */
  readonly names: Names | undefined;
  entry: number;
  readonly limit: number;
  place: number;
}

/** The keys of an object in the order of the document; undefined where a later member has the same key. */
type Names = readonly (string | undefined)[];

/**
 * Puts the exact integers where the engine has rounded them: into `container`, which it built from the entries from `first`
 * to `limit`. `integers` are entries, in order.
 *
 * Only containers with such an integer inside are entered; of those, the entries of all members are looked at. No recursion.
 */
export function restoreIntegers(
  document: IndexedDocument,
  integers: ArrayLike<number>,
  container: Container,
  first: number,
  limit: number,
): void {
  const { bytes, offsets, ends } = document;
  let next = lowerBound(integers, first);
  if (next === integers.length || integers[next] >= limit) return;
  const outer: Level[] = [];
  let level = levelOf(document, container, first, limit);
  while (next < integers.length && integers[next] < limit) {
    const wanted = integers[next];
    if (wanted >= level.limit) {
      level = outer.pop() as Level;
      continue;
    }
    const { names, place } = level;
    const value = names === undefined ? level.entry : level.entry + 1;
    const after = nextEntry(document, value);
    level.entry = after;
    level.place++;
    if (wanted >= after) continue;
    const key = names === undefined ? place : names[place];
    if (key === undefined) {
      // The value of a later member stands there.
      next = lowerBound(integers, after);
    } else if (wanted === value) {
      (level.container as Record<string | number, unknown>)[key] = readInteger(bytes, offsets[value], ends[value]);
      next++;
    } else {
      outer.push(level);
      const inner = (level.container as Record<string | number, unknown>)[key] as Container;
      level = levelOf(document, inner, value + 1, after);
    }
  }
}

function levelOf(document: IndexedDocument, container: Container, entry: number, limit: number): Level {
  const names = Array.isArray(container) ? undefined : namesOf(document, container, entry, limit);
  return { container, names, entry, limit, place: 0 };
}

/**
 * The engine keeps the keys in the order of the document, except array indexes, which come first, and repeated ones, which it
 * has once. Where there are neither, its own strings serve, and no key needs to be decoded.
 */
function namesOf(document: IndexedDocument, object: Record<string, unknown>, first: number, limit: number): Names {
  const keys = Object.keys(object);
  // Two entries for each key: no key is repeated, and nothing is nested. That is what rows of a table are.
  if (limit - first === 2 * keys.length && !isDigit(keys[0].charCodeAt(0))) return keys;
  let members = 0;
  for (let entry = first; entry < limit; entry = nextEntry(document, entry + 1)) members++;
  return keys.length === members && !isDigit(keys[0].charCodeAt(0)) ? keys : readNames(document, first, limit);
}

function readNames(document: IndexedDocument, first: number, limit: number): Names {
  const { bytes, offsets, ends } = document;
  const names: (string | undefined)[] = [];
  const places = new Map<string, number>();
  for (let entry = first; entry < limit; entry = nextEntry(document, entry + 1)) {
    const name = unescaped(bytes, offsets[entry] + 1, ends[entry]);
    const earlier = places.get(name);
    if (earlier !== undefined) names[earlier] = undefined;
    places.set(name, names.length);
    names.push(name);
  }
  return names;
}

/** The place of the first that is not less. */
function lowerBound(sorted: ArrayLike<number>, least: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
