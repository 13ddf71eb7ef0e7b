// The one machine under runConcurrent, runConcurrentSettled, streamConcurrent and runParallel.
//
//            next()                 fn(item)                 hooks.done / hooks.failed
//   source ─────────▶ slot taken ─────────────▶ running ─────────────────────────────▶ slot freed ──▶ next()
//                                                                (a stream frees it when the consumer takes the result)
//
// It pulls from the source only while a slot is free, so an endless or slow source is never read ahead of the work.
// A lane is an async function that follows one promise after the other, because `await` is the cheapest way to hear of
// a native promise: two reused callbacks per slot with `promise.then(onValue, onError)` were tried first and cost more,
// for the promise that `then` makes. Per item it allocates the context object, and no closure.

export interface ItemContext {
  /** Position of the item in its source, from 0. */
  readonly index: number;
  /** Aborted when another item failed, or when the caller's own signal was. */
  readonly signal: AbortSignal;
}

export type ItemFunction<Item, Result> = (item: Item, context: ItemContext) => Result | PromiseLike<Result>;
export type Source<Item> = Iterable<Item> | AsyncIterable<Item>;

export interface RunHooks<Result> {
  /** The item with this index was taken from the source. Called in order, before its function. */
  taken(index: number): void;
  done(index: number, value: Result): void;
  /** Returns whether the run goes on. */
  failed(index: number, error: unknown): boolean;
  /** Called once, when nothing is running any more. `failure` is what stopped the run early. */
  settled(failure: Failure | undefined): void;
}

/** Wrapped, because `throw undefined` is legal. */
export interface Failure {
  readonly error: unknown;
}

export interface RunSettings {
  readonly maxWorkers: number;
  readonly signal: AbortSignal | undefined;
  /** Keep an item's slot after it has settled, until `release()`. */
  readonly holdSlots: boolean;
  /** Makes the failure of a run whose caller's signal was aborted. */
  readonly aborted: (signal: AbortSignal) => unknown;
}

export class ConcurrentRun<Item, Result> {
  readonly #fn: ItemFunction<Item, Result>;
  readonly #hooks: RunHooks<Result>;
  readonly #settings: RunSettings;
  readonly #iterator: Iterator<Item> | AsyncIterator<Item>;
  readonly #sourceIsAsync: boolean;
  readonly #controller: AbortController = new AbortController();
  #free: number;
  #nextIndex = 0;
  #running = 0;
  /** More items may be taken. */
  #open = true;
  #sourceEnded = false;
  #stepping = false;
  #advancing = false;
  /** What #advance started. */
  #startedIndex = 0;
  #started: PromiseLike<Result> | undefined;
  #awaitingItem = false;
  #closingSource = false;
  #finished = false;
  #failure: Failure | undefined;

  constructor(fn: ItemFunction<Item, Result>, source: Source<Item>, settings: RunSettings, hooks: RunHooks<Result>) {
    this.#fn = fn;
    this.#hooks = hooks;
    this.#settings = settings;
    this.#free = settings.maxWorkers;
    this.#sourceIsAsync = typeof (source as Partial<AsyncIterable<Item>>)[Symbol.asyncIterator] === 'function';
    this.#iterator = this.#sourceIsAsync
      ? (source as AsyncIterable<Item>)[Symbol.asyncIterator]()
      : (source as Iterable<Item>)[Symbol.iterator]();
  }

  start(): void {
    const { signal } = this.#settings;
    if (signal?.aborted === true) {
      this.#onAbort();
    } else {
      signal?.addEventListener('abort', this.#onAbort, { once: true });
      this.#pump();
    }
  }

  /** The consumer took a result whose slot was held. */
  release(): void {
    this.#free++;
    this.#pump();
  }

  /** Takes no more items, aborts the running ones and lets them settle. */
  stop(error: unknown, abortReason: unknown = error): void {
    if (this.#failure !== undefined || this.#finished) return;
    this.#failure = { error };
    this.#open = false;
    this.#closeSource();
    this.#controller.abort(abortReason);
    this.#finishIfIdle();
  }

  #pump(): void {
    while (this.#advance()) void this.#lane(this.#startedIndex, this.#started!);
    this.#finishIfIdle();
  }

  /** Follows a running item to its end, and then whatever it could start in its place. */
  async #lane(index: number, running: PromiseLike<Result>): Promise<void> {
    for (;;) {
      try {
        const value = await running;
        this.#complete(index, value);
      } catch (error) {
        this.#fail(index, error);
      }
      if (!this.#advance()) {
        this.#finishIfIdle();
        return;
      }
      index = this.#startedIndex;
      running = this.#started!;
    }
  }

  /** Takes items until one of them is running, and says whether one is. Those that need no promise are done on the way. */
  #advance(): boolean {
    // A function that asks its own stream for the next result comes back here from inside the loop below.
    if (this.#advancing) return false;
    this.#started = undefined;
    this.#advancing = true;
    while (this.#open && this.#free > 0 && !this.#awaitingItem && this.#started === undefined) {
      this.#stepping = true;
      try {
        const step = this.#iterator.next();
        this.#stepping = false;
        if (this.#sourceIsAsync) {
          this.#awaitingItem = true;
          Promise.resolve(step).then(this.#onItem, this.#onSourceError);
        } else {
          this.#accept(step as IteratorResult<Item>);
        }
      } catch (error) {
        // Only the source throws here: what fn and the hooks throw is caught where they are called.
        this.#stepping = false;
        this.#sourceFailed(error);
      }
    }
    this.#advancing = false;
    return this.#started !== undefined;
  }

  #accept(step: IteratorResult<Item>): void {
    if (step.done === true) {
      this.#sourceEnded = true;
      this.#open = false;
    } else if (this.#open) {
      this.#startItem(step.value);
    } else {
      // The source itself stopped the run while it was producing this item: nobody will work on it.
      this.#closeSource();
    }
  }

  #startItem(item: Item): void {
    const index = this.#nextIndex++;
    this.#free--;
    this.#running++;
    try {
      this.#hooks.taken(index);
      const result = this.#fn(item, { index, signal: this.#controller.signal });
      if (isThenable(result)) {
        this.#startedIndex = index;
        this.#started = result;
        return;
      }
      this.#complete(index, result);
    } catch (error) {
      this.#fail(index, error);
    }
  }

  #complete(index: number, value: Result): void {
    this.#settled();
    if (this.#failure !== undefined) return;
    try {
      this.#hooks.done(index, value);
    } catch (error) {
      this.stop(error);
    }
  }

  #fail(index: number, error: unknown): void {
    this.#settled();
    if (this.#failure !== undefined) return;
    try {
      if (!this.#hooks.failed(index, error)) this.stop(error);
    } catch (hookError) {
      this.stop(hookError);
    }
  }

  #settled(): void {
    this.#running--;
    if (!this.#settings.holdSlots) this.#free++;
  }

  readonly #onItem = (step: IteratorResult<Item>): void => {
    this.#awaitingItem = false;
    try {
      this.#started = undefined;
      if (this.#open) this.#accept(step);
      if (this.#started !== undefined) void this.#lane(this.#startedIndex, this.#started);
    } catch (error) {
      this.#sourceFailed(error);
    }
    this.#pump();
  };

  readonly #onSourceError = (error: unknown): void => {
    this.#awaitingItem = false;
    this.#sourceFailed(error);
  };

  readonly #onAbort = (): void => {
    const signal = this.#settings.signal!;
    this.stop(this.#settings.aborted(signal), signal.reason);
  };

  #sourceFailed(error: unknown): void {
    // An iterator that threw has ended; calling its return() is not asked for by the protocol.
    this.#sourceEnded = true;
    this.stop(error);
  }

  /** Tells a source that was not read to its end that nobody will. Its errors cannot matter: the run has failed already. */
  #closeSource(): void {
    if (this.#sourceEnded || this.#stepping) return;
    this.#sourceEnded = true;
    let closing: unknown;
    try {
      closing = this.#iterator.return?.();
    } catch {
      return;
    }
    if (!this.#sourceIsAsync || closing === undefined) return;
    const closed = () => {
      this.#closingSource = false;
      this.#finishIfIdle();
    };
    // A generator that is still waiting for its next item closes only after that item came, which may be never:
    // then its end is not waited for.
    this.#closingSource = !this.#awaitingItem;
    Promise.resolve(closing).then(closed, closed);
  }

  #finishIfIdle(): void {
    if (this.#open || this.#running > 0 || this.#closingSource || this.#advancing || this.#finished) return;
    this.#finished = true;
    this.#settings.signal?.removeEventListener('abort', this.#onAbort);
    this.#hooks.settled(this.#failure);
  }
}

function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    typeof (value as Partial<PromiseLike<T>>).then === 'function'
  );
}
