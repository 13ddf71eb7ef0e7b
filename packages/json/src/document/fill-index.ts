import type { IndexBuilder } from './build-index.ts';
import type { IndexMemory } from './index-memory.ts';

/** Bytes per entry in ordinary documents are 10 to 25; too small a guess costs a second pass, too large a one only address space. */
const BYTES_PER_ENTRY = 8;

/** Indexes `index.bytes` into its memory, which grows as needed. False where they are no document of at most that depth. */
export function fillIndex(index: IndexMemory, build: IndexBuilder, maxDepth: number): boolean {
  const { bytes } = index;
  if (index.offsets.length === 0) index.grow(Math.max(16, Math.ceil(bytes.length / BYTES_PER_ENTRY)));
  let count = build(bytes, maxDepth, index.unsignedOffsets, index.unsignedEnds);
  if (count < 0) {
    // Half as much again for those that grow slowly, of which the next will need more.
    index.grow(Math.max(-count, Math.ceil(index.offsets.length * 1.5)));
    count = build(bytes, maxDepth, index.unsignedOffsets, index.unsignedEnds);
  }
  if (!(count > 0)) return false;
  index.count = count;
  return true;
}
