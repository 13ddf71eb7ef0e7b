import { COMMA, OPEN_BRACE, OPEN_BRACKET } from '../scan-tokens.ts';
import { StructureFinder } from './structure-finder.ts';

/** Finds where the elements of an array end, by counting brackets. */
export class ElementFinder {
  /** The most brackets that were open inside one element. */
  deepest = 0;
  readonly #structure = new StructureFinder();
  #depth = 0;

  /** The place of the comma or the bracket behind the element that goes on at `from`, or −1 where it goes on at `to`. */
  find(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    for (;;) {
      at = this.#structure.next(bytes, at, to);
      if (at < 0) return -1;
      const byte = bytes[at];
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        this.#depth++;
        if (this.#depth > this.deepest) this.deepest = this.#depth;
      } else if (this.#depth === 0) {
        return at;
      } else if (byte !== COMMA) {
        this.#depth--;
      }
      at++;
    }
  }
}
