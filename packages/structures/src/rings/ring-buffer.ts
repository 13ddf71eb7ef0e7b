import { choiceOption, readOptions } from '@perf/internal';
import { optionFault, StructuresError } from '../errors.ts';

export interface RingBufferOptions {
  /** What `push` does when the ring is full: drop the oldest item (default) or refuse the new one. */
  readonly whenFull?: 'overwrite' | 'reject' | undefined;
}

/**
 * The newest `capacity` items, of any type, in one fixed array: for one thread.
 *
 * `push`, `at` and `shift` are O(1) and allocate nothing. Dropped items are released at once, so the ring never keeps
 * more than `capacity` alive.
 *
 * Errors: `ERR_PERF_STRUCTURES_OPTION` (capacity is no integer from 1 to 2^30), `ERR_PERF_STRUCTURES_ARGUMENT`.
 *
 * @example
 * const prices = new RingBuffer<number>(3);
 * for (const price of [1, 2, 3, 4]) prices.push(price);
 * prices.getLatest(2); // [3, 4]
 */
export class RingBuffer<T> implements Iterable<T> {
  readonly capacity: number;
  readonly #reject: boolean;
  readonly #items: (T | undefined)[];
  /** Position of the oldest item. */
  #head = 0;
  #length = 0;
  #dropped = 0;

  constructor(capacity: number, options?: RingBufferOptions) {
    if (!(Number.isInteger(capacity) && capacity >= 1 && capacity <= 2 ** 30)) {
      throw optionFault(`RingBuffer: capacity must be an integer from 1 to 2^30, got ${String(capacity)}`, 'capacity');
    }
    const { whenFull } = readOptions(
      'RingBuffer',
      options,
      { whenFull: choiceOption('overwrite', ['overwrite', 'reject']) },
      optionFault,
    );
    this.capacity = capacity;
    this.#reject = whenFull === 'reject';
    this.#items = new Array<T | undefined>(capacity).fill(undefined);
  }

  get length(): number {
    return this.#length;
  }

  /** Items that were overwritten or refused because the ring was full. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Adds the newest item; false when the ring is full and rejects. */
  push(item: T): boolean {
    const { capacity } = this;
    if (this.#length < capacity) {
      let at = this.#head + this.#length;
      if (at >= capacity) at -= capacity;
      this.#items[at] = item;
      this.#length++;
      return true;
    }
    this.#dropped++;
    if (this.#reject) return false;
    this.#items[this.#head] = item;
    if (++this.#head === capacity) this.#head = 0;
    return true;
  }

  /** Removes and returns the oldest item. */
  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#length--;
    if (++this.#head === this.capacity) this.#head = 0;
    return item;
  }

  /** The item at a position, 0 the oldest, −1 the newest, as `Array.prototype.at`. */
  at(index: number): T | undefined {
    const position = index < 0 ? index + this.#length : index;
    return position >= 0 && position < this.#length ? this.#items[this.#slot(Math.trunc(position))] : undefined;
  }

  /** The newest `count` items, oldest of them first; fewer when there are fewer. */
  getLatest(count: number): T[] {
    if (!(count >= 0)) {
      throw new StructuresError(
        'ERR_PERF_STRUCTURES_ARGUMENT',
        `getLatest: count must not be negative, got ${String(count)}`,
      );
    }
    const length = Math.min(Math.trunc(count), this.#length);
    if (length === 0) return [];
    const start = this.#slot(this.#length - length);
    const end = start + length;
    const items = this.#items as T[];
    if (end <= this.capacity) return items.slice(start, end);
    return items.slice(start).concat(items.slice(0, end - this.capacity));
  }

  /** Oldest first. Pushing while iterating is not an error, but items that it overwrites are not seen. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (let position = 0; position < this.#length; position++) yield this.#items[this.#slot(position)] as T;
  }

  /** Forgets and releases all items; `dropped` goes on counting. */
  clear(): void {
    this.#items.fill(undefined);
    this.#head = 0;
    this.#length = 0;
  }

  #slot(position: number): number {
    const slot = this.#head + position;
    return slot >= this.capacity ? slot - this.capacity : slot;
  }
}
