import { execFile } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ConcurrencyError } from './errors.ts';
import { task } from './task.ts';
import * as tasks from './testing/tasks.ts';
import { threadPool } from './thread-pool.ts';
import type { ThreadPool, ThreadPoolOptions } from './thread-pool-options.ts';

const code = (name: string) => expect.objectContaining({ code: `ERR_PERF_CONCURRENCY_${name}` });
const pools: ThreadPool[] = [];

function makePool(options?: ThreadPoolOptions): ThreadPool {
  const pool = threadPool({ maxThreads: 1, ...options });
  pools.push(pool);
  return pool;
}

/** A port for a task, and the promise that the task runs. */
function talk(): { port: MessagePort; theirs: MessagePort; running: Promise<unknown>; release(): void } {
  const { port1, port2 } = new MessageChannel();
  return { port: port1, theirs: port2, running: once(port1, 'message'), release: () => port1.postMessage('go') };
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.destroy()));
});

describe('a call', () => {
  test('resolves to what the task returns, asynchronous or not', async () => {
    const pool = makePool();
    expect(pool.threads).toBe(0);
    expect(await pool.run(tasks.square, 12)).toBe(144);
    expect(await pool.run(tasks.squareLater, 5)).toBe(25);
    expect(await pool.run(tasks.nested, [1, 2])).toEqual([2, 3]);
    expect(pool.threads).toBe(1);
  });

  test('runs in another thread, and the task is a plain function in this one', async () => {
    expect(await makePool().run(tasks.whichThread, undefined)).toBeGreaterThan(0);
    expect(tasks.square(3)).toBe(9);
  });

  test('moves what is listed in transfer', async () => {
    const values = new Float64Array(1_000);
    const filled = await makePool().run(tasks.fillWithOnes, values, { transfer: [values.buffer] });
    expect(values.length).toBe(0);
    expect(filled.length).toBe(1_000);
    expect(filled[999]).toBe(1);
  });

  test('finds tasks by a URL object as well', async () => {
    const squareAgain = task(
      new URL('./testing/tasks.ts', import.meta.url),
      'square',
      (value: number) => value * value,
    );
    expect(await makePool().run(squareAgain, 7)).toBe(49);
  });
});

describe('an error of the task', () => {
  test('keeps name, message, code, fields, cause and the stack of the worker', async () => {
    const error = await makePool()
      .run(tasks.fails, 'rich')
      .catch((caught: unknown) => caught as Error);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'OrderError',
      message: 'rejected by the exchange',
      code: 'E_ORDER',
      orderId: 17,
      cause: expect.any(TypeError) as unknown,
    });
    expect((error as Error).stack).toMatch(/testing\/tasks\.ts/);
    expect(((error as Error).cause as Error).message).toBe('bad price');
  });

  test('may be an AggregateError, circular, a DOMException or no error at all', async () => {
    const pool = makePool();
    const thrown = (kind: string) => pool.run(tasks.fails, kind).catch((caught: unknown) => caught);
    const aggregate = (await thrown('aggregate')) as AggregateError;
    expect(aggregate).toBeInstanceOf(AggregateError);
    expect(aggregate.errors).toEqual([new Error('one'), 'two']);
    expect(await thrown('circular')).toMatchObject({ message: 'around', cause: { message: 'around' } });
    expect(await thrown('dom')).toMatchObject({ name: 'AbortError', code: 20, message: 'taken back' });
    expect(await thrown('text')).toBe('plain text');
    expect(await thrown('undefined')).toBeUndefined();
    expect(pool.threads).toBe(1);
  });

  test('in finding it names the module, the export and what there is', async () => {
    const error = await makePool()
      .run(tasks.misnamed, undefined)
      .catch((caught: unknown) => caught as Error);
    expect(error).toBeInstanceOf(ConcurrencyError);
    expect(error).toEqual(code('TASK'));
    expect((error as Error).message).toMatch(/testing\/tasks\.ts exports no function "nowhere".*square/s);
  });

  test('in loading its module passes through', async () => {
    const missing = task('file:///no/such/module.js', 'any', () => 1);
    await expect(makePool().run(missing, undefined)).rejects.toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' });
  });

  test('whose module starts threads at its top level is refused instead of starting threads without end', async () => {
    const endless = task(new URL('./testing/unguarded.ts', import.meta.url), 'endless', () => 1);
    const run = makePool().run(endless, undefined);
    await expect(run).rejects.toEqual(code('TASK'));
    await expect(run).rejects.toThrow('if (isMainThread)');
  });
});

describe('a thread that dies', () => {
  test.each([
    ['by process.exit', tasks.exits, 'exited with code: 0'],
    ['by an error outside of the task', tasks.throwsOutside, 'outside of the task'],
  ])('%s fails its call with the cause, and the next call gets a new one', async (_, deadly, text) => {
    const pool = makePool();
    const run = pool.run(deadly as typeof tasks.exits, undefined);
    const next = pool.run(tasks.square, 2);
    await expect(run).rejects.toEqual(code('WORKER_LOST'));
    await expect(run).rejects.toThrow(text);
    expect(await next).toBe(4);
  });

  test('by running out of memory says so', async () => {
    const pool = makePool({ resourceLimits: { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 4 } });
    await expect(pool.run(tasks.eatsMemory, undefined)).rejects.toMatchObject({
      code: 'ERR_PERF_CONCURRENCY_WORKER_LOST',
      cause: { code: 'ERR_WORKER_OUT_OF_MEMORY' },
    });
    expect(await pool.run(tasks.square, 3)).toBe(9);
  });

  test('before it was ready fails the call instead of leaving it waiting', async () => {
    // A preloaded module that throws in every thread, in a process of its own.
    const preload = `import { isMainThread } from 'node:worker_threads'; if (!isMainThread) throw new Error('no boot');`;
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--conditions=@perf/source',
      `--import=data:text/javascript,${encodeURIComponent(preload)}`,
      fileURLToPath(new URL('./testing/boot-failure.ts', import.meta.url)),
    ]);
    expect(JSON.parse(stdout)).toEqual(new Array(4).fill('ERR_PERF_CONCURRENCY_WORKER_LOST: no boot'));
  });

  test('between calls is reported to onThreadError', async () => {
    let report: (error: unknown) => void = () => {};
    const reported = new Promise<unknown>((resolve) => (report = resolve));
    const pool = makePool({ onThreadError: report });
    expect(await pool.run(tasks.failsAfterwards, undefined)).toBe('done');
    expect(await reported).toMatchObject({ message: 'left behind' });
    expect(await pool.run(tasks.square, 3)).toBe(9);
  });
});

describe('what cannot be copied', () => {
  test('as an argument fails the call only', async () => {
    const pool = makePool();
    const thread = await pool.run(tasks.whichThread, undefined);
    const run = pool.run(tasks.square, (() => {}) as never);
    await expect(run).rejects.toEqual(code('NOT_CLONEABLE'));
    await expect(run).rejects.toThrow('task "square": its argument cannot be copied');
    expect(await pool.run(tasks.whichThread, undefined)).toBe(thread);
  });

  test('as a result costs the thread, and the pool goes on', async () => {
    const pool = makePool();
    const run = pool.run(tasks.givesFunction, undefined);
    await expect(run).rejects.toEqual(code('NOT_CLONEABLE'));
    await expect(run).rejects.toThrow('task "givesFunction": its result cannot be copied');
    expect(await pool.run(tasks.square, 3)).toBe(9);
  });
});

describe('the signal', () => {
  test('stops an endless loop', async () => {
    const pool = makePool();
    const { theirs, running } = talk();
    const controller = new AbortController();
    const run = pool.run(tasks.spin, theirs, { signal: controller.signal, transfer: [theirs] });
    await running;
    controller.abort('enough');
    await expect(run).rejects.toMatchObject({ code: 'ERR_PERF_CONCURRENCY_ABORTED', cause: 'enough' });
    expect(await pool.run(tasks.square, 3)).toBe(9);
  });

  test('takes a waiting call out of the queue without touching the running one', async () => {
    const pool = makePool();
    const { theirs, running, release } = talk();
    const first = pool.run(tasks.hold, theirs, { transfer: [theirs] });
    await running;
    const controller = new AbortController();
    const second = pool.run(tasks.square, 2, { signal: controller.signal });
    expect(pool.queued).toBe(1);
    controller.abort();
    expect(pool.queued).toBe(0);
    await expect(second).rejects.toEqual(code('ABORTED'));
    release();
    expect(await first).toBe('released');
  });

  test('keeps no listener after the call', async () => {
    const { signal } = new AbortController();
    const pool = makePool();
    await pool.run(tasks.square, 2, { signal });
    await pool.run(tasks.fails, 'text', { signal }).catch(() => {});
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await expect(pool.run(tasks.square, 2, { signal: AbortSignal.abort() })).rejects.toEqual(code('ABORTED'));
  });
});

describe('the timeout', () => {
  test('stops a task that runs too long', async () => {
    const pool = makePool();
    const run = pool.run(tasks.spin, undefined, { timeoutMs: 20 });
    await expect(run).rejects.toEqual(code('TIMEOUT'));
    await expect(run).rejects.toThrow('task "spin" ran longer than 20 ms');
    expect(await pool.run(tasks.square, 3)).toBe(9);
  });

  test('does not count the time in the queue and the start of the thread', async () => {
    const pool = makePool();
    const { theirs, running, release } = talk();
    const first = pool.run(tasks.hold, theirs, { transfer: [theirs] });
    const second = pool.run(tasks.square, 4, { timeoutMs: 5_000 });
    await running;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      vi.advanceTimersByTime(60_000);
    } finally {
      vi.useRealTimers();
    }
    release();
    expect(await first).toBe('released');
    expect(await second).toBe(16);
  });
});

describe('the queue', () => {
  test('is bounded, and first come is first served', async () => {
    const pool = makePool({ maxQueued: 2 });
    const { theirs, running, release } = talk();
    const order: number[] = [];
    const first = pool.run(tasks.hold, theirs, { transfer: [theirs] });
    await running;
    const waiting = [1, 2].map((value) => pool.run(tasks.square, value).then(() => order.push(value)));
    const refused = pool.run(tasks.square, 3);
    await expect(refused).rejects.toEqual(code('QUEUE_FULL'));
    await expect(refused).rejects.toThrow('2 calls wait for 1 threads');
    expect([pool.running, pool.queued]).toEqual([1, 2]);
    release();
    await Promise.all([first, ...waiting]);
    expect(order).toEqual([1, 2]);
    expect([pool.running, pool.queued]).toEqual([0, 0]);
  });
});

describe('the end', () => {
  test('by close lets everything finish and takes nothing new', async () => {
    const pool = makePool();
    const runs = [1, 2, 3].map((value) => pool.run(tasks.square, value));
    const closing = pool.close();
    await expect(pool.run(tasks.square, 4)).rejects.toEqual(code('CLOSED'));
    expect(await Promise.all(runs)).toEqual([1, 4, 9]);
    await Promise.all([closing, pool.close()]);
    expect(pool.threads).toBe(0);
  });

  test('by destroy rejects what waits and runs, and a close that was waiting', async () => {
    const pool = makePool();
    const { theirs, running } = talk();
    const outcomes = Promise.allSettled([
      pool.run(tasks.spin, theirs, { transfer: [theirs] }),
      pool.run(tasks.square, 2),
    ]);
    await running;
    const closing = pool.close();
    await pool.destroy();
    await closing;
    const closed = { status: 'rejected', reason: code('CLOSED') as unknown };
    expect(await outcomes).toEqual([closed, closed]);
    expect(pool.threads).toBe(0);
  });

  test('before any call is allowed', async () => {
    await makePool().close();
    const pool = makePool();
    const run = pool.run(tasks.square, 1);
    await pool.destroy();
    await expect(run).rejects.toEqual(code('CLOSED'));
  });

  test('comes with await using', async () => {
    let kept: ThreadPool;
    {
      await using pool = threadPool({ maxThreads: 1 });
      kept = pool;
      expect(await pool.run(tasks.square, 3)).toBe(9);
    }
    expect(kept.threads).toBe(0);
  });
});

test('calls of every kind at once settle exactly once each, and the pool still works', async () => {
  const pool = makePool({ maxThreads: 2 });
  const calls = Array.from({ length: 30 }, (_, index): [Promise<unknown>, string] => {
    switch (index % 6) {
      case 0:
        return [pool.run(tasks.square, index), 'fulfilled'];
      case 1:
        return [pool.run(tasks.fails, 'rich'), 'E_ORDER'];
      case 2:
        return [pool.run(tasks.exits, undefined), 'ERR_PERF_CONCURRENCY_WORKER_LOST'];
      case 3:
        return [pool.run(tasks.spin, undefined, { timeoutMs: 1 }), 'ERR_PERF_CONCURRENCY_TIMEOUT'];
      case 4:
        return [pool.run(tasks.givesFunction, undefined), 'ERR_PERF_CONCURRENCY_NOT_CLONEABLE'];
      default:
        return [pool.run(tasks.square, (() => {}) as never), 'ERR_PERF_CONCURRENCY_NOT_CLONEABLE'];
    }
  });
  const outcomes = await Promise.allSettled(calls.map(([call]) => call));
  const got = outcomes.map((one) => (one.status === 'fulfilled' ? one.status : (one.reason as { code: string }).code));
  expect(got).toEqual(calls.map(([, wanted]) => wanted));
  expect(await pool.run(tasks.square, 3)).toBe(9);
});

test('a wrong argument names what is wrong', async () => {
  expect(() => threadPool({ maxThreads: 0 })).toThrow('threadPool: option "maxThreads" must be an integer from 1');
  expect(() => threadPool({ minThreads: 1 } as never)).toThrow('unknown option "minThreads"');
  const limits = (resourceLimits: object) => () => threadPool({ resourceLimits });
  expect(limits({ maxOldGenerationSizeMb: 1 })).toThrow('must have at least 8 for maxOldGenerationSizeMb');
  expect(limits({ heapMb: 64 })).toThrow('must not have the unknown key "heapMb"');
  expect(limits({ stackSizeMb: Number.NaN })).toThrow('must have at least 0.5 for stackSizeMb');
  expect(() => task('price.js', 'price', () => 1)).toThrow('must be import.meta.url or a URL, got "price.js"');
  expect(() => task(import.meta.url, '', () => 1)).toThrow('the name of the export');
  expect(() => task(import.meta.url, 'x', 1 as never)).toThrow('must be a function, got number');
  const pool = makePool();
  await expect(pool.run((() => 1) as never, 1)).rejects.toThrow('run: not a task; make one with task(');
  await expect(pool.run(tasks.square, 1, { transfer: 1 as never })).rejects.toThrow('"transfer" must be an array');
  await expect(pool.run(tasks.square, 1, { timeoutMs: -1 })).rejects.toEqual(code('OPTION'));
});
