import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from 'vitest';
import { timeoutAfter } from './timeout-after.ts';

const never = new Promise<number>(() => {});

// Time is the subject here, so it is a fake one.
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  if (vi.getTimerCount() > 0) throw new Error('a timer is left behind');
  vi.useRealTimers();
});

describe('in time', () => {
  test('settles as the promise does', async () => {
    expect(await timeoutAfter(Promise.resolve(1), { timeoutMs: 10 })).toBe(1);
    const failure = new Error('own');
    await expect(timeoutAfter(Promise.reject(failure), { timeoutMs: 10, default: 0 })).rejects.toBe(failure);
  });

  test('settles as the function does, even one that is not asynchronous', async () => {
    expect(await timeoutAfter(() => 1, { timeoutMs: 10 })).toBe(1);
    const failure = new Error('thrown');
    const throws = () => {
      throw failure;
    };
    await expect(timeoutAfter(throws, { timeoutMs: 10, default: 0 })).rejects.toBe(failure);
  });

  test('does not abort the signal of a function that has finished', async () => {
    let given: AbortSignal | undefined;
    await timeoutAfter(async (signal) => (given = signal), { timeoutMs: 10 });
    vi.advanceTimersByTime(100);
    expect(given?.aborted).toBe(false);
  });
});

describe('too late', () => {
  test('rejects with a code and the time', async () => {
    const call = timeoutAfter(never, { timeoutMs: 250 });
    vi.advanceTimersByTime(250);
    await expect(call).rejects.toMatchObject({
      code: 'ERR_PERF_CONCURRENCY_TIMEOUT',
      message: 'not settled within 250 ms',
    });
  });

  test.each([[undefined], [null], [0], [false]])('resolves to the default %s', async (value) => {
    const call = timeoutAfter(never, { timeoutMs: 1, default: value });
    vi.advanceTimersByTime(1);
    expect(await call).toBe(value);
  });

  test('aborts the signal of the function with the timeout as reason', async () => {
    let given: AbortSignal | undefined;
    const call = timeoutAfter((signal) => ((given = signal), never), { timeoutMs: 5, default: 'late' });
    expect(given?.aborted).toBe(false);
    vi.advanceTimersByTime(5);
    expect(await call).toBe('late');
    expect(given?.reason).toMatchObject({ code: 'ERR_PERF_CONCURRENCY_TIMEOUT' });
  });

  test('swallows the late rejection of the loser', async () => {
    const unhandled = vi.fn<(reason: unknown) => void>();
    process.on('unhandledRejection', unhandled);
    let fail: (error: Error) => void = () => {};
    const call = timeoutAfter(new Promise((_, reject) => (fail = reject)), { timeoutMs: 1, default: 0 });
    vi.advanceTimersByTime(1);
    expect(await call).toBe(0);
    fail(new Error('late'));
    vi.useRealTimers();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    vi.useFakeTimers();
  });
});

describe('the caller’s signal', () => {
  test('rejects at once with its reason as cause, default or not, and stops the function', async () => {
    const controller = new AbortController();
    let given: AbortSignal | undefined;
    const call = timeoutAfter((signal) => ((given = signal), never), {
      timeoutMs: 50,
      default: 0,
      signal: controller.signal,
    });
    controller.abort('gone');
    await expect(call).rejects.toMatchObject({ code: 'ERR_PERF_CONCURRENCY_ABORTED', cause: 'gone' });
    expect(given?.reason).toBe('gone');
  });

  test('that is already aborted does not call the function', async () => {
    const fn = vi.fn<() => number>();
    await expect(timeoutAfter(fn, { timeoutMs: 1, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ERR_PERF_CONCURRENCY_ABORTED',
    });
    expect(fn).not.toHaveBeenCalled();
  });

  test('keeps no listener, however the call ended', async () => {
    const { signal } = new AbortController();
    await timeoutAfter(Promise.resolve(1), { timeoutMs: 5, signal });
    await timeoutAfter(Promise.reject(new Error('no')), { timeoutMs: 5, signal }).catch(() => {});
    const late = timeoutAfter(never, { timeoutMs: 5, signal, default: 1 });
    vi.advanceTimersByTime(5);
    await late;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

test('a wrong argument rejects, and a rejected promise given with it stays handled', async () => {
  const bad = [
    timeoutAfter(Promise.reject(new Error('handled')), { timeoutMs: -1 }),
    timeoutAfter(never, {} as never),
    timeoutAfter(never, { timeoutMs: 2 ** 31 }),
    timeoutAfter(never, { timeoutMs: 1, defualt: 0 } as never),
    timeoutAfter(5 as never, { timeoutMs: 1 }),
    timeoutAfter(null as never, { timeoutMs: 1 }),
  ];
  for (const call of bad) await expect(call).rejects.toMatchObject({ code: 'ERR_PERF_CONCURRENCY_OPTION' });
});

test('the type of the result has the default in it, and only when one is given', () => {
  const types = () => {
    expectTypeOf(timeoutAfter(never, { timeoutMs: 1 })).toEqualTypeOf<Promise<number>>();
    expectTypeOf(timeoutAfter(never, { timeoutMs: 1, default: null })).toEqualTypeOf<Promise<number | null>>();
    expectTypeOf(timeoutAfter(never, { timeoutMs: 1, default: undefined })).toEqualTypeOf<
      Promise<number | undefined>
    >();
    expectTypeOf(timeoutAfter(async () => 'text', { timeoutMs: 1, default: 0 })).toEqualTypeOf<
      Promise<string | number>
    >();
  };
  expect(types).toBeTypeOf('function');
});
