import { GCProfiler, getHeapSpaceStatistics } from 'node:v8';

/** Differences between the begin and the end of a piece of work, in bytes. */
export interface HeapDifference {
  readonly allocatedBytes: number;
  readonly peakHeapBytes: number;
  readonly heapUsedBytes: number;
  readonly externalBytes: number;
  readonly rssBytes: number;
  readonly collections: number;
}

interface SpaceUse {
  readonly spaceName: string;
  readonly spaceUsedSize: number;
}

// V8 reports the size of the heap before and after each collection. Between two collections it only grows, so the
// rises add up to what was allocated, and the highest point is one of their ends:
//
//   used   begin ╱│ ╱│  ╱ end          allocated = sum of the rises
//               ╱ │╱ │ ╱               peak      = highest tip − begin
//              ╱  ╵  │╱
//                gc  gc
//
// The rises are taken space by space. The old generation is swept lazily after a collection: what that frees would hide as
// many bytes of new objects, which are made in the young spaces, where nothing is lazy. (Summed over all spaces, a 400 KB
// array measured 83 KB when a major collection had just run.) What is made in the old generation directly can still be
// hidden; there is little of it.
//
// `total_allocated_bytes` of newer Node versions counts the same, but in whole allocation buffers: half a megabyte
// for ten small arrays. And it has no peak.
export class HeapMeter {
  readonly #profiler: GCProfiler = new GCProfiler();
  readonly #begin: NodeJS.MemoryUsage;
  readonly #beginUse: Map<string, number>;

  constructor() {
    this.#profiler.start();
    this.#begin = process.memoryUsage();
    this.#beginUse = bySpace(spacesNow());
  }

  stop(): HeapDifference {
    const endUse = spacesNow();
    const end = process.memoryUsage();
    const { statistics } = this.#profiler.stop();
    const begin = this.#begin.heapUsed;
    let low = this.#beginUse;
    let peak = Math.max(begin, end.heapUsed);
    let allocated = 0;
    for (const { beforeGC, afterGC } of statistics) {
      allocated += rise(low, beforeGC.heapSpaceStatistics);
      peak = Math.max(peak, beforeGC.heapStatistics.usedHeapSize);
      low = bySpace(afterGC.heapSpaceStatistics);
    }
    return {
      allocatedBytes: allocated + rise(low, endUse),
      peakHeapBytes: peak - begin,
      heapUsedBytes: end.heapUsed - begin,
      externalBytes: end.external - this.#begin.external,
      rssBytes: end.rss - this.#begin.rss,
      collections: statistics.length,
    };
  }
}

function spacesNow(): SpaceUse[] {
  return getHeapSpaceStatistics().map((space) => ({
    spaceName: space.space_name,
    spaceUsedSize: space.space_used_size,
  }));
}

function bySpace(spaces: readonly SpaceUse[]): Map<string, number> {
  return new Map(spaces.map(({ spaceName, spaceUsedSize }) => [spaceName, spaceUsedSize]));
}

function rise(from: ReadonlyMap<string, number>, to: readonly SpaceUse[]): number {
  let sum = 0;
  for (const { spaceName, spaceUsedSize } of to) sum += Math.max(0, spaceUsedSize - (from.get(spaceName) ?? 0));
  return sum;
}
