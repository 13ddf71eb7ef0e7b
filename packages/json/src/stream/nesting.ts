import { WORD_BITS } from '../scan-tokens.ts';

/**
 * The open brackets of a document, a bit each, so that any depth is a number: 1 for an object, the innermost lowest. What
 * `scanValue` keeps in two variables, for a scan that is left and taken up again.
 */
export class Nesting {
  depth = 0;
  #open = 0;
  readonly #words: number[] = [];

  /** Whether the innermost bracket is an object's. */
  get inObject(): boolean {
    return (this.#open & 1) === 1;
  }

  push(isObject: boolean): void {
    if (this.depth > 0 && this.depth % WORD_BITS === 0) {
      this.#words.push(this.#open);
      this.#open = 0;
    }
    this.depth++;
    this.#open = (this.#open << 1) | (isObject ? 1 : 0);
  }

  pop(): void {
    this.depth--;
    this.#open >>= 1;
    if (this.depth > 0 && this.depth % WORD_BITS === 0) this.#open = this.#words.pop() ?? 0;
  }
}
