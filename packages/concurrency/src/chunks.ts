import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Source } from './concurrent-run.ts';

// How runParallel cuts its items into messages. A message to a thread and back costs far more than a small item, so
// a chunk should hold work for much longer than that, and for much less than the whole run, or the last one is waited for.
//
//   1, then at most 8 times the last size, towards 5 ms of work per chunk:   1 · 8 · 64 · 512 · 4096
//   where the number of items is known, at most half a thread's share of what is left, so that all finish together, but 0.5 ms of work at least

const TARGET_MS = 5;
/**
 * No chunk is cut below this much work: a message to a thread and back takes some 0.1 ms. Halving the share of what is
 * left down to single items cost 10,000 small ones two thirds of their time.
 */
const LEAST_MS = 0.5;
const GROWTH = 8;
/** Copying a chunk holds the caller's thread: with small objects this many take a few milliseconds. */
const MAX_ITEMS = 4096;

export class ChunkSizer {
  readonly #fixed: number | undefined;
  readonly #total: number | undefined;
  readonly #workers: number;
  #size = 1;
  #itemMs = 0;

  constructor(fixed: number | undefined, total: number | undefined, workers: number) {
    this.#fixed = fixed;
    this.#total = total;
    this.#workers = workers;
  }

  /** The size of the chunk that starts with item `start`. */
  next(start: number): number {
    if (this.#fixed !== undefined) return this.#fixed;
    if (this.#total === undefined) return this.#size;
    const share = Math.ceil((this.#total - start) / (2 * this.#workers));
    const least = this.#itemMs > 0 ? Math.ceil(LEAST_MS / this.#itemMs) : 1;
    return Math.max(1, Math.min(this.#size, Math.max(share, least)));
  }

  /** A chunk came back: `items` of them took `elapsedMs`. */
  observe(items: number, elapsedMs: number): void {
    if (items === 0) return;
    const latest = elapsedMs / items;
    // Half of each: one slow item must not decide, a change of weather must within a few chunks.
    this.#itemMs = this.#itemMs === 0 ? latest : (this.#itemMs + latest) / 2;
    // Clocks are coarse: what took no time at all may still only grow step by step.
    const wanted = this.#itemMs > 0 ? Math.floor(TARGET_MS / this.#itemMs) : MAX_ITEMS;
    this.#size = Math.max(1, Math.min(wanted, Math.max(items, this.#size) * GROWTH, MAX_ITEMS));
  }
}

export interface ItemRun<Item> {
  readonly start: number;
  readonly items: Item[];
}

/** Cuts a source; each chunk is gathered when it is asked for, with the size that is right then. */
export function chunksOf<Item>(source: Source<Item>, sizer: ChunkSizer): Source<ItemRun<Item>> {
  return typeof (source as Partial<AsyncIterable<Item>>)[Symbol.asyncIterator] === 'function'
    ? cutAsync(source as AsyncIterable<Item>, sizer)
    : cut(source as Iterable<Item>, sizer);
}

function* cut<Item>(source: Iterable<Item>, sizer: ChunkSizer): Generator<ItemRun<Item>> {
  let start = 0;
  let items: Item[] = [];
  let size = sizer.next(0);
  for (const item of source) {
    items.push(item);
    if (items.length < size) continue;
    yield { start, items };
    start += items.length;
    items = [];
    size = sizer.next(start);
  }
  if (items.length > 0) yield { start, items };
}

/** A source that delivers slowly must not hold back what it has delivered: a chunk also ends with the turn of the loop. */
async function* cutAsync<Item>(source: AsyncIterable<Item>, sizer: ChunkSizer): AsyncGenerator<ItemRun<Item>> {
  const iterator = source[Symbol.asyncIterator]();
  let pending: Promise<IteratorResult<Item>> | undefined;
  let ended = false;
  let start = 0;
  try {
    while (!ended) {
      const first = await (pending ?? iterator.next());
      pending = undefined;
      if (first.done === true) {
        ended = true;
        return;
      }
      const items = [first.value];
      const size = sizer.next(start);
      const late = nextTurn(undefined);
      while (items.length < size) {
        pending = iterator.next();
        const step = await Promise.race([pending, late]);
        if (step === undefined) break;
        pending = undefined;
        ended = step.done === true;
        if (step.done === true) break;
        items.push(step.value);
      }
      yield { start, items };
      start += items.length;
    }
  } catch (error) {
    ended = true;
    throw error;
  } finally {
    if (!ended) {
      const closing = iterator.return?.();
      // A generator closes only when its pending item has come, which may be never.
      if (pending === undefined) await closing;
      else Promise.resolve(closing).catch(() => {});
    }
  }
}
