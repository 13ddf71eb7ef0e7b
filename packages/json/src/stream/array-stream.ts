import type { ByteReader } from '../source/byte-source.ts';

/** The elements of an array, or batches of them, in order. To be iterated once. */
export interface ArrayStream<T> extends AsyncIterable<T> {
  next(): Promise<IteratorResult<T, undefined>>;
  /** Ends reading, also while a `next` waits, which then has nothing more, and releases the source. */
  return(): Promise<IteratorResult<T, undefined>>;
  /** The same as `return`. */
  close(): Promise<void>;
  [Symbol.asyncIterator](): ArrayStream<T>;
  [Symbol.asyncDispose](): Promise<void>;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** What batches are read from. */
export interface Batches<Batch> {
  readonly source: ByteReader;
  readonly batches: AsyncGenerator<Batch, void, undefined>;
}

/** Batches as they are read. Nothing is opened and nothing listens before the first `next`. */
export class BatchStream<Batch> implements ArrayStream<Batch> {
  readonly #source: ByteReader;
  readonly #batches: AsyncGenerator<Batch, void, undefined>;
  readonly #signal: AbortSignal | undefined;
  readonly #end = new AbortController();
  readonly #onAbort = (): void => this.#end.abort(this.#signal?.reason);
  #isStarted = false;
  #isReturned = false;

  /** `open` is given the signal that ends the reading: the caller's has aborted, or the stream was returned. */
  constructor(signal: AbortSignal | undefined, open: (end: AbortSignal) => Batches<Batch>) {
    this.#signal = signal;
    const { source, batches } = open(this.#end.signal);
    this.#source = source;
    this.#batches = batches;
  }

  async next(): Promise<IteratorResult<Batch, undefined>> {
    this.#start();
    try {
      const { done, value } = await this.#batches.next();
      if (done !== true) return { done: false, value };
    } catch (error) {
      await this.#release();
      if (this.#isReturned) return DONE;
      throw error;
    }
    await this.#release();
    return DONE;
  }

  async return(): Promise<IteratorResult<Batch, undefined>> {
    this.#isStarted = true;
    this.#isReturned = true;
    this.#end.abort();
    await this.#batches.return();
    await this.#release();
    return DONE;
  }

  async close(): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    if (this.#signal?.aborted === true) this.#onAbort();
    else this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  async #release(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    await this.#source.close();
  }
}

/**
 * The items of batches, one by one. Written out: a generator would take several turns of the microtask queue for each item, and
 * here all items of a batch are at hand.
 */
export class ItemStream<T> implements ArrayStream<T> {
  readonly #batches: BatchStream<readonly T[]>;
  #items: readonly T[] = [];
  #at = 0;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(batches: BatchStream<readonly T[]>) {
    this.#batches = batches;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    // Who came first is served first.
    if (this.#waiting === 0 && this.#at < this.#items.length) return Promise.resolve(this.#item());
    this.#waiting++;
    const next = this.#last.then(() => this.#next());
    this.#last = next.catch(() => undefined);
    return next;
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#items = [];
    this.#at = 0;
    return this.#batches.return() as Promise<IteratorReturnResult<undefined>>;
  }

  close(): Promise<void> {
    this.#items = [];
    this.#at = 0;
    return this.#batches.close();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #next(): Promise<IteratorResult<T, undefined>> {
    try {
      while (this.#at === this.#items.length) {
        const { done, value } = await this.#batches.next();
        if (done === true) return DONE;
        this.#items = value;
        this.#at = 0;
      }
      return this.#item();
    } finally {
      this.#waiting--;
    }
  }

  #item(): IteratorYieldResult<T> {
    return { done: false, value: this.#items[this.#at++] };
  }
}
