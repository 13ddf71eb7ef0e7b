import { once } from 'node:events';
import { threadId } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { runConcurrent } from '../run-concurrent.ts';
import { task } from '../task.ts';
import type { Task } from '../task.ts';

export const square: Task<number, number> = task(import.meta.url, 'square', (value) => value * value);
export const squareLater: Task<number, Promise<number>> = task(import.meta.url, 'squareLater', async (value) => {
  await Promise.resolve();
  return value * value;
});
export const oddFails: Task<number, number> = task(import.meta.url, 'oddFails', (value) => {
  if (value % 2 === 1) throw new RangeError(`odd ${value}`);
  return value;
});
export const whichThread: Task<unknown, number> = task(import.meta.url, 'whichThread', () => threadId);

/** Says over the port that it runs, and goes on when it is told to. */
export const hold: Task<MessagePort, Promise<string>> = task(import.meta.url, 'hold', async (port) => {
  port.postMessage('running');
  await once(port, 'message');
  port.close();
  return 'released';
});
export const spin: Task<MessagePort | undefined, never> = task(import.meta.url, 'spin', (port) => {
  port?.postMessage('running');
  for (;;);
});

export class OrderError extends Error {
  readonly code = 'E_ORDER';
  readonly orderId = 17;
  readonly retry: () => void = () => {};
  override readonly name = 'OrderError';
}
export const fails: Task<string, never> = task(import.meta.url, 'fails', (kind) => {
  switch (kind) {
    case 'rich':
      throw new OrderError('rejected by the exchange', { cause: new TypeError('bad price') });
    case 'aggregate':
      throw new AggregateError([new Error('one'), 'two'], 'several');
    case 'circular': {
      const error = new Error('around');
      error.cause = error;
      throw error;
    }
    case 'text':
      // oxlint-disable-next-line no-throw-literal -- what is thrown need not be an error
      throw 'plain text';
    case 'undefined':
      // oxlint-disable-next-line no-throw-literal -- nothing at all can be thrown, too
      throw undefined;
    default:
      throw new DOMException('taken back', 'AbortError');
  }
});

export const exits: Task<unknown, never> = task(import.meta.url, 'exits', () => process.exit(0));
export const exitsAt: Task<number, number> = task(import.meta.url, 'exitsAt', (value) =>
  value === 3 ? process.exit(1) : value,
);
export const throwsOutside: Task<unknown, Promise<void>> = task(
  import.meta.url,
  'throwsOutside',
  () =>
    new Promise(() => {
      queueMicrotask(() => {
        throw new Error('outside of the task');
      });
    }),
);
/** Answers at once and fails when nobody is listening any more. */
export const failsAfterwards: Task<unknown, string> = task(import.meta.url, 'failsAfterwards', () => {
  setImmediate(() => {
    throw new Error('left behind');
  });
  return 'done';
});
export const eatsMemory: Task<unknown, number> = task(import.meta.url, 'eatsMemory', () => {
  const kept: unknown[] = [];
  for (;;) kept.push({ index: kept.length, levels: [1, 2, 3] });
});
export const givesFunction: Task<unknown, () => void> = task(import.meta.url, 'givesFunction', () => () => {});
export const fillWithOnes: Task<Float64Array, Float64Array> = task(import.meta.url, 'fillWithOnes', (values) =>
  values.fill(1),
);
export const nested: Task<readonly number[], Promise<number[]>> = task(import.meta.url, 'nested', (values) =>
  runConcurrent(async (value) => value + 1, values),
);
/** Defined here under a name that is not exported. */
export const misnamed: Task<unknown, number> = task(import.meta.url, 'nowhere', () => 1);
