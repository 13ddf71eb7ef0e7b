import type { FeedError } from '../errors.ts';

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: FeedError) => void;
  readonly signal: AbortSignal | undefined;
  readonly onAbort: () => void;
}

/** Calls of `connect` that wait for the feed to open. An abort takes its call out at once. */
export class Waiters {
  #waiting: Waiter[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  /** `onAbort` is called once the waiter is out, and makes the error that it is rejected with. */
  add(
    signal: AbortSignal | undefined,
    resolve: () => void,
    reject: (error: FeedError) => void,
    onAbort: () => FeedError,
  ): void {
    const waiter: Waiter = {
      resolve,
      reject,
      signal,
      onAbort: () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        reject(onAbort());
      },
    };
    signal?.addEventListener('abort', waiter.onAbort, { once: true });
    this.#waiting.push(waiter);
  }

  resolveAll(): void {
    for (const waiter of this.#take()) waiter.resolve();
  }

  rejectAll(error: FeedError): void {
    for (const waiter of this.#take()) waiter.reject(error);
  }

  #take(): Waiter[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { signal, onAbort } of waiting) signal?.removeEventListener('abort', onAbort);
    return waiting;
  }
}
