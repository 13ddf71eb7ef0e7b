import { ConcurrencyError, abortedError } from './errors.ts';
import type { FifoNode } from './fifo.ts';
import type { Task } from './task.ts';

export interface CallSettings {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly transfer: readonly object[];
}

/** How a call ends before its thread has answered: it leaves the queue, or its thread is stopped. */
type Withdraw = (call: ThreadCallState) => void;

/**
 * One call of `run` on its way: queued, in a thread, settled. Settles exactly once and then holds no timer and no
 * listener. To piscina it is also the abort signal of the call, in the small form that piscina accepts beside the
 * DOM's (`once`/`off`): calling the listener stops the thread. A real AbortController per call costs more than the
 * rest of the bookkeeping.
 */
export class ThreadCallState {
  readonly task: Task<never, unknown>;
  readonly argument: unknown;
  readonly settings: CallSettings;
  readonly #withdraw: Withdraw;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: unknown) => void;
  node: FifoNode<ThreadCallState> | undefined;
  slot = -1;
  settled = false;
  #timer: NodeJS.Timeout | undefined;
  #stopThread: (() => void) | undefined;

  constructor(
    task: Task<never, unknown>,
    argument: unknown,
    settings: CallSettings,
    withdraw: Withdraw,
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ) {
    this.task = task;
    this.argument = argument;
    this.settings = settings;
    this.#withdraw = withdraw;
    this.#resolve = resolve;
    this.#reject = reject;
    settings.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** The task itself has started in its thread: its time begins to count. */
  begun(): void {
    const { timeoutMs } = this.settings;
    if (this.settled || timeoutMs === undefined) return;
    this.#timer = setTimeout(() => {
      const text = `task "${this.task.exportName}" ran longer than ${timeoutMs} ms: its thread was stopped`;
      this.withdraw(new ConcurrencyError('ERR_PERF_CONCURRENCY_TIMEOUT', text));
    }, timeoutMs);
  }

  succeed(value: unknown): void {
    if (this.#settle()) this.#resolve(value);
  }

  fail(error: unknown): void {
    if (this.#settle()) this.#reject(error);
  }

  /** Ends the call from this side. */
  withdraw(error: unknown): void {
    if (!this.#settle()) return;
    this.#reject(error);
    this.#withdraw(this);
  }

  /** Makes piscina stop the thread that has this call, or forget the call if none has. */
  stopThread(): void {
    this.#stopThread?.();
  }

  once(_event: 'abort', listener: () => void): void {
    this.#stopThread = listener;
  }

  off(_event: 'abort', _listener: () => void): void {
    this.#stopThread = undefined;
  }

  removeListener(_event: 'abort', _listener: () => void): void {
    this.#stopThread = undefined;
  }

  readonly #onAbort = (): void => {
    this.withdraw(abortedError(`task "${this.task.exportName}"`, this.settings.signal!));
  };

  #settle(): boolean {
    if (this.settled) return false;
    this.settled = true;
    clearTimeout(this.#timer);
    this.settings.signal?.removeEventListener('abort', this.#onAbort);
    return true;
  }
}
