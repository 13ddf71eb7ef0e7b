import { anyOption, numberOption, readOptions, signalOption } from '@perf/internal';
import { ConcurrencyError, abortedError, optionError } from './errors.ts';

export interface TimeoutAfterOptions {
  /** Milliseconds from the call, up to 2^31 − 1 (24.8 days, the longest timer there is). */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface TimeoutAfterWithDefault<Default> extends TimeoutAfterOptions {
  /** What to resolve to when time is up, even undefined or null, instead of rejecting. */
  readonly default: Default;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;
const rules = {
  timeoutMs: numberOption(Number.NaN, 0, LONGEST_TIMER_MS),
  default: anyOption<unknown>(undefined),
  signal: signalOption(),
};

/**
 * Settles like `work` if that settles within `timeoutMs`; otherwise resolves to `default` where one is given, else
 * rejects with `ERR_PERF_CONCURRENCY_TIMEOUT`.
 *
 * Give a function where you can: it gets a signal that is aborted when time is up, so that the work stops. A bare
 * promise cannot be stopped: its work goes on, only its outcome is dropped. The loser never becomes an unhandled
 * rejection, the timer and the abort listener are gone as soon as the call has settled.
 *
 * A failure of `work` within the time is a failure: `default` is for lateness only. An aborted `signal` rejects with
 * `ERR_PERF_CONCURRENCY_ABORTED` (cause: the reason) whatever the default. `ERR_PERF_CONCURRENCY_OPTION` for a wrong argument.
 * The timer is late when the event loop is blocked; then work that settled in the meantime may win.
 *
 * @example
 * const quote = await timeoutAfter((signal) => fetchQuote('BTCUSDT', { signal }), { timeoutMs: 250, default: null });
 */
export function timeoutAfter<T, Default>(
  work: PromiseLike<T> | ((signal: AbortSignal) => T | PromiseLike<T>),
  options: TimeoutAfterWithDefault<Default>,
): Promise<T | Default>;
export function timeoutAfter<T>(
  work: PromiseLike<T> | ((signal: AbortSignal) => T | PromiseLike<T>),
  options: TimeoutAfterOptions,
): Promise<T>;
export function timeoutAfter(
  work: PromiseLike<unknown> | ((signal: AbortSignal) => unknown),
  options: TimeoutAfterOptions | TimeoutAfterWithDefault<unknown>,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // First of all: a rejection of `work` must find a listener whatever happens below.
    if (typeof work === 'object' && work !== null) Promise.resolve(work).catch(ignore);
    const { timeoutMs, signal } = readOptions('timeoutAfter', options, rules, optionError);
    if (Number.isNaN(timeoutMs)) throw optionError('timeoutAfter: option "timeoutMs" is required');
    if (typeof work !== 'function' && typeof (work as Partial<PromiseLike<unknown>> | null)?.then !== 'function') {
      throw optionError('timeoutAfter: the first argument must be a promise or a function that returns one');
    }
    if (signal?.aborted === true) throw abortedError('timeoutAfter', signal);

    const controller = typeof work === 'function' ? new AbortController() : undefined;
    const release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const onAbort = () => {
      release();
      reject(abortedError('timeoutAfter', signal!));
      controller?.abort(signal!.reason);
    };
    const onTimeout = () => {
      release();
      const late = new ConcurrencyError('ERR_PERF_CONCURRENCY_TIMEOUT', `not settled within ${timeoutMs} ms`);
      if (Object.hasOwn(options, 'default')) resolve((options as TimeoutAfterWithDefault<unknown>).default);
      else reject(late);
      controller?.abort(late);
    };
    const timer = setTimeout(onTimeout, timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });

    let outcome: unknown;
    try {
      outcome = controller === undefined ? work : (work as (signal: AbortSignal) => unknown)(controller.signal);
    } catch (error) {
      release();
      reject(error);
      return;
    }
    Promise.resolve(outcome).then(
      (value) => {
        release();
        resolve(value);
      },
      (error: unknown) => {
        release();
        reject(error);
      },
    );
  });
}

function ignore(): void {}
