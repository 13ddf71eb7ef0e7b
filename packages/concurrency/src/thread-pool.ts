import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { anyOption, functionOption, integerOption, numberOption, readOptions, signalOption } from '@perf/internal';
import type { Piscina } from 'piscina';
import { entryUrl } from './entry.ts';
import { ConcurrencyError, abortedError, optionError } from './errors.ts';
import { isFault, rebuildFault } from './fault.ts';
import { Fifo } from './fifo.ts';
import { checkTask, refuseWhileLoading } from './task.ts';
import type { Task } from './task.ts';
import { resourceLimitsFault, warnOfThreadError } from './thread-pool-options.ts';
import type { ThreadPool, ThreadPoolOptions, ThreadResourceLimits, ThreadRunOptions } from './thread-pool-options.ts';
import { ThreadCallState } from './thread-call.ts';
import { RESULT_NOT_CLONEABLE, WAITING } from './thread-protocol.ts';
import type { BegunMessage, ThreadCall, ThreadData } from './thread-protocol.ts';

const DEFAULT_MAX_QUEUED = 10_000;
const DEFAULT_IDLE_MS = 10_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const MAX_THREADS = 1024;

const poolRules = {
  maxThreads: integerOption(0, 1, MAX_THREADS),
  maxQueued: integerOption(DEFAULT_MAX_QUEUED, 0),
  idleTimeoutMs: integerOption(DEFAULT_IDLE_MS, 0, LONGEST_TIMER_MS),
  resourceLimits: anyOption<ThreadResourceLimits | undefined>(undefined, resourceLimitsFault),
  onThreadError: functionOption<(error: unknown) => void>(warnOfThreadError),
};
const runRules = {
  signal: signalOption(),
  timeoutMs: { ...numberOption(0, 0, LONGEST_TIMER_MS), fallback: undefined as number | undefined },
  transfer: anyOption<readonly object[]>([], (value) => (Array.isArray(value) ? undefined : 'must be an array')),
};

/**
 * Makes a pool of worker threads. Nothing is started before the first call.
 *
 * @example
 * await using pool = threadPool({ maxThreads: 4 });
 * const hash = await pool.run(hashFile, path, { timeoutMs: 5_000 });
 */
export function threadPool(options?: ThreadPoolOptions): ThreadPool {
  return new Threads(readOptions('threadPool', options, poolRules, optionError));
}

type PoolSettings = ReturnType<typeof readOptions<typeof poolRules>>;

class Threads implements ThreadPool {
  readonly maxThreads: number;
  readonly #settings: PoolSettings;
  readonly #queue = new Fifo<ThreadCallState>();
  readonly #running = new Set<ThreadCallState>();
  readonly #announced = new Map<number, ThreadCallState>();
  readonly #freeSlots: number[];
  /** SAFETY: written by the threads, see thread.ts; always through Atomics. */
  readonly #states: Int32Array;
  #engine: Piscina | undefined;
  #loading: Promise<void> | undefined;
  #nextAnnounce = 1;
  #threadError: { error: unknown } | undefined;
  #closed = false;
  #drained: (() => void) | undefined;
  #ended: Promise<void> | undefined;

  constructor(settings: PoolSettings) {
    this.#settings = settings;
    this.maxThreads = settings.maxThreads || availableParallelism();
    this.#freeSlots = Array.from({ length: this.maxThreads }, (_, slot) => slot);
    this.#states = new Int32Array(new SharedArrayBuffer(this.maxThreads * Int32Array.BYTES_PER_ELEMENT));
  }

  get threads(): number {
    return this.#engine?.threads.length ?? 0;
  }

  get running(): number {
    return this.#running.size;
  }

  get queued(): number {
    return this.#queue.size;
  }

  run<Argument, Result>(
    task: Task<Argument, Result>,
    argument: Argument,
    options?: ThreadRunOptions,
  ): Promise<Awaited<Result>> {
    return new Promise((resolve, reject) => {
      const settings = readOptions('run', options, runRules, optionError);
      checkTask('run', task);
      refuseWhileLoading();
      if (this.#closed) throw closedError();
      if (settings.signal?.aborted === true) throw abortedError(`task "${task.exportName}"`, settings.signal);
      if (this.#freeSlots.length === 0 && this.#queue.size >= this.#settings.maxQueued) {
        throw new ConcurrencyError(
          'ERR_PERF_CONCURRENCY_QUEUE_FULL',
          `thread pool: ${this.#queue.size} calls wait for ${this.maxThreads} threads: come back later, raise maxQueued, or use runParallel`,
        );
      }
      const call = new ThreadCallState(
        task as Task<never, unknown>,
        argument,
        settings,
        this.#withdraw,
        resolve as (value: unknown) => void,
        reject,
      );
      call.node = this.#queue.push(call);
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#queue.size + this.#running.size > 0) {
      await new Promise<void>((resolve) => {
        const earlier = this.#drained;
        this.#drained = () => {
          earlier?.();
          resolve();
        };
      });
    }
    await this.#end();
  }

  async destroy(): Promise<void> {
    this.#closed = true;
    for (let call = this.#queue.shift(); call !== undefined; call = this.#queue.shift()) call.fail(closedError());
    for (const call of this.#running) call.fail(closedError());
    await this.#end();
    // The engine has settled its side of every call by now; this releases a close() that was waiting for them.
    this.#drained?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #end(): Promise<void> {
    this.#ended ??= (async () => {
      await this.#loading;
      await this.#engine?.destroy();
    })();
    return this.#ended;
  }

  #dispatch(): void {
    if (this.#engine === undefined) {
      this.#loading ??= this.#load();
      return;
    }
    while (this.#freeSlots.length > 0) {
      const call = this.#queue.shift();
      if (call === undefined) break;
      this.#start(call, this.#engine);
    }
    if (this.#running.size === 0 && this.#queue.size === 0) this.#drained?.();
  }

  /** piscina is loaded with the first call, so that importing this package costs nothing. */
  async #load(): Promise<void> {
    try {
      const { Piscina } = await import('piscina');
      const { idleTimeoutMs, resourceLimits } = this.#settings;
      const engine = new Piscina({
        filename: fileURLToPath(entryUrl('thread')),
        name: 'runTask',
        minThreads: 0,
        maxThreads: this.maxThreads,
        idleTimeout: idleTimeoutMs,
        // Ours is the queue: piscina never has more calls than threads, so that a bound, an abort and a close are exact.
        maxQueue: Number.MAX_SAFE_INTEGER,
        // The faster modes stop a thread's event loop between tasks: its sockets, timers and heartbeats with it.
        atomics: 'disabled',
        recordTiming: false,
        workerData: { states: this.#states } satisfies ThreadData,
        ...(resourceLimits && { resourceLimits }),
      });
      engine.on('message', (message: Partial<BegunMessage> | null) => {
        const id = message?.perfBegun;
        if (id !== undefined) this.#announced.get(id)?.begun();
      });
      engine.on('error', (error) => {
        this.#threadError = { error };
        queueMicrotask(this.#afterThreadLoss);
      });
      engine.on('workerDestroy', () => queueMicrotask(this.#afterThreadLoss));
      this.#engine = engine;
    } catch (error) {
      for (let call = this.#queue.shift(); call !== undefined; call = this.#queue.shift()) {
        call.fail(lostError('the thread pool could not be started', error));
      }
      this.#loading = undefined;
      this.#drained?.();
      return;
    }
    this.#dispatch();
  }

  #start(call: ThreadCallState, engine: Piscina): void {
    call.slot = this.#freeSlots.pop()!;
    Atomics.store(this.#states, call.slot, WAITING);
    this.#running.add(call);
    const announce = call.settings.timeoutMs === undefined ? 0 : this.#nextAnnounce++;
    if (announce !== 0) this.#announced.set(announce, call);
    const { moduleUrl, exportName } = call.task;
    const message: ThreadCall = { moduleUrl, exportName, argument: call.argument, slot: call.slot, announce };
    const over = () => {
      if (announce !== 0) this.#announced.delete(announce);
      this.#free(call);
    };
    let answer: Promise<unknown>;
    try {
      answer = engine.run(message, { signal: call, transferList: [...call.settings.transfer] as never[] });
    } catch (error) {
      // A thread that cannot even be created (a bad resource limit, no memory).
      answer = Promise.reject(error as Error);
    }
    answer.then(
      (value) => {
        call.succeed(value);
        over();
      },
      (error: unknown) => {
        call.fail(this.#explain(call, error));
        over();
      },
    );
  }

  #explain(call: ThreadCallState, error: unknown): unknown {
    if (call.settled) return error;
    if (isFault(error)) return rebuildFault(error);
    const name = call.task.exportName;
    const state = Atomics.load(this.#states, call.slot);
    if (state === RESULT_NOT_CLONEABLE) return notCloneable(name, 'result', error);
    if (state === WAITING && (error as Error | undefined)?.name === 'DataCloneError') {
      return notCloneable(name, 'argument', error);
    }
    return lostError(`task "${name}": its thread died`, error);
  }

  readonly #withdraw = (call: ThreadCallState): void => {
    if (call.node !== undefined) this.#queue.remove(call.node);
    if (call.slot >= 0) call.stopThread();
    else this.#dispatch();
  };

  #free(call: ThreadCallState): void {
    this.#running.delete(call);
    this.#freeSlots.push(call.slot);
    this.#dispatch();
  }

  /**
   * piscina starts a thread for a call and does not start another when that one dies before it was ready (a heap too
   * small to boot, a preloaded module that throws): the call would wait for ever. Its queue is empty otherwise,
   * because it never has more calls than threads. Which calls no thread has taken is noted in shared memory.
   */
  readonly #afterThreadLoss = (): void => {
    const lost = this.#threadError;
    this.#threadError = undefined;
    if (this.#engine !== undefined && this.#engine.queueSize > 0) {
      for (const call of this.#running) {
        if (Atomics.load(this.#states, call.slot) === WAITING) {
          call.withdraw(lostError(`task "${call.task.exportName}": no thread could be started for it`, lost?.error));
        }
      }
    } else if (lost !== undefined) {
      this.#settings.onThreadError(lost.error);
    }
  };
}

function closedError(): ConcurrencyError {
  return new ConcurrencyError('ERR_PERF_CONCURRENCY_CLOSED', 'the thread pool is closed');
}

function notCloneable(name: string, what: string, cause: unknown): ConcurrencyError {
  const why = cause instanceof Error && cause.message !== '' ? `: ${cause.message}` : '';
  return new ConcurrencyError(
    'ERR_PERF_CONCURRENCY_NOT_CLONEABLE',
    `task "${name}": its ${what} cannot be copied between threads (a function or the like in it)${why}`,
    { cause },
  );
}

function lostError(what: string, cause: unknown): ConcurrencyError {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new ConcurrencyError('ERR_PERF_CONCURRENCY_WORKER_LOST', `${what}${why}`, { cause });
}
