import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { Semaphore } from '../semaphore.ts';
import type { Permit } from '../semaphore.ts';

interface Waiter {
  readonly id: number;
  readonly controller: AbortController;
}

/** Does the same to a semaphore and to a model made of two arrays, and compares them after every step. */
export async function checkSemaphore(
  permits: number,
  maxQueued: number,
  steps: readonly (readonly [string, number])[],
): Promise<void> {
  const semaphore = new Semaphore(permits, { maxQueued });
  const inside: { id: number; permit: Permit }[] = [];
  const refused: number[] = [];
  let waiting: Waiter[] = [];
  const modelInside: number[] = [];
  const modelRefused: number[] = [];

  for (const [id, [step, choice]] of steps.entries()) {
    if (step === 'acquire') {
      const controller = new AbortController();
      if (modelInside.length < permits) modelInside.push(id);
      else if (waiting.length < maxQueued) waiting.push({ id, controller });
      else modelRefused.push(id);
      semaphore.acquire({ signal: controller.signal }).then(
        (permit) => inside.push({ id, permit }),
        () => refused.push(id),
      );
    } else if (step === 'try') {
      const permit = semaphore.tryAcquire();
      strictEqual(permit !== undefined, modelInside.length < permits);
      if (permit !== undefined) {
        modelInside.push(id);
        inside.push({ id, permit });
      }
    } else if (step === 'abort' && waiting.length > 0) {
      const [{ id: aborted, controller }] = waiting.splice(choice % waiting.length, 1);
      modelRefused.push(aborted);
      controller.abort();
    } else if (step.startsWith('release') && inside.length > 0) {
      const [{ id: released, permit }] = inside.splice(choice % inside.length, 1);
      modelInside.splice(modelInside.indexOf(released), 1);
      const next = waiting.shift();
      if (next !== undefined) modelInside.push(next.id);
      permit.release();
      if (step === 'release twice') permit.release();
    }
    // Outcomes are promise reactions; a few turns of the microtask queue deliver them all.
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    const ids = inside.map((one) => one.id);
    deepStrictEqual(
      ids.sort((a, b) => a - b),
      modelInside.toSorted((a, b) => a - b),
    );
    deepStrictEqual(refused, modelRefused);
    strictEqual(semaphore.available, permits - modelInside.length);
    strictEqual(semaphore.queued, waiting.length);
  }
  for (const { controller } of waiting) controller.abort();
  waiting = [];
}
