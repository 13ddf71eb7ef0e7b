import { setImmediate as nextTurn } from 'node:timers/promises';
import { nextEntry, valueEnd } from '../document/walk.ts';
import { unescaped } from '../decoder/key-node.ts';
import { OPEN_BRACE } from '../scan-tokens.ts';
import { throwIfAborted } from '../source/reading.ts';
import type { Reading } from '../source/reading.ts';
import { decode } from './decode.ts';
import type { IndexedDocument } from './indexed-document.ts';
import { restoreIntegers } from './restore-integers.ts';

/** A piece takes the engine about half a millisecond. */
const PIECE_BYTES = 131_072;
/** How long a turn of the event loop may have lasted when another piece is begun. */
const TURN_MS = 2;

/** A container that is too large to be built at once: its members from `entry` on are still missing. */
interface Level {
  readonly target: unknown[] | Record<string, unknown>;
  readonly isObject: boolean;
  entry: number;
  readonly limit: number;
}

/** Members that are built at once: entries up to `end`, of which `last` is that of the last value. */
interface Piece {
  readonly end: number;
  readonly last: number;
}

/**
 * The value of a document, built by the engine in pieces with turns of the event loop between them. A piece is a run of
 * members of one container, about 128 kB of them; a string that is longer is one piece.
 */
export async function buildInTurns(
  document: IndexedDocument,
  integers: ArrayLike<number>,
  reading: Reading,
  pieceBytes: number = PIECE_BYTES,
): Promise<unknown> {
  const root: unknown[] = [];
  const outer: Level[] = [];
  let level: Level = { target: root, isObject: false, entry: 0, limit: document.count };
  let turnEnd = performance.now() + TURN_MS;
  for (;;) {
    if (level.entry >= level.limit) {
      const container = outer.pop();
      if (container === undefined) return root[0];
      level = container;
      continue;
    }
    const piece = nextPiece(document, level, pieceBytes);
    if (piece === undefined) {
      outer.push(level);
      level = enter(document, level);
      continue;
    }
    build(document, integers, level, piece);
    level.entry = piece.end;
    if (performance.now() < turnEnd) continue;
    await nextTurn();
    throwIfAborted(reading);
    turnEnd = performance.now() + TURN_MS;
  }
}

/** The members to be built next, or undefined where the first of them is a container that is larger than a piece. */
function nextPiece(document: IndexedDocument, level: Level, pieceBytes: number): Piece | undefined {
  const { bytes, offsets, count } = document;
  const { limit, isObject } = level;
  const start = offsets[level.entry];
  let last = -1;
  let entry = level.entry;
  while (entry < limit) {
    const value = isObject ? entry + 1 : entry;
    const after = nextEntry(document, value);
    // With what stands between the values: near enough.
    const end = after < count ? offsets[after] : bytes.length;
    if (after > value + 1 && end - offsets[value] > pieceBytes) break;
    last = value;
    entry = after;
    if (end - start >= pieceBytes) break;
  }
  return last < 0 ? undefined : { end: entry, last };
}

function build(document: IndexedDocument, integers: ArrayLike<number>, { target, entry }: Level, piece: Piece): void {
  const { bytes, offsets } = document;
  const members = decode(bytes, offsets[entry], valueEnd(document, piece.last));
  if (Array.isArray(target)) {
    const values = JSON.parse(`[${members}]`) as unknown[];
    restoreIntegers(document, integers, values, entry, piece.end);
    for (const value of values) target.push(value);
  } else {
    const values = JSON.parse(`{${members}}`) as Record<string, unknown>;
    restoreIntegers(document, integers, values, entry, piece.end);
    for (const key of Object.keys(values)) setOwn(target, key, values[key]);
  }
}

/** An empty container in its place, to be filled. */
function enter(document: IndexedDocument, level: Level): Level {
  const { bytes, offsets, ends } = document;
  const { target, entry } = level;
  const value = level.isObject ? entry + 1 : entry;
  const isObject = bytes[offsets[value]] === OPEN_BRACE;
  const container: Level['target'] = isObject ? {} : [];
  if (Array.isArray(target)) target.push(container);
  else setOwn(target, unescaped(bytes, offsets[entry] + 1, ends[entry]), container);
  const limit = nextEntry(document, value);
  level.entry = limit;
  return { target: container, isObject, entry: value + 1, limit };
}

/** As the engine's parser does: `__proto__` is a key like any other. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}
