import { scaledFromBytes } from '@perf/internal';
import type { LevelColumns } from '@perf/structures';
import { onGrid, type Scale } from './scale.ts';
import { growColumns } from './records.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const ZERO = 0x30;
const NINE = 0x39;
const POINT = 0x2e;

/** The longest integer that is exact without checking: ids and times have 13 to 16 digits. */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN: Float64Array = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power);

/** Where the cursor goes when a number could not be read: beyond every frame, so that nothing after it matches. */
const NOWHERE = 2 ** 30 - 1;

/** The bytes of an ASCII literal, for {@link FrameScanner.literal}. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/**
 * A cursor over one frame of known layout. Every method either consumes what it names and returns true (or a number),
 * or returns false (or NaN); the caller then gives the frame to the general reader. So a frame that the venue lays out
 * differently tomorrow is decoded all the same, only slower, and nothing is accepted here that is not complete and exact.
 */
export class FrameScanner {
  bytes: Uint8Array = new Uint8Array(0);
  at: number = 0;
  end: number = 0;

  reset(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  literal(expected: Uint8Array): boolean {
    const { bytes, at } = this;
    const length = expected.length;
    if (at + length > this.end) return false;
    for (let index = 0; index < length; index++) if (bytes[at + index] !== expected[index]) return false;
    this.at = at + length;
    return true;
  }

  /** A non-negative integer, exact; otherwise NaN, and nothing matches any more. */
  unsigned(): number {
    const { bytes, end } = this;
    const start = this.at;
    let at = start;
    let value = 0;
    while (at < end) {
      const byte = bytes[at];
      if (byte < ZERO || byte > NINE) break;
      value = value * 10 + (byte - ZERO);
      at++;
    }
    const digits = at - start;
    const tooLarge = digits > EXACT_DIGITS && value > Number.MAX_SAFE_INTEGER;
    const leadingZero = digits > 1 && bytes[start] === ZERO; // not JSON
    if (digits === 0 || tooLarge || leadingZero) {
      this.at = NOWHERE;
      return Number.NaN;
    }
    this.at = at;
    return value;
  }

  /** Skips a string of plain capital letters, digits, `_`, `@`, lower case and the like; false at anything escaped. */
  plainString(): boolean {
    const { bytes, end } = this;
    let at = this.at;
    while (at < end) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        this.at = at + 1;
        return true;
      }
      // Printable ASCII without the backslash: what is left needs the general reader.
      if (byte < 0x20 || byte > 0x7e || byte === 0x5c) return false;
      at++;
    }
    return false;
  }

  /**
   * A quoted decimal as a count of `scale`, or NaN. The opening quote is part of it.
   *
   * The texts that venues send are read in one pass, to the closing quote; the reader of `internal`, which needs the end
   * first, takes the rest. Two passes over every text cost a third of the time of a depth update.
   */
  decimal(scale: Scale): number {
    const { bytes } = this;
    if (bytes[this.at] !== QUOTE) return Number.NaN;
    const start = this.at + 1;
    let at = start;
    let value = 0;
    let digit = bytes[at] - ZERO;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digit = bytes[++at] - ZERO;
    }
    let missing = scale.decimals;
    if (bytes[at] === POINT && at > start) {
      digit = bytes[++at] - ZERO;
      if (digit < 0 || digit > 9) return this.#anyDecimal(start, scale);
      while (missing > 0 && digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        missing--;
        digit = bytes[++at] - ZERO;
      }
      // Beyond the scale only the zeros that venues pad with.
      while (digit === 0) digit = bytes[++at] - ZERO;
    }
    if (bytes[at] !== QUOTE || at === start || at - start > EXACT_DIGITS || at >= this.end) {
      return this.#anyDecimal(start, scale);
    }
    this.at = at + 1;
    if (missing > 0) {
      if (missing > EXACT_DIGITS) return this.#anyDecimal(start, scale);
      value *= POWERS_OF_TEN[missing];
      if (value > Number.MAX_SAFE_INTEGER) return Number.NaN;
    }
    return onGrid(value, scale.step);
  }

  #anyDecimal(start: number, scale: Scale): number {
    const { bytes, end } = this;
    let at = start;
    while (at < end && bytes[at] !== QUOTE) at++;
    if (at >= end) return Number.NaN;
    this.at = at + 1;
    return onGrid(scaledFromBytes(bytes, start, at, scale.decimals), scale.step);
  }

  /** `[["price","quantity"],…]` into columns, replacing what they held. */
  levels(columns: LevelColumns, tick: Scale, lot: Scale): boolean {
    const { bytes } = this;
    if (bytes[this.at] !== OPEN) return false;
    this.at++;
    let count = 0;
    if (bytes[this.at] === CLOSE) {
      this.at++;
      columns.length = 0;
      return true;
    }
    for (;;) {
      if (bytes[this.at] !== OPEN) return false;
      this.at++;
      const ticks = this.decimal(tick);
      if (bytes[this.at] !== COMMA) return false;
      this.at++;
      const lots = this.decimal(lot);
      // NaN fails both comparisons. Negative quantities and prices are the general reader's to name.
      if (!(ticks >= 0 && lots >= 0) || bytes[this.at] !== CLOSE) return false;
      this.at++;
      if (count === columns.ticks.length) growColumns(columns);
      columns.ticks[count] = ticks;
      columns.lots[count] = lots;
      count++;
      const next = bytes[this.at++];
      if (next === COMMA) continue;
      if (next !== CLOSE) return false;
      columns.length = count;
      return this.at <= this.end;
    }
  }
}
