import { availableParallelism } from 'node:os';
import { anyOption, booleanOption, functionOption, integerOption, readOptions, signalOption } from '@perf/internal';
import { runChunk } from './chunk.ts';
import type { ChunkResult } from './chunk.ts';
import { ChunkSizer, chunksOf } from './chunks.ts';
import type { ItemRun } from './chunks.ts';
import { ConcurrentRun } from './concurrent-run.ts';
import type { ItemContext, Source } from './concurrent-run.ts';
import { entryUrl } from './entry.ts';
import { abortedError, optionError } from './errors.ts';
import type { ConcurrencyErrorCode } from './errors.ts';
import { rebuildFault } from './fault.ts';
import { checkItems, itemsFailed, knownSize, progressOf } from './run-concurrent.ts';
import type { Failed, Progress } from './run-concurrent.ts';
import { checkTask, refuseWhileLoading, task as makeTask } from './task.ts';
import type { Task } from './task.ts';
import { threadPool } from './thread-pool.ts';
import type { ThreadPool } from './thread-pool-options.ts';

export interface RunParallelSettledOptions {
  /** Threads at a time, and the most chunks that are taken ahead. Default: those of `pool`, else the processor's. */
  readonly maxWorkers?: number | undefined;
  /** Threads to use; they stay. Default: own threads for this call, which costs their start (tens of milliseconds). */
  readonly pool?: ThreadPool | undefined;
  /** Items per message. Default: adapted towards 5 ms of work per message, at most 4,096 items. */
  readonly chunkSize?: number | undefined;
  /** Stops the run and the threads that work for it. */
  readonly signal?: AbortSignal | undefined;
  /** Called after every chunk; an error it throws stops the run like an item's own. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface RunParallelOptions extends RunParallelSettledOptions {
  /** As in `runConcurrent`. Default true. */
  readonly stopOnError?: boolean | undefined;
}

const MAX_CHUNK = 1_000_000;
const settledRules = {
  maxWorkers: integerOption(0, 1),
  pool: anyOption<ThreadPool | undefined>(undefined, (value) =>
    typeof (value as Partial<ThreadPool> | null)?.run === 'function' ? undefined : 'must be a threadPool()',
  ),
  chunkSize: integerOption(0, 1, MAX_CHUNK),
  signal: signalOption(),
  onProgress: functionOption<((progress: Progress) => void) | undefined>(undefined),
};
const rules = { ...settledRules, stopOnError: booleanOption(true) };

const chunkTask = makeTask(entryUrl('chunk'), 'runChunk', runChunk);

/** After these every further item would fare the same, so the run ends whatever form it has. */
const FATAL: ReadonlySet<string> = new Set<ConcurrencyErrorCode>([
  'ERR_PERF_CONCURRENCY_CLOSED',
  'ERR_PERF_CONCURRENCY_QUEUE_FULL',
  'ERR_PERF_CONCURRENCY_TASK',
]);

/**
 * Runs a task over `items` on worker threads and resolves to the results in order of the items.
 *
 * Items travel in chunks, so that small ones do not pay a message each: sizes grow from 1 towards 5 ms of work per
 * chunk, and shrink again towards the end so that the threads finish together. Back-pressure, order and first error
 * are those of `runConcurrent`, counted in chunks:
 *
 * - the first error stops the other chunks after the item they are at; no thread is killed for it;
 * - an aborted `signal` stops the threads of this run at once, whatever they are doing;
 * - a thread that dies (`ERR_PERF_CONCURRENCY_WORKER_LOST`) or a result that cannot be copied (`_NOT_CLONEABLE`) fails
 *   its whole chunk, and nothing is retried: use `chunkSize: 1` where items can do that.
 *
 * Worth it for CPU work of more than a few microseconds per item; for waiting (I/O) use `runConcurrent`. Copying items
 * and results takes time in this thread too: send numbers and typed arrays rather than trees of objects.
 *
 * Rejects with the task's own error, or by code as `ThreadPool.run` and `runConcurrent` do.
 *
 * @example
 * const prices = await runParallel(price, options, { maxWorkers: 4 });
 */
export function runParallel<Argument, Result>(
  task: Task<Argument, Result>,
  items: Source<NoInfer<Argument>>,
  options?: RunParallelOptions,
): Promise<Awaited<Result>[]> {
  return inThreads('runParallel', () => {
    const given = readOptions('runParallel', options, rules, optionError);
    const results: (Awaited<Result> | undefined)[] = [];
    const errors: Failed[] = [];
    return {
      task,
      items,
      given,
      stopOnError: given.stopOnError,
      reserve: (count) => extend(results, count),
      place: (index, value) => {
        results[index] = value as Awaited<Result>;
      },
      fault: (index, error) => errors.push({ index, error }),
      finish: () => {
        if (errors.length > 0) throw itemsFailed('runParallel', errors, results.length);
        return results as Awaited<Result>[];
      },
    };
  });
}

/**
 * The same, resolving to one outcome per item as `Promise.allSettled` gives them. Still rejects when `items` or
 * `onProgress` throw, when `signal` is aborted, when the pool is closed or the task cannot be found.
 */
export function runParallelSettled<Argument, Result>(
  task: Task<Argument, Result>,
  items: Source<NoInfer<Argument>>,
  options?: RunParallelSettledOptions,
): Promise<PromiseSettledResult<Awaited<Result>>[]> {
  return inThreads('runParallelSettled', () => {
    const given = readOptions('runParallelSettled', options, settledRules, optionError);
    const outcomes: (PromiseSettledResult<Awaited<Result>> | undefined)[] = [];
    return {
      task,
      items,
      given,
      stopOnError: false,
      reserve: (count) => extend(outcomes, count),
      place: (index, value) => {
        outcomes[index] = { status: 'fulfilled', value: value as Awaited<Result> };
      },
      fault: (index, reason) => {
        outcomes[index] = { status: 'rejected', reason };
      },
      finish: () => outcomes as PromiseSettledResult<Awaited<Result>>[],
    };
  });
}

interface Work<Answer> {
  readonly task: Task<never, unknown>;
  readonly items: Source<unknown>;
  readonly given: ReturnType<typeof readOptions<typeof settledRules>>;
  readonly stopOnError: boolean;
  /** Makes room in order: an array that is filled out of order from empty becomes a hash table. */
  reserve(items: number): void;
  place(index: number, value: unknown): void;
  fault(index: number, error: unknown): void;
  finish(): Answer;
}

function extend(array: unknown[], count: number): void {
  for (let added = 0; added < count; added++) array.push(undefined);
}

async function inThreads<Answer>(subject: string, prepare: () => Work<Answer>): Promise<Answer> {
  const work = prepare();
  checkTask(subject, work.task);
  checkItems(subject, work.items);
  refuseWhileLoading();
  const { pool, maxWorkers } = work.given;
  const workers = maxWorkers || pool?.maxThreads || availableParallelism();
  if (pool !== undefined) {
    await runChunks(subject, work, pool, workers);
  } else {
    const own = threadPool({ maxThreads: workers });
    try {
      await runChunks(subject, work, own, workers);
    } finally {
      await own.destroy();
    }
  }
  return work.finish();
}

function runChunks<Answer>(subject: string, work: Work<Answer>, pool: ThreadPool, workers: number): Promise<void> {
  const { task, items, given, stopOnError } = work;
  const { signal, chunkSize, onProgress } = given;
  const { moduleUrl, exportName } = task;
  const sizer = new ChunkSizer(chunkSize || undefined, knownSize(items), workers);
  const progress = onProgress && progressOf(items, onProgress);
  // SAFETY: the threads only read it, through Atomics; it goes from 0 to 1 once.
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

  const onStop = () => {
    Atomics.store(stop, 0, 1);
  };

  const runOne = async ({ start, items: run }: ItemRun<unknown>, context: ItemContext): Promise<void> => {
    // The same function every time, so the signal keeps it once.
    context.signal.addEventListener('abort', onStop);
    work.reserve(run.length);
    let result: ChunkResult;
    try {
      const chunk = { moduleUrl, exportName, items: run, stopOnError, stop };
      result = await pool.run(chunkTask, chunk, { signal });
    } catch (error) {
      if (stopOnError || FATAL.has((error as { code?: string }).code ?? '')) throw error;
      for (let position = 0; position < run.length; position++) work.fault(start + position, error);
      progress?.(run.length, run.length);
      return;
    }
    const { values, faults, elapsedMs } = result;
    sizer.observe(values.length, elapsedMs);
    if (stopOnError && faults.length > 0) throw rebuildFault(faults[0].fault);
    for (let position = 0; position < values.length; position++) work.place(start + position, values[position]);
    for (const { position, fault } of faults) work.fault(start + position, rebuildFault(fault));
    progress?.(values.length, faults.length);
  };

  return new Promise((resolve, reject) => {
    const settings = {
      maxWorkers: workers,
      signal,
      holdSlots: false,
      aborted: (by: AbortSignal) => abortedError(subject, by),
    };
    new ConcurrentRun<ItemRun<unknown>, void>(runOne, chunksOf(items, sizer), settings, {
      taken: () => {},
      done: () => {},
      failed: () => false,
      settled: (failure) => {
        if (failure === undefined) resolve();
        else reject(failure.error);
      },
    }).start();
  });
}
