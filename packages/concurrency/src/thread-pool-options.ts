import type { Task } from './task.ts';

/**
 * Limits of one thread's JavaScript heap, as Node's `resourceLimits`. ArrayBuffers lie outside of them. Too little to
 * start with is refused here, because V8 then ends the process, not the thread: at least 8 MB of old generation, 1 MB
 * of young generation and code range, 0.5 MB of stack.
 */
export interface ThreadResourceLimits {
  readonly maxOldGenerationSizeMb?: number | undefined;
  readonly maxYoungGenerationSizeMb?: number | undefined;
  readonly codeRangeSizeMb?: number | undefined;
  readonly stackSizeMb?: number | undefined;
}

export interface ThreadPoolOptions {
  /** Threads at most; they are started when calls come. Default: the processor's parallelism. */
  readonly maxThreads?: number | undefined;
  /** Calls that may wait for a thread; the next is refused with `ERR_PERF_CONCURRENCY_QUEUE_FULL`. Default 10,000. */
  readonly maxQueued?: number | undefined;
  /** A thread without work ends after this time. Default 10,000. An idle thread never keeps the process alive. */
  readonly idleTimeoutMs?: number | undefined;
  readonly resourceLimits?: ThreadResourceLimits | undefined;
  /**
   * Told of an error in a thread that had no call to fail with it, such as a timer left behind by an earlier task.
   * Default: a process warning.
   */
  readonly onThreadError?: ((error: unknown) => void) | undefined;
}

export interface ThreadRunOptions {
  /** A waiting call leaves the queue; a running one has its thread stopped, whatever it was doing. */
  readonly signal?: AbortSignal | undefined;
  /** Time for the task itself, from its start in the thread: waiting and loading do not count. Then the thread is stopped. */
  readonly timeoutMs?: number | undefined;
  /** Parts of the argument to move instead of copy (ArrayBuffer, MessagePort, …): unusable here afterwards. */
  readonly transfer?: readonly object[] | undefined;
}

/** Worker threads that run tasks, one at a time each. */
export interface ThreadPool extends AsyncDisposable {
  readonly maxThreads: number;
  /** Threads that exist now. */
  readonly threads: number;
  /** Calls in a thread. */
  readonly running: number;
  /** Calls that wait for one. */
  readonly queued: number;
  /**
   * Runs `task(argument)` in a thread and settles exactly once: with its result, or
   * - with the task's own error (name, message, code, fields, cause, and the worker's stack),
   * - `ERR_PERF_CONCURRENCY_WORKER_LOST` when the thread died under it (exit, out of memory, uncaught error; see `cause`),
   * - `ERR_PERF_CONCURRENCY_NOT_CLONEABLE` when the argument or the result cannot be copied; a result costs the thread,
   * - `ERR_PERF_CONCURRENCY_TASK` when the module does not export the task,
   * - `_TIMEOUT`, `_ABORTED`, `_QUEUE_FULL`, `_CLOSED`, `_OPTION` as named.
   *
   * The pool goes on after each of them, with a new thread where one was lost. The argument is copied when a thread is
   * free for it, so leave it alone until then.
   */
  run<Argument, Result>(
    task: Task<Argument, Result>,
    argument: NoInfer<Argument>,
    options?: ThreadRunOptions,
  ): Promise<Awaited<Result>>;
  /** Takes no more calls, and ends the threads when those it has are done. Also what `await using` does. */
  close(): Promise<void>;
  /** Ends the threads now; calls that wait or run reject with `ERR_PERF_CONCURRENCY_CLOSED`. */
  destroy(): Promise<void>;
}

const LEAST_MB: Readonly<Record<keyof ThreadResourceLimits, number>> = {
  maxOldGenerationSizeMb: 8,
  maxYoungGenerationSizeMb: 1,
  codeRangeSizeMb: 1,
  stackSizeMb: 0.5,
};

export function resourceLimitsFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'must be an object';
  for (const [key, limit] of Object.entries(value)) {
    if (!Object.hasOwn(LEAST_MB, key)) return `must not have the unknown key "${key}"`;
    const least = LEAST_MB[key as keyof ThreadResourceLimits];
    if (typeof limit !== 'number' || !(limit >= least)) return `must have at least ${least} for ${key}`;
  }
  return undefined;
}

/** What `onThreadError` does where it is not given. */
export function warnOfThreadError(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.emitWarning(`a worker thread failed between tasks: ${text}`, { code: 'ERR_PERF_CONCURRENCY_WORKER_LOST' });
}
