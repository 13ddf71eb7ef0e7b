import { integerOption, readOptions, signalOption } from '@perf/internal';
import { ConcurrencyError, abortedError, optionError } from './errors.ts';
import { Fifo } from './fifo.ts';

export interface SemaphoreOptions {
  /** Most callers that may wait; the next one is refused with `ERR_PERF_CONCURRENCY_QUEUE_FULL`. Default 10,000. */
  readonly maxQueued?: number | undefined;
}

export interface AcquireOptions {
  /** Leaves the queue at once. */
  readonly signal?: AbortSignal | undefined;
}

/** The right to go on, until `release()`. Releasing twice does nothing. `using permit = await semaphore.acquire()` works. */
export interface Permit extends Disposable {
  release(): void;
}

const DEFAULT_MAX_QUEUED = 10_000;
const permitRule = integerOption(1, 1);
const rules = { maxQueued: integerOption(DEFAULT_MAX_QUEUED, 0) };
const acquireRules = { signal: signalOption() };

interface Waiter {
  enter(): void;
}

/**
 * Lets at most `permits` callers be inside at a time; the others wait in the order in which they came.
 *
 * A released permit goes to the longest waiter before anybody else can take it, so nobody starves. O(1) per call,
 * and for leaving the queue by an abort.
 *
 * @example
 * const connections = new Semaphore(4);
 * const rows = await connections.run(() => query(sql), { signal });
 */
export class Semaphore {
  readonly permits: number;
  readonly maxQueued: number;
  readonly #waiters = new Fifo<Waiter>();
  #available: number;

  constructor(permits: number, options?: SemaphoreOptions) {
    const wrong = permitRule.fault(permits);
    if (wrong !== undefined) throw optionError(`Semaphore: permits ${wrong}, got ${String(permits)}`);
    this.permits = permits;
    this.maxQueued = readOptions('Semaphore', options, rules, optionError).maxQueued;
    this.#available = permits;
  }

  /** Permits that nobody holds. */
  get available(): number {
    return this.#available;
  }

  /** Callers that wait. */
  get queued(): number {
    return this.#waiters.size;
  }

  /** A permit if one is free now. */
  tryAcquire(): Permit | undefined {
    if (this.#available === 0) return undefined;
    this.#available--;
    return this.#permit();
  }

  /** Resolves when it is this caller's turn. Rejects with `ERR_PERF_CONCURRENCY_ABORTED`, `_QUEUE_FULL` or `_OPTION`. */
  acquire(options?: AcquireOptions): Promise<Permit> {
    return new Promise((resolve, reject) => {
      const { signal } = readOptions('acquire', options, acquireRules, optionError);
      if (signal?.aborted === true) throw abortedError('acquire', signal);
      const free = this.tryAcquire();
      if (free !== undefined) {
        resolve(free);
        return;
      }
      if (this.#waiters.size >= this.maxQueued) {
        throw new ConcurrencyError(
          'ERR_PERF_CONCURRENCY_QUEUE_FULL',
          `semaphore: ${this.maxQueued} callers wait for ${this.permits} permits: come back later or raise maxQueued`,
        );
      }
      const onAbort = () => {
        this.#waiters.remove(node);
        reject(abortedError('acquire', signal!));
      };
      const node = this.#waiters.push({
        enter: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve(this.#permit());
        },
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Runs `fn` with a permit and releases it when `fn` has settled. Settles as `fn` does, or rejects as `acquire`. */
  async run<T>(fn: () => T | PromiseLike<T>, options?: AcquireOptions): Promise<T> {
    const permit = await this.acquire(options);
    try {
      return await fn();
    } finally {
      permit.release();
    }
  }

  #permit(): Permit {
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      // Handed over, not put back: a caller that comes in between must not overtake the queue.
      const waiter = this.#waiters.shift();
      if (waiter === undefined) this.#available++;
      else waiter.enter();
    };
    return { release, [Symbol.dispose]: release };
  }
}
