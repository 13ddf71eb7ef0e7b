import { getEventListeners } from 'node:events';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuzz } from './semaphore.fuzz.ts';
import { Semaphore } from './semaphore.ts';
import { checkSemaphore } from './testing/semaphore-model.ts';

const code = (name: string) => expect.objectContaining({ code: `ERR_PERF_CONCURRENCY_${name}` });

describe('against a model that is an array', () => {
  test('any order of acquiring, releasing and aborting', async () => {
    const steps = fc.array(
      fc.tuple(fc.constantFrom('acquire', 'try', 'release', 'release twice', 'abort'), fc.nat(9)),
      {
        maxLength: 60,
      },
    );
    const property = fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.nat(5), steps, checkSemaphore);
    await expect(fc.assert(property, { numRuns: 200 })).resolves.toBeUndefined();
  });

  test('the fuzz target holds for a fixed seed', async () => {
    await expect(fuzz.run(3, 100)).resolves.toBeUndefined();
  });
});

test('run gives the permit back however the function ends', async () => {
  const semaphore = new Semaphore(1);
  expect(await semaphore.run(() => 'sync')).toBe('sync');
  await expect(semaphore.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  const throws = () => {
    throw new Error('at once');
  };
  await expect(semaphore.run(throws)).rejects.toThrow('at once');
  expect(semaphore.available).toBe(1);
});

test('a permit is released by using', async () => {
  const semaphore = new Semaphore(1);
  {
    using permit = await semaphore.acquire();
    expect(permit).toBeDefined();
    expect(semaphore.available).toBe(0);
  }
  expect(semaphore.available).toBe(1);
});

test('a newcomer cannot overtake the one to whom the permit was handed', async () => {
  const semaphore = new Semaphore(1);
  const first = await semaphore.acquire();
  const second = semaphore.acquire();
  first.release();
  expect(semaphore.tryAcquire()).toBeUndefined();
  (await second).release();
  expect(semaphore.available).toBe(1);
});

test('an abort leaves the queue at once and keeps no listener', async () => {
  const semaphore = new Semaphore(1);
  const permit = await semaphore.acquire();
  const controller = new AbortController();
  const { signal } = controller;
  const waiting = semaphore.acquire({ signal });
  expect(semaphore.queued).toBe(1);
  controller.abort('gone');
  expect(semaphore.queued).toBe(0);
  await expect(waiting).rejects.toMatchObject({ code: 'ERR_PERF_CONCURRENCY_ABORTED', cause: 'gone' });
  await expect(semaphore.acquire({ signal })).rejects.toEqual(code('ABORTED'));
  permit.release();
  const other = new AbortController();
  const held = await semaphore.acquire();
  const next = semaphore.acquire({ signal: other.signal });
  held.release();
  await next;
  expect(getEventListeners(other.signal, 'abort')).toEqual([]);
});

test('a full queue refuses, and a wrong argument names itself', async () => {
  const semaphore = new Semaphore(1, { maxQueued: 0 });
  await semaphore.acquire();
  await expect(semaphore.acquire()).rejects.toEqual(code('QUEUE_FULL'));
  expect(() => new Semaphore(0)).toThrow('Semaphore: permits must be an integer from 1');
  expect(() => new Semaphore(1, { maxQueued: -1 })).toThrow('option "maxQueued"');
});
