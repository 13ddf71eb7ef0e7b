import type { ReadPointer, Step } from '../document/pointer.ts';
import { isKey } from '../document/walk.ts';

/** A character of a key takes at most so many bytes per byte of its own: `\u0061`. */
const ESCAPED_BYTES = 6;

/**
 * Follows a JSON Pointer through a document that is read once, from the start.
 *
 * ```text
 *   /data/rows    {"time":1,"data":{"x":[],"rows":[…
 *                 level 1          level 2  ^ arrived
 * ```
 *
 * The containers that the pointer leads through are open from the outside in, so `level`, how many of them, is all that it
 * needs to know; what is open inside of them is deeper and not looked at.
 */
export class PathTracker {
  /** How many of the open containers are on the path. A container at this depth is the innermost of them. */
  level = 0;
  /** Whether the value that comes next is on the path. */
  isNext = true;
  readonly #steps: readonly Step[];
  /** The place of the next element, for every array on the path. */
  readonly #places: number[] = [];

  constructor({ steps }: ReadPointer) {
    this.#steps = steps;
  }

  /** Whether the value that is on the path is what it leads to. */
  get hasArrived(): boolean {
    return this.level === this.#steps.length;
  }

  enter(): void {
    this.#places[this.level] = 0;
    this.level++;
    this.isNext = false;
  }

  leave(): void {
    this.level--;
    this.isNext = false;
  }

  /** Another element of the innermost array on the path. */
  element(): void {
    const place = this.#places[this.level - 1]++;
    this.isNext = place === this.#steps[this.level - 1].place;
  }

  /** A key of the innermost object on the path, without its quotes. */
  key(bytes: Buffer, from: number, end: number): void {
    this.isNext = isKey(bytes, from, end, this.#steps[this.level - 1]);
  }

  /** Whether a key of this many bytes, or more, cannot be the one that is looked for, however it is written. */
  isTooLong(bytes: number): boolean {
    return bytes > this.#steps[this.level - 1].bytes.length * ESCAPED_BYTES;
  }
}
