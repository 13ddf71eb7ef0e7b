import { choiceOption, integerOption, readOptions, signalOption } from '@perf/internal';
import { ConcurrentRun } from './concurrent-run.ts';
import type { Failure, ItemFunction, Source } from './concurrent-run.ts';
import { ConcurrencyError, abortedError, optionError } from './errors.ts';
import { DEFAULT_WORKERS, checkWork } from './run-concurrent.ts';

export interface StreamConcurrentOptions {
  /** Items worked on at a time, results that wait for the consumer included. Default 10. */
  readonly maxWorkers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** `items` (default): in order of the items. `completion`: whatever is ready first. */
  readonly order?: 'items' | 'completion' | undefined;
}

export interface StreamedResult<Result> {
  /** Position of the item in its source, from 0. */
  readonly index: number;
  readonly value: Result;
}

const rules = {
  maxWorkers: integerOption(DEFAULT_WORKERS, 1),
  signal: signalOption(),
  order: choiceOption('items', ['items', 'completion']),
};

/**
 * `runConcurrent` for sources without an end, or results too large to keep: gives each result as it is ready.
 *
 * A consumer that is slow holds the work back: at most `maxWorkers` items are taken beyond the result it is looking
 * at. The first error, an abort and leaving the loop stop the run as in `runConcurrent`: the running functions see
 * their signal aborted, and the loop ends (or throws) when they have settled; results not yet delivered are dropped.
 *
 * Work starts with the first result asked for. Leaving a `for await` works at any result; while none is ready only
 * `signal` can stop the waiting. Memory O(maxWorkers).
 *
 * Throws `ERR_PERF_CONCURRENCY_OPTION` at the call; the iterator throws as `runConcurrent` rejects.
 *
 * @example
 * for await (const { index, value } of streamConcurrent(fetchPage, pages(), { maxWorkers: 4 })) store(index, value);
 */
export function streamConcurrent<Item, Result>(
  fn: ItemFunction<Item, Result>,
  items: Source<Item>,
  options?: StreamConcurrentOptions,
): AsyncGenerator<StreamedResult<Result>, void, undefined> {
  const { order, maxWorkers, signal } = readOptions('streamConcurrent', options, rules, optionError);
  checkWork('streamConcurrent', fn, items);
  const settings = {
    maxWorkers,
    signal,
    holdSlots: true,
    aborted: (by: AbortSignal) => abortedError('streamConcurrent', by),
  };
  return stream(fn, items, settings, order === 'items' ? new InOrder<Result>() : new AsCompleted<Result>());
}

async function* stream<Item, Result>(
  fn: ItemFunction<Item, Result>,
  items: Source<Item>,
  settings: ConstructorParameters<typeof ConcurrentRun<Item, Result>>[2],
  ready: InOrder<Result> | AsCompleted<Result>,
): AsyncGenerator<StreamedResult<Result>, void, undefined> {
  let end: { failure: Failure | undefined } | undefined;
  let wake = (): void => {};
  let allSettled = (): void => {};
  const idle = new Promise<void>((resolve) => (allSettled = resolve));
  const run = new ConcurrentRun<Item, Result>(fn, items, settings, {
    taken: () => {},
    done: (index, value) => {
      ready.add({ index, value });
      wake();
    },
    failed: () => false,
    settled: (failure) => {
      end = { failure };
      wake();
      allSettled();
    },
  });
  try {
    run.start();
    for (;;) {
      if (end?.failure !== undefined) throw end.failure.error;
      const result = ready.take();
      if (result !== undefined) {
        run.release();
        yield result;
      } else if (end !== undefined) {
        return;
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    run.stop(new ConcurrencyError('ERR_PERF_CONCURRENCY_ABORTED', 'streamConcurrent: its consumer left'));
    await idle;
  }
}

/** Results that came before their turn; never more than `maxWorkers`. */
class InOrder<Result> {
  readonly #early = new Map<number, StreamedResult<Result>>();
  #next = 0;

  add(result: StreamedResult<Result>): void {
    this.#early.set(result.index, result);
  }

  take(): StreamedResult<Result> | undefined {
    const result = this.#early.get(this.#next);
    if (result !== undefined) this.#early.delete(this.#next++);
    return result;
  }
}

class AsCompleted<Result> {
  readonly #queue: StreamedResult<Result>[] = [];

  add(result: StreamedResult<Result>): void {
    this.#queue.push(result);
  }

  take(): StreamedResult<Result> | undefined {
    return this.#queue.shift();
  }
}
