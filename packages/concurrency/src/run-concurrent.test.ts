import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConcurrencyError } from './errors.ts';
import { fuzz } from './run-concurrent.fuzz.ts';
import { runConcurrent, runConcurrentSettled } from './run-concurrent.ts';
import type { Progress } from './run-concurrent.ts';
import { checkScenario } from './testing/scenario.ts';

const code = (name: string) => expect.objectContaining({ code: `ERR_PERF_CONCURRENCY_${name}` });

describe('against the naive twin', () => {
  test('any items, orders of completion and aborts come out as a plain loop would have it', async () => {
    const scenario = fc.record({
      behaviours: fc.array(
        fc.oneof(
          { weight: 8, arbitrary: fc.constantFrom('resolves' as const, 'returns' as const) },
          { weight: 1, arbitrary: fc.constantFrom('rejects' as const, 'throws' as const) },
        ),
        { maxLength: 25 },
      ),
      source: fc.constantFrom('array' as const, 'generator' as const, 'async generator' as const),
      form: fc.constantFrom('first error' as const, 'all errors' as const, 'settled' as const),
      maxWorkers: fc.integer({ min: 1, max: 6 }),
      choices: fc.array(fc.nat(5), { maxLength: 10 }),
      abortAtStep: fc.option(fc.nat(10), { nil: undefined }),
    });
    await expect(fc.assert(fc.asyncProperty(scenario, checkScenario), { numRuns: 200 })).resolves.toBeUndefined();
  });

  test('the fuzz target holds for a fixed seed', async () => {
    await expect(fuzz.run(7, 200)).resolves.toBeUndefined();
  });
});

describe('results', () => {
  test('come in order of the items whatever order they finish in', async () => {
    const finish: (() => void)[] = [];
    const results = runConcurrent(
      (item) => new Promise<string>((resolve) => (finish[item] = () => resolve(`#${item}`))),
      [0, 1, 2],
    );
    finish[2]();
    finish[0]();
    finish[1]();
    expect(await results).toEqual(['#0', '#1', '#2']);
  });

  test('of nothing are an empty array', async () => {
    expect(await runConcurrent(() => 1, [])).toEqual([]);
    expect(await runConcurrentSettled(() => 1, new Set())).toEqual([]);
  });

  test('may be undefined and keep their place', async () => {
    expect(await runConcurrent(async () => {}, 'ab')).toEqual([undefined, undefined]);
  });

  test('of a hundred thousand functions without promises need no stack', async () => {
    const results = await runConcurrent((item: number) => item + 1, new Array<number>(100_000).fill(1), {
      maxWorkers: 3,
    });
    expect(results.length).toBe(100_000);
    expect(results.every((value) => value === 2)).toBe(true);
  });

  test('take a thenable that calls back twice only once', async () => {
    // oxlint-disable-next-line unicorn/no-thenable -- a badly made thenable is the subject
    const twice = { then: (resolve: (value: number) => void) => (resolve(1), resolve(2)) } as PromiseLike<number>;
    expect(await runConcurrent(() => twice, ['a', 'b'])).toEqual([1, 1]);
  });
});

describe('the source', () => {
  test('is never read further than there are workers', async () => {
    let taken = 0;
    const finish: (() => void)[] = [];
    function* endless(): Generator<number> {
      for (;;) yield taken++;
    }
    const controller = new AbortController();
    const run = runConcurrent(() => new Promise<void>((resolve) => finish.push(resolve)), endless(), {
      maxWorkers: 3,
      signal: controller.signal,
    });
    expect(taken).toBe(3);
    finish.shift()!();
    await nextTurn();
    expect(taken).toBe(4);
    controller.abort();
    for (const done of finish) done();
    await expect(run).rejects.toEqual(code('ABORTED'));
  });

  test('that throws stops the run with its error after the running items', async () => {
    const failure = new Error('source');
    const seen: AbortSignal[] = [];
    let finish = () => {};
    function* broken(): Generator<number> {
      yield 1;
      throw failure;
    }
    const fn = (_: number, { signal }: { signal: AbortSignal }) => {
      seen.push(signal);
      return new Promise<void>((resolve) => (finish = resolve));
    };
    const run = runConcurrentSettled(fn, broken());
    expect(seen[0].aborted).toBe(true);
    finish();
    await expect(run).rejects.toBe(failure);
  });

  test('that never delivers does not hold up an abort', async () => {
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    const controller = new AbortController();
    const run = runConcurrent(() => 1, silent, { signal: controller.signal });
    controller.abort('stop');
    await expect(run).rejects.toMatchObject({ code: 'ERR_PERF_CONCURRENCY_ABORTED', cause: 'stop' });
  });

  test('is closed before the run settles, and its late item is not worked on', async () => {
    let deliver: (step: IteratorResult<number>) => void = () => {};
    let closed = 0;
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<IteratorResult<number>>((resolve) => (deliver = resolve)),
        return: async () => (closed++, { done: true as const, value: undefined }),
      }),
    };
    const worked: number[] = [];
    const controller = new AbortController();
    const run = runConcurrent((item: number) => worked.push(item), source, { signal: controller.signal });
    controller.abort();
    await expect(run).rejects.toEqual(code('ABORTED'));
    deliver({ done: false, value: 1 });
    await nextTurn();
    expect(closed).toBe(1);
    expect(worked).toEqual([]);
  });

  test('that takes time to close is waited for', async () => {
    let closeNow = () => {};
    let settled = false;
    async function* connection(): AsyncGenerator<number> {
      try {
        for (let row = 0; ; row++) yield row;
      } finally {
        await new Promise<void>((resolve) => (closeNow = resolve));
      }
    }
    const failure = new Error('row 3');
    const fn = async (row: number) => {
      if (row === 3) throw failure;
    };
    const run = runConcurrent(fn, connection(), { maxWorkers: 1 }).catch((error: unknown) => {
      settled = true;
      return error;
    });
    await nextTurn();
    expect(settled).toBe(false);
    closeNow();
    expect(await run).toBe(failure);
  });

  test('that breaks the iterator protocol is an error, not a hang', async () => {
    const nonsense = { [Symbol.iterator]: () => ({ next: () => undefined as never }) };
    await expect(runConcurrent(() => 1, nonsense)).rejects.toThrow(TypeError);
    const later = { [Symbol.asyncIterator]: () => ({ next: async () => undefined as never }) };
    await expect(runConcurrent(() => 1, later)).rejects.toThrow(TypeError);
  });

  test('may itself abort the run while it produces an item', async () => {
    const controller = new AbortController();
    let closed = false;
    function* suicidal(): Generator<number> {
      try {
        yield 1;
        controller.abort();
        yield 2;
        yield 3;
      } finally {
        closed = true;
      }
    }
    const worked: number[] = [];
    const run = runConcurrent((item: number) => worked.push(item), suicidal(), { signal: controller.signal });
    await expect(run).rejects.toEqual(code('ABORTED'));
    expect(worked).toEqual([1]);
    expect(closed).toBe(true);
  });
});

describe('failure', () => {
  test('rejects with the first error as it was thrown, after the others have settled', async () => {
    const failure = new RangeError('second');
    let finishFirst = () => {};
    let settled = false;
    const run = runConcurrent(
      (item) => (item === 0 ? new Promise<void>((resolve) => (finishFirst = resolve)) : Promise.reject(failure)),
      [0, 1],
    );
    const watched = run.catch((error: unknown) => {
      settled = true;
      return error;
    });
    await nextTurn();
    expect(settled).toBe(false);
    finishFirst();
    expect(await watched).toBe(failure);
  });

  test('drops what the aborted ones throw later', async () => {
    const first = new Error('first');
    const run = runConcurrent(
      (item, { signal }) =>
        new Promise((_, reject) => {
          if (item === 1) reject(first);
          else signal.addEventListener('abort', () => reject(new Error('later')));
        }),
      [0, 1, 2],
    );
    await expect(run).rejects.toBe(first);
  });

  test('under stopOnError: false names how many, where and what', async () => {
    const run = runConcurrent(
      async (item: number) => {
        if (item % 2 === 1) throw new Error(`odd ${item}`);
      },
      [0, 1, 2, 3],
      { stopOnError: false },
    );
    const error = await run.catch((caught: unknown) => caught as ConcurrencyError);
    expect(error).toBeInstanceOf(ConcurrencyError);
    expect(error).toMatchObject({
      code: 'ERR_PERF_CONCURRENCY_ITEMS_FAILED',
      message: 'runConcurrent: 2 of 4 items failed, the first at index 1: odd 1',
      errors: [{ message: 'odd 1' }, { message: 'odd 3' }],
    });
  });

  test('of undefined is a failure all the same', async () => {
    const run = runConcurrent(() => Promise.reject(undefined as unknown as Error), [1]);
    await expect(run).rejects.toBeUndefined();
  });
});

describe('the signal', () => {
  test('that is already aborted starts nothing', async () => {
    let started = 0;
    const run = runConcurrent(() => started++, [1, 2], { signal: AbortSignal.abort('early') });
    await expect(run).rejects.toMatchObject({ code: 'ERR_PERF_CONCURRENCY_ABORTED', cause: 'early' });
    expect(started).toBe(0);
  });

  test('reaches the running functions with its reason', async () => {
    const controller = new AbortController();
    const reasons: unknown[] = [];
    const run = runConcurrentSettled(
      (_, { signal }) =>
        new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            reasons.push(signal.reason);
            resolve();
          });
        }),
      [1, 2, 3],
      { maxWorkers: 2, signal: controller.signal },
    );
    controller.abort('market closed');
    await expect(run).rejects.toEqual(code('ABORTED'));
    expect(reasons).toEqual(['market closed', 'market closed']);
  });

  test('keeps no listener after the run, however it ended', async () => {
    const { signal } = new AbortController();
    await runConcurrent(async () => 1, [1, 2, 3], { signal });
    await runConcurrent(() => Promise.reject(new Error('no')), [1], { signal }).catch(() => {});
    await runConcurrentSettled(async () => 1, [1], { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('progress', () => {
  test('is told after every item, with the total where the source knows it', async () => {
    const seen: Progress[] = [];
    await runConcurrentSettled(
      (item) => {
        if (item === 2) throw new Error('two');
      },
      [1, 2, 3],
      { onProgress: (progress) => seen.push(progress) },
    );
    expect(seen).toEqual([
      { settled: 1, failed: 0, total: 3 },
      { settled: 2, failed: 1, total: 3 },
      { settled: 3, failed: 1, total: 3 },
    ]);
    const totals: unknown[] = [];
    const onProgress = ({ total }: Progress) => totals.push(total);
    await runConcurrent(() => 1, new Map([[1, 2]]), { onProgress });
    await runConcurrent(() => 1, new Float64Array(1), { onProgress });
    await runConcurrent(() => 1, [1].values(), { onProgress });
    expect(totals).toEqual([1, 1, undefined]);
  });

  test('that throws stops the run with its error', async () => {
    const failure = new Error('display');
    let started = 0;
    const onProgress = () => {
      throw failure;
    };
    const run = runConcurrent(async () => started++, [1, 2, 3], { maxWorkers: 1, onProgress });
    await expect(run).rejects.toBe(failure);
    expect(started).toBe(1);
  });
});

test('a wrong argument rejects with the name of what is wrong', async () => {
  const wrong: [Promise<unknown>, string][] = [
    [runConcurrent(() => 1, [], { maxWorkers: 0 }), 'runConcurrent: option "maxWorkers" must be an integer from 1'],
    [runConcurrent(() => 1, [], { maxWorker: 1 } as never), 'did you mean "maxWorkers"?'],
    [runConcurrent(() => 1, [], { signal: {} as never }), 'option "signal" must be an AbortSignal'],
    [runConcurrent(1 as never, []), 'runConcurrent: the first argument must be a function, got number'],
    [runConcurrentSettled(() => 1, 5 as never), 'runConcurrentSettled: items must be an iterable'],
    [runConcurrentSettled(() => 1, [], { stopOnError: true } as never), 'unknown option "stopOnError"'],
  ];
  for (const [call, text] of wrong) {
    await expect(call).rejects.toEqual(code('OPTION'));
    await expect(call).rejects.toThrow(text);
  }
});
