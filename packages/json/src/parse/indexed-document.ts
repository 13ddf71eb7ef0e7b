import { fillIndex } from '../document/fill-index.ts';
import { IndexMemory } from '../document/index-memory.ts';
import type { IndexBuilder } from '../document/build-index.ts';
import type { Indexed } from '../document/walk.ts';

/** A document with its index and the number of its entries. */
export interface IndexedDocument extends Indexed {
  readonly count: number;
}

/** Entries of an index whose memory is kept for the next document: 512 kB. */
const MAX_KEPT_ENTRIES = 65_536;
const NO_BYTES = Buffer.alloc(0);

let kept: IndexMemory | undefined;

/** The index of a document, or undefined where it is none within the limit of depth. To be given back. */
export function indexDocument(bytes: Buffer, build: IndexBuilder, maxDepth: number): IndexMemory | undefined {
  const index = kept ?? new IndexMemory();
  kept = undefined;
  index.bytes = bytes;
  if (fillIndex(index, build, maxDepth)) return index;
  giveBack(index);
  return undefined;
}

/** Lets the next document have the memory: for small ones, allocating it takes longer than filling it. */
export function giveBack(index: IndexMemory | undefined): void {
  if (index === undefined) return;
  index.bytes = NO_BYTES;
  index.count = 0;
  if (index.entries <= MAX_KEPT_ENTRIES) kept = index;
}
