import { parentPort, workerData } from 'node:worker_threads';
import { describeFault } from './fault.ts';
import { taskFunction } from './task.ts';
import { RESULT_NOT_CLONEABLE, TAKEN } from './thread-protocol.ts';
import type { BegunMessage, ThreadCall, ThreadData } from './thread-protocol.ts';

// What runs in each worker thread: piscina calls `runTask` with every message.

const { states } = workerData as ThreadData;
let slot = 0;

// piscina posts the result after runTask has returned, and what that throws ends the thread and reaches the pool as an
// error without name and message. The monitor only looks on: it changes nothing for errors of the task's own making.
process.on('uncaughtExceptionMonitor', (error: unknown) => {
  if ((error as Error | undefined)?.name === 'DataCloneError') Atomics.store(states, slot, RESULT_NOT_CLONEABLE);
});

export async function runTask(call: ThreadCall): Promise<unknown> {
  slot = call.slot;
  // SAFETY: shared with the pool, which resets a slot before it gives it to a call and reads it only with Atomics.
  Atomics.store(states, slot, TAKEN);
  try {
    const fn = await taskFunction(call.moduleUrl, call.exportName);
    if (call.announce !== 0) parentPort!.postMessage({ perfBegun: call.announce } satisfies BegunMessage);
    return await fn(call.argument);
  } catch (error) {
    // oxlint-disable-next-line no-throw-literal -- piscina clones what is thrown, and a Fault keeps what a cloned Error loses
    throw describeFault(error);
  }
}
