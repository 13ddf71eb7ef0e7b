import { isUtf8 } from 'node:buffer';
import { CLOSE_BRACKET, COMMA, skipSpace } from '../scan-tokens.ts';
import { ElementFinder } from './element-finder.ts';
import type { ElementLimits, ElementTaker, Taken } from './element-taker.ts';
import type { Window } from './window.ts';

/** The engine builds about so many bytes of elements at once: enough for it to learn their shape, soon enough done. */
const GROUP_BYTES = 256 * 1024;

/**
 * Takes elements as values. The engine parses the whole elements of the window as one array and thereby checks them: only their
 * ends are looked for, by counting brackets. Where it refuses, they are parsed one by one up to the first that is wrong.
 */
export class ValueTaker implements ElementTaker<unknown[]> {
  count = 0;
  isTooLarge = false;
  cause: unknown;
  readonly #limits: ElementLimits;
  readonly #finder = new ElementFinder();
  /** Bytes behind `window.from` that the finder has passed. */
  #searched = 0;
  #values: unknown[] = [];
  #isRefused = false;

  constructor(limits: ElementLimits) {
    this.#limits = limits;
  }

  take(window: Window): Taken {
    if (this.#isRefused) return 'refused';
    const { bytes, from, to } = window;
    let start = from;
    let end = -1;
    let count = 0;
    let taken: Taken = 'full';
    while (start - from < GROUP_BYTES) {
      end = this.#finder.find(bytes, start + this.#searched, to);
      this.#searched = 0;
      taken = this.#judge(window, start, end);
      if (taken !== 'full') break;
      start = end + 1;
      count++;
    }
    // No comma follows the last element, and nothing has to stand in an array.
    const isClosed = taken === 'closed';
    if (isClosed && (count > 0 || this.count > 0 || skipSpace(bytes, from, end) < end)) count++;
    const groupEnd = isClosed ? end : start - 1;
    if (count > 0 && !this.#parse(bytes, from, groupEnd, count)) return this.#salvage(window, groupEnd);
    window.from = isClosed ? end : start;
    if (taken === 'more') this.#searched = to - start;
    this.#isRefused = taken === 'refused';
    return this.#isRefused && count > 0 ? 'full' : taken;
  }

  batch(): unknown[] | undefined {
    if (this.#values.length === 0) return undefined;
    const values = this.#values;
    this.#values = [];
    return values;
  }

  fault(): undefined {
    return undefined;
  }

  /** What the end of an element says: `full` is "go on with the next". */
  #judge({ bytes, to, isLast }: Window, start: number, end: number): Taken {
    if (this.#finder.deepest > this.#limits.maxDepth) return 'refused';
    if ((end < 0 ? to : end) - start > this.#limits.maxElementBytes) {
      this.isTooLarge = true;
      return 'refused';
    }
    if (end < 0) return isLast ? 'refused' : 'more';
    if (bytes[end] === COMMA) return 'full';
    return bytes[end] === CLOSE_BRACKET ? 'closed' : 'refused';
  }

  /** Adds the elements in `[from, end)`. False where they are not as many, or not right. */
  #parse(bytes: Buffer, from: number, end: number, count: number): boolean {
    if (!isUtf8(bytes.subarray(from, end))) return false;
    let values: unknown[];
    try {
      values = JSON.parse(`[${bytes.toString('utf8', from, end)}]`) as unknown[];
    } catch (cause) {
      this.cause = cause;
      return false;
    }
    if (values.length !== count) return false;
    this.count += count;
    if (this.#values.length === 0) this.#values = values;
    else for (const value of values) this.#values.push(value);
    return true;
  }

  #salvage(window: Window, end: number): Taken {
    const { bytes, from } = window;
    const finder = new ElementFinder();
    let start = from;
    for (;;) {
      const comma = finder.find(bytes, start, end);
      if (comma < 0 || !this.#parse(bytes, start, comma, 1)) break;
      start = comma + 1;
    }
    window.from = start;
    this.#isRefused = true;
    return start > from ? 'full' : 'refused';
  }
}
