import { JsonError } from '../errors.ts';

/** Who reads, for messages, and what ends it. */
export interface Reading {
  readonly caller: string;
  readonly signal: AbortSignal | undefined;
}

/** The caller's own reason is the cause, so that `AbortSignal.timeout()` and `abort(myError)` can be told apart. */
export function abortedError(caller: string, signal: AbortSignal): JsonError {
  return new JsonError('ERR_PERF_JSON_ABORTED', `${caller} was aborted by its signal`, { cause: signal.reason });
}

export function throwIfAborted({ caller, signal }: Reading): void {
  if (signal?.aborted === true) throw abortedError(caller, signal);
}

/** Waits for what may never come: its result, or the error as soon as the signal aborts. */
export function unlessAborted<T>(promise: Promise<T>, { caller, signal }: Reading): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(abortedError(caller, signal));
    signal.addEventListener('abort', abort, { once: true });
    const settled = (): void => signal.removeEventListener('abort', abort);
    void promise.then(resolve, reject).finally(settled);
  });
}
