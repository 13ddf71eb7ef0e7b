import { setImmediate as nextTurn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { streamConcurrent } from './stream-concurrent.ts';
import type { StreamedResult } from './stream-concurrent.ts';

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const results: T[] = [];
  for await (const result of stream) results.push(result);
  return results;
}

/** Work that settles when the test says so. */
function controlled() {
  const finish: (() => void)[] = [];
  const started: number[] = [];
  const signals: AbortSignal[] = [];
  const fn = (item: number, { signal }: { signal: AbortSignal }) => {
    started.push(item);
    signals.push(signal);
    return new Promise<number>((resolve) => {
      finish[item] = () => resolve(item * 10);
    });
  };
  return { finish, started, signals, fn };
}

test('gives the results of a plain loop, in order of the items, whatever order they finish in', async () => {
  const property = fc.asyncProperty(
    fc.array(fc.nat(3), { maxLength: 30 }),
    fc.integer({ min: 1, max: 5 }),
    fc.constantFrom('items' as const, 'completion' as const),
    async (turns, maxWorkers, order) => {
      const work = async (count: number) => {
        for (let turn = 0; turn < count; turn++) await nextTurn();
        return count;
      };
      const results = await all(streamConcurrent(work, turns, { maxWorkers, order }));
      const wanted = turns.map((value, index): StreamedResult<number> => ({ index, value }));
      if (order === 'completion') results.sort((a, b) => a.index - b.index);
      expect(results).toEqual(wanted);
    },
  );
  await expect(fc.assert(property, { numRuns: 100 })).resolves.toBeUndefined();
});

test('gives what is ready first when asked to', async () => {
  const { finish, fn } = controlled();
  const stream = streamConcurrent(fn, [0, 1, 2], { order: 'completion', maxWorkers: 3 });
  const first = stream.next();
  finish[2]();
  expect(await first).toEqual({ done: false, value: { index: 2, value: 20 } });
  finish[0]();
  finish[1]();
  expect(await all(stream)).toEqual([
    { index: 0, value: 0 },
    { index: 1, value: 10 },
  ]);
});

test('starts with the first result asked for and is held back by a slow consumer', async () => {
  let taken = 0;
  function* endless(): Generator<number> {
    for (;;) yield taken++;
  }
  const stream = streamConcurrent(async (item) => item, endless(), { maxWorkers: 4 });
  await nextTurn();
  expect(taken).toBe(0);
  expect((await stream.next()).value).toEqual({ index: 0, value: 0 });
  await nextTurn();
  expect(taken).toBe(5);
  await nextTurn();
  expect(taken).toBe(5);
  await stream.return();
});

test('delivers from a source that has gone quiet', async () => {
  async function* quiet(): AsyncGenerator<number> {
    yield 1;
    await new Promise(() => {});
  }
  const controller = new AbortController();
  const stream = streamConcurrent(async (item) => item, quiet(), { signal: controller.signal });
  expect((await stream.next()).value).toEqual({ index: 0, value: 1 });
  const waiting = stream.next();
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'ERR_PERF_CONCURRENCY_ABORTED' });
});

describe('the end', () => {
  test('by leaving the loop aborts the running items and waits for them', async () => {
    const { finish, started, signals, fn } = controlled();
    let left = false;
    const consumer = (async () => {
      for await (const result of streamConcurrent(fn, [0, 1, 2, 3], { maxWorkers: 2 })) {
        expect(result.value).toBe(0);
        break;
      }
      left = true;
    })();
    finish[0]();
    await nextTurn();
    expect(signals[1].aborted).toBe(true);
    expect(left).toBe(false);
    for (const index of started) finish[index]();
    await consumer;
    expect(started).toEqual([0, 1, 2]);
  });

  test('by the first error throws it after the others have settled', async () => {
    const failure = new Error('second');
    let finish = () => {};
    const stream = streamConcurrent(
      (item) => (item === 0 ? new Promise<void>((resolve) => (finish = resolve)) : Promise.reject(failure)),
      [0, 1],
    );
    let settled = false;
    const next = stream.next().catch((error: unknown) => {
      settled = true;
      return error;
    });
    await nextTurn();
    expect(settled).toBe(false);
    finish();
    expect(await next).toBe(failure);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  test('by a wrong argument comes at the call', () => {
    expect(() => streamConcurrent(() => 1, [], { order: 'random' as never })).toThrow(
      'must be one of items, completion',
    );
    expect(() => streamConcurrent(() => 1, 1 as never)).toThrow('streamConcurrent: items must be an iterable');
  });
});
