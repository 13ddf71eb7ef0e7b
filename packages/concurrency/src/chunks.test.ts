import { setImmediate as nextTurn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChunkSizer, chunksOf } from './chunks.ts';
import type { ItemRun } from './chunks.ts';

async function gather(
  chunks: Iterable<ItemRun<number>> | AsyncIterable<ItemRun<number>>,
  each?: (run: ItemRun<number>) => void,
) {
  const runs: ItemRun<number>[] = [];
  for await (const run of chunks) {
    each?.(run);
    runs.push(run);
  }
  return runs;
}

describe('the size of a chunk', () => {
  test('grows from one to five milliseconds of work', () => {
    const sizer = new ChunkSizer(undefined, undefined, 2);
    const sizes: number[] = [];
    for (let round = 0; round < 7; round++) {
      const size = sizer.next(0);
      sizes.push(size);
      sizer.observe(size, size * 0.01);
    }
    expect(sizes.slice(0, 5)).toEqual([1, 8, 64, 500, 500]);
  });

  test('never grows past its limit, even for items that take no time', () => {
    const sizer = new ChunkSizer(undefined, undefined, 2);
    for (let round = 0; round < 10; round++) sizer.observe(sizer.next(0), 0);
    expect(sizer.next(0)).toBe(4096);
  });

  test('falls at once when items get slow, to no less than one', () => {
    const sizer = new ChunkSizer(undefined, undefined, 2);
    sizer.observe(500, 5);
    sizer.observe(500, 5_000);
    expect(sizer.next(0)).toBe(1);
  });

  test('leaves every thread a share of the last items, down to half a millisecond of work', () => {
    const sizer = new ChunkSizer(undefined, 1_000, 2);
    sizer.observe(1_000, 10);
    expect(sizer.next(0)).toBe(250);
    expect(sizer.next(600)).toBe(100);
    expect(sizer.next(900)).toBe(50);
  });

  test('leaves single items to the threads where one takes long', () => {
    const sizer = new ChunkSizer(undefined, 1_000, 2);
    sizer.observe(10, 10);
    expect(sizer.next(990)).toBe(3);
    expect(sizer.next(999)).toBe(1);
  });

  test('stays as given when it is given', () => {
    const sizer = new ChunkSizer(7, 10, 2);
    sizer.observe(7, 100);
    expect(sizer.next(9)).toBe(7);
  });
});

describe('a cut source', () => {
  test('keeps every item, once, in order, whatever the sizes', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.integer()),
      fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1 }),
      fc.boolean(),
      async (items, costs, isAsync) => {
        async function* later(): AsyncGenerator<number> {
          yield* items;
        }
        const sizer = new ChunkSizer(undefined, isAsync ? undefined : items.length, 2);
        let round = 0;
        const runs = await gather(chunksOf(isAsync ? later() : items, sizer), (run) => {
          expect(run.items.length).toBeGreaterThan(0);
          sizer.observe(run.items.length, costs[round++ % costs.length]);
        });
        expect(runs.flatMap((run) => run.items)).toEqual(items);
        let start = 0;
        for (const run of runs) {
          expect(run.start).toBe(start);
          start += run.items.length;
        }
      },
    );
    await expect(fc.assert(property)).resolves.toBeUndefined();
  });

  test('does not hold an item back while the source is slow', async () => {
    let release: () => void = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    async function* slow(): AsyncGenerator<number> {
      yield 1;
      yield 2;
      await released;
      yield 3;
    }
    const sizer = new ChunkSizer(10, undefined, 2);
    const chunks = chunksOf(slow(), sizer) as AsyncGenerator<ItemRun<number>>;
    expect((await chunks.next()).value).toEqual({ start: 0, items: [1, 2] });
    const rest = chunks.next();
    await nextTurn();
    release();
    expect((await rest).value).toEqual({ start: 2, items: [3] });
    expect((await chunks.next()).done).toBe(true);
  });

  test('is closed when its reader leaves', async () => {
    let closed = 0;
    function* source(): Generator<number> {
      try {
        for (;;) yield 1;
      } finally {
        closed++;
      }
    }
    async function* later(): AsyncGenerator<number> {
      yield* source();
    }
    const sizer = new ChunkSizer(3, undefined, 2);
    for await (const run of chunksOf(source(), sizer)) if (run.start >= 3) break;
    for await (const run of chunksOf(later(), sizer)) if (run.start >= 3) break;
    expect(closed).toBe(2);
  });
});
