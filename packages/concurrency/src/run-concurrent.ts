import { booleanOption, functionOption, integerOption, readOptions, signalOption } from '@perf/internal';
import { ConcurrentRun } from './concurrent-run.ts';
import type { ItemFunction, Source } from './concurrent-run.ts';
import { ConcurrencyError, abortedError, optionError } from './errors.ts';

/** What `onProgress` is told after every item that settled. */
export interface Progress {
  /** Items that settled, well or badly. */
  readonly settled: number;
  readonly failed: number;
  /** Items in all, where the source knows (arrays, sets, maps, typed arrays). */
  readonly total: number | undefined;
}

export interface RunConcurrentSettledOptions {
  /** Items worked on at a time, and the most that are taken ahead of the results. Default 10. */
  readonly maxWorkers?: number | undefined;
  /** Stops the run: no more items are taken, and the running ones see it on the signal they were given. */
  readonly signal?: AbortSignal | undefined;
  /** Called after every item; an error it throws stops the run like an item's own. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface RunConcurrentOptions extends RunConcurrentSettledOptions {
  /**
   * true (default): the first error stops the run and is what the call rejects with.
   * false: every item is worked on; when any failed, rejects with `ERR_PERF_CONCURRENCY_ITEMS_FAILED` and all `errors`.
   */
  readonly stopOnError?: boolean | undefined;
}

export const DEFAULT_WORKERS = 10;

const settledRules = {
  maxWorkers: integerOption(DEFAULT_WORKERS, 1),
  signal: signalOption(),
  onProgress: functionOption<((progress: Progress) => void) | undefined>(undefined),
};
const rules = { ...settledRules, stopOnError: booleanOption(true) };

/**
 * Runs `fn` over `items`, at most `maxWorkers` at a time, and resolves to the results in order of the items.
 *
 * - **Back-pressure.** An item is taken from `items` only when a worker is free for it, so `items` may be endless,
 *   slow, or a generator that makes each item on demand.
 * - **First error.** Aborts the `signal` that every running `fn` was given, takes no more items, closes the source, and
 *   rejects with that error as it was thrown.
 * - **No work behind your back.** The call settles only after every `fn` that was started has settled. An `fn` that
 *   ignores its signal therefore delays the rejection; pass the signal on (`fetch(url, { signal })`).
 * - **Exactly once.** `fn` is called once per taken item; nothing is retried.
 *
 * O(1) memory beside the results; per item one context object and one `await`. `fn` may return without a
 * promise, and then holds the loop like any other loop.
 *
 * Rejects with what `fn`, `items` or `onProgress` threw, with `ERR_PERF_CONCURRENCY_ABORTED` (cause: the reason) when
 * `signal` was aborted, with `ERR_PERF_CONCURRENCY_ITEMS_FAILED` under `stopOnError: false`, and with
 * `ERR_PERF_CONCURRENCY_OPTION` for a wrong argument. Not for CPU work: that needs `runParallel`.
 *
 * @example
 * const books = await runConcurrent((symbol, { signal }) => fetchBook(symbol, { signal }), symbols, { maxWorkers: 8 });
 */
export function runConcurrent<Item, Result>(
  fn: ItemFunction<Item, Result>,
  items: Source<Item>,
  options?: RunConcurrentOptions,
): Promise<Result[]> {
  return new Promise((resolve, reject) => {
    const { stopOnError, onProgress, ...given } = readOptions('runConcurrent', options, rules, optionError);
    checkWork('runConcurrent', fn, items);
    const results: (Result | undefined)[] = [];
    const errors: Failed[] = [];
    const progress = onProgress && progressOf(items, onProgress);
    const settings = {
      ...given,
      holdSlots: false,
      aborted: (signal: AbortSignal) => abortedError('runConcurrent', signal),
    };
    new ConcurrentRun<Item, Result>(fn, items, settings, {
      taken: () => results.push(undefined),
      done: (index, value) => {
        results[index] = value;
        progress?.(1, 0);
      },
      failed: (index, error) => {
        if (stopOnError) return false;
        errors.push({ index, error });
        progress?.(1, 1);
        return true;
      },
      settled: (failure) => {
        if (failure !== undefined) reject(failure.error);
        else if (errors.length > 0) reject(itemsFailed('runConcurrent', errors, results.length));
        else resolve(results as Result[]);
      },
    }).start();
  });
}

/**
 * The same without a first error: resolves to one outcome per item, in order of the items, as `Promise.allSettled`
 * gives them. Still rejects when `items` or `onProgress` throw, when `signal` is aborted, or an argument is wrong.
 *
 * @example
 * const outcomes = await runConcurrentSettled(fetchBook, symbols, { maxWorkers: 8 });
 * const missing = symbols.filter((_, index) => outcomes[index].status === 'rejected');
 */
export function runConcurrentSettled<Item, Result>(
  fn: ItemFunction<Item, Result>,
  items: Source<Item>,
  options?: RunConcurrentSettledOptions,
): Promise<PromiseSettledResult<Result>[]> {
  return new Promise((resolve, reject) => {
    const { onProgress, ...given } = readOptions('runConcurrentSettled', options, settledRules, optionError);
    checkWork('runConcurrentSettled', fn, items);
    const outcomes: (PromiseSettledResult<Result> | undefined)[] = [];
    const progress = onProgress && progressOf(items, onProgress);
    const aborted = (signal: AbortSignal) => abortedError('runConcurrentSettled', signal);
    new ConcurrentRun<Item, Result>(
      fn,
      items,
      { ...given, holdSlots: false, aborted },
      {
        taken: () => outcomes.push(undefined),
        done: (index, value) => {
          outcomes[index] = { status: 'fulfilled', value };
          progress?.(1, 0);
        },
        failed: (index, reason) => {
          outcomes[index] = { status: 'rejected', reason };
          progress?.(1, 1);
          return true;
        },
        settled: (failure) => {
          if (failure !== undefined) reject(failure.error);
          else resolve(outcomes as PromiseSettledResult<Result>[]);
        },
      },
    ).start();
  });
}

export interface Failed {
  readonly index: number;
  readonly error: unknown;
}

/** One error for all of them, in order of the items whatever order they failed in. */
export function itemsFailed(subject: string, failed: Failed[], total: number): ConcurrencyError {
  failed.sort((a, b) => a.index - b.index);
  const first = failed[0];
  const text = first.error instanceof Error ? first.error.message : String(first.error);
  return new ConcurrencyError(
    'ERR_PERF_CONCURRENCY_ITEMS_FAILED',
    `${subject}: ${failed.length} of ${total} items failed, the first at index ${first.index}: ${text}`,
    { errors: failed.map(({ error }) => error), cause: first.error },
  );
}

export function checkWork(subject: string, fn: unknown, items: unknown): void {
  if (typeof fn !== 'function')
    throw optionError(`${subject}: the first argument must be a function, got ${typeof fn}`);
  checkItems(subject, items);
}

export function checkItems(subject: string, items: unknown): void {
  const iterable =
    items !== null &&
    items !== undefined &&
    (typeof (items as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function' ||
      typeof (items as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === 'function');
  if (!iterable) throw optionError(`${subject}: items must be an iterable or an async iterable`);
}

/** Counts settled items and tells `listener`. */
export function progressOf(
  items: unknown,
  listener: (progress: Progress) => void,
): (settledNow: number, failedNow: number) => void {
  const total = knownSize(items);
  let settled = 0;
  let failed = 0;
  return (settledNow, failedNow) => {
    settled += settledNow;
    failed += failedNow;
    listener({ settled, failed, total });
  };
}

export function knownSize(items: unknown): number | undefined {
  if (Array.isArray(items) || ArrayBuffer.isView(items)) return (items as unknown as { length: number }).length;
  if (items instanceof Set || items instanceof Map) return items.size;
  return undefined;
}
