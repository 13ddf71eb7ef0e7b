import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from '../scan-tokens.ts';

/** 1 for bytes that mean something outside of strings: brackets, commas and quotes. */
const STANDS_OUT = new Uint8Array(256);
for (const byte of [QUOTE, OPEN_BRACE, OPEN_BRACKET, CLOSE_BRACE, CLOSE_BRACKET, COMMA]) STANDS_OUT[byte] = 1;

/** 1 for bytes that end a string or escape the next one. */
const ENDS_PLAIN = new Uint8Array(256);
ENDS_PLAIN[QUOTE] = 1;
ENDS_PLAIN[BACKSLASH] = 1;

/**
 * Finds the brackets and commas of a document that comes in pieces, each byte once: strings are passed over, nothing is
 * checked. In a valid document the places are right; whether it is valid, who reads what is between them finds out.
 */
export class StructureFinder {
  #isInString = false;
  /** The next byte is behind a backslash. */
  #isEscaped = false;

  /** The place of the next bracket or comma in `bytes[from, to)`, or −1. Bytes are given once, in order. */
  next(bytes: Uint8Array, from: number, to: number): number {
    let at = this.#isInString ? this.#string(bytes, from, to) : from;
    const last = to - 3;
    for (;;) {
      // Four at a time: one branch for four table reads.
      while (
        at < last &&
        (STANDS_OUT[bytes[at]] | STANDS_OUT[bytes[at + 1]] | STANDS_OUT[bytes[at + 2]] | STANDS_OUT[bytes[at + 3]]) ===
          0
      )
        at += 4;
      while (at < to && STANDS_OUT[bytes[at]] === 0) at++;
      if (at >= to) return -1;
      if (bytes[at] !== QUOTE) return at;
      at = this.#string(bytes, at + 1, to);
    }
  }

  /** To behind the closing quote, or to the end. */
  #string(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    if (this.#isEscaped && at < to) {
      this.#isEscaped = false;
      at++;
    }
    const last = to - 3;
    for (;;) {
      while (
        at < last &&
        (ENDS_PLAIN[bytes[at]] | ENDS_PLAIN[bytes[at + 1]] | ENDS_PLAIN[bytes[at + 2]] | ENDS_PLAIN[bytes[at + 3]]) ===
          0
      )
        at += 4;
      while (at < to && ENDS_PLAIN[bytes[at]] === 0) at++;
      if (at < to && bytes[at] === QUOTE) {
        this.#isInString = false;
        return at + 1;
      }
      if (at + 1 >= to) {
        this.#isInString = true;
        this.#isEscaped = at < to;
        return to;
      }
      at += 2;
    }
  }
}
