import * as fc from 'fast-check';
import { afterAll, describe, expect, expectTypeOf, test } from 'vitest';
import type { ConcurrencyError } from './errors.ts';
import type { Progress } from './run-concurrent.ts';
import { runParallel, runParallelSettled } from './run-parallel.ts';
import * as tasks from './testing/tasks.ts';
import { threadPool } from './thread-pool.ts';

const code = (name: string) => expect.objectContaining({ code: `ERR_PERF_CONCURRENCY_${name}` });
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const pool = threadPool({ maxThreads: 2 });
afterAll(() => pool.destroy());

describe('results', () => {
  test('are those of a plain loop, for any number of items, chunk size and source', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.integer({ min: -1_000, max: 1_000 }), { maxLength: 200 }),
      fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
      fc.boolean(),
      async (values, chunkSize, isAsync) => {
        async function* later(): AsyncGenerator<number> {
          yield* values;
        }
        const results = await runParallel(tasks.square, isAsync ? later() : values, { pool, chunkSize });
        expect(results).toEqual(values.map((value) => value * value));
      },
    );
    await expect(fc.assert(property, { numRuns: 50 })).resolves.toBeUndefined();
  });

  test('come from asynchronous tasks as well', async () => {
    expect(await runParallel(tasks.squareLater, numbers(100), { pool })).toEqual(numbers(100).map((n) => n * n));
  });

  test('come from own threads when no pool is given, which are gone afterwards', async () => {
    const ids = await runParallel(tasks.whichThread, numbers(4), { maxWorkers: 2 });
    expect(ids.every((id) => id > 0)).toBe(true);
  });

  test('of many small items take few messages', async () => {
    const seen: Progress[] = [];
    await runParallel(tasks.square, numbers(50_000), { pool, onProgress: (progress) => seen.push(progress) });
    expect(seen.length).toBeLessThan(500);
    expect(seen.at(-1)).toEqual({ settled: 50_000, failed: 0, total: 50_000 });
  });

  test('have the types of the task', () => {
    const types = () => {
      expectTypeOf(runParallel(tasks.squareLater, [1])).toEqualTypeOf<Promise<number[]>>();
      expectTypeOf(runParallelSettled(tasks.square, [1])).toEqualTypeOf<Promise<PromiseSettledResult<number>[]>>();
      // @ts-expect-error -- the task takes numbers
      void runParallel(tasks.square, ['1']);
    };
    expect(types).toBeTypeOf('function');
  });
});

describe('failure', () => {
  test('rejects with the first error of the task and leaves the threads alone', async () => {
    const before = await runParallel(tasks.whichThread, [1, 2, 3, 4], { pool, chunkSize: 1 });
    const error = await runParallel(tasks.oddFails, [0, 2, 3, 4], { pool }).catch((caught: unknown) => caught as Error);
    expect(error).toBeInstanceOf(RangeError);
    expect((error as Error).message).toBe('odd 3');
    const after = await runParallel(tasks.whichThread, [1, 2, 3, 4], { pool, chunkSize: 1 });
    expect(after.every((id) => before.includes(id))).toBe(true);
  });

  test('under stopOnError: false collects every error in order', async () => {
    const run = runParallel(tasks.oddFails, numbers(1_000), { pool, stopOnError: false });
    const error = await run.catch((caught: unknown) => caught as ConcurrencyError);
    expect(error).toEqual(code('ITEMS_FAILED'));
    const { errors, message } = error as ConcurrencyError;
    expect(message).toBe('runParallel: 500 of 1000 items failed, the first at index 1: odd 1');
    expect(errors?.map((one) => (one as Error).message)).toEqual(
      numbers(1_000)
        .filter((n) => n % 2 === 1)
        .map((n) => `odd ${n}`),
    );
  });

  test('settled gives one outcome per item', async () => {
    const outcomes = await runParallelSettled(tasks.oddFails, numbers(5), { pool, chunkSize: 2 });
    expect(outcomes.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error).message))).toEqual([
      0,
      'odd 1',
      2,
      'odd 3',
      4,
    ]);
  });

  test('of a thread fails its chunk, and the other chunks go on', async () => {
    const outcomes = await runParallelSettled(tasks.exitsAt, numbers(8), { pool, chunkSize: 2 });
    const told = outcomes.map((one) =>
      one.status === 'fulfilled' ? one.value : (one.reason as ConcurrencyError).code,
    );
    const lost = 'ERR_PERF_CONCURRENCY_WORKER_LOST';
    expect(told).toEqual([0, 1, lost, lost, 4, 5, 6, 7]);
  });

  test('of the source rejects with its error', async () => {
    function* broken(): Generator<number> {
      yield 1;
      throw new Error('source');
    }
    await expect(runParallelSettled(tasks.square, broken(), { pool })).rejects.toThrow('source');
    async function* brokenLater(): AsyncGenerator<number> {
      yield* broken();
    }
    await expect(runParallel(tasks.square, brokenLater(), { pool })).rejects.toThrow('source');
  });

  test('that would meet every item ends the run, whatever its form and length', async () => {
    function* endless(): Generator<number> {
      for (;;) yield 1;
    }
    const closed = threadPool({ maxThreads: 1 });
    await closed.close();
    await expect(runParallelSettled(tasks.square, endless(), { pool: closed })).rejects.toEqual(code('CLOSED'));
    await expect(runParallelSettled(tasks.misnamed, endless(), { pool })).rejects.toEqual(code('TASK'));
  });
});

describe('the signal', () => {
  test('stops threads in the middle of an item', async () => {
    const controller = new AbortController();
    const started = runParallelSettled(tasks.spin, [undefined, undefined], {
      maxWorkers: 2,
      signal: controller.signal,
      chunkSize: 1,
    });
    controller.abort('enough');
    await expect(started).rejects.toMatchObject({ code: 'ERR_PERF_CONCURRENCY_ABORTED', cause: 'enough' });
  });

  test('closes a source that is waiting', async () => {
    async function* quiet(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => {});
    }
    const controller = new AbortController();
    let report: () => void = () => {};
    const first = new Promise<void>((resolve) => (report = resolve));
    const run = runParallel(tasks.square, quiet(), {
      pool,
      signal: controller.signal,
      onProgress: () => report(),
    });
    await first;
    controller.abort();
    await expect(run).rejects.toEqual(code('ABORTED'));
  });
});

test('a wrong argument names what is wrong', async () => {
  await expect(runParallel((() => 1) as never, [])).rejects.toThrow('runParallel: not a task');
  await expect(runParallel(tasks.square, 1 as never)).rejects.toThrow('runParallel: items must be an iterable');
  await expect(runParallel(tasks.square, [], { chunkSize: 0 })).rejects.toEqual(code('OPTION'));
  await expect(runParallel(tasks.square, [], { pool: {} as never })).rejects.toThrow('"pool" must be a threadPool()');
  expect(await runParallel(tasks.square, [])).toEqual([]);
});
