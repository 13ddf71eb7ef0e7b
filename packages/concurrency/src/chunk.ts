import { describeFault } from './fault.ts';
import type { Fault } from './fault.ts';
import { taskFunction } from './task.ts';

// What runParallel runs in the threads: itself a task, whose argument is a run of items.

export interface Chunk {
  readonly moduleUrl: string;
  readonly exportName: string;
  readonly items: readonly unknown[];
  readonly stopOnError: boolean;
  /** One shared Int32: 1 once nobody wants the results any more. */
  readonly stop: Int32Array;
}

export interface ChunkResult {
  /** One per item, undefined where it failed; shorter where the chunk was stopped. */
  readonly values: unknown[];
  readonly faults: { readonly position: number; readonly fault: Fault }[];
  /** Time in the task, in milliseconds, without loading and copying. */
  readonly elapsedMs: number;
}

export async function runChunk({ moduleUrl, exportName, items, stopOnError, stop }: Chunk): Promise<ChunkResult> {
  const fn = await taskFunction(moduleUrl, exportName);
  const values: unknown[] = [];
  const faults: ChunkResult['faults'] = [];
  const startMs = performance.now();
  for (let position = 0; position < items.length; position++) {
    // SAFETY: shared with the caller's thread, which only ever writes 1.
    if (Atomics.load(stop, 0) === 1) break;
    try {
      const value = fn(items[position]);
      values.push(isThenable(value) ? await value : value);
    } catch (error) {
      values.push(undefined);
      faults.push({ position, fault: describeFault(error) });
      if (stopOnError) break;
    }
  }
  return { values, faults, elapsedMs: performance.now() - startMs };
}

/** Awaiting what is no promise would cost each item a turn of the microtask queue. */
function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
