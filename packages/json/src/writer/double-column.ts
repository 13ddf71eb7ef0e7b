import { CLOSE_BRACKET, COMMA } from '../scan-tokens.ts';
import { DecimalsGuess, MAX_DOUBLE_BYTES, writeDouble } from './double.ts';
import { REFUSED } from './refused.ts';

/** So many values in a row that are no short decimals, and the engine writes the next ones together. */
const MISSES = 3;
const BLOCK = 64;
/** What is not finite is `null` in an array. */
const LOWER_N = 0x6e;
const NULL_LENGTH = 4;

/**
 * Writes the doubles of a column, row after row. Where they are no short decimals, `JSON.stringify` writes a block of them as
 * an array, which makes no string of each, and their texts are copied from there one by one.
 */
export class DoubleColumn {
  readonly #guess = new DecimalsGuess();
  /** Values in a row that the guess was of no use for. */
  #misses = 0;
  readonly #values: number[] = Array.from({ length: BLOCK }, () => 0.5);
  #texts: Buffer | undefined;
  /** Where the text of the next value stands. */
  #next = 0;
  /** How many texts are left. */
  #left = 0;

  /** Before rows are written: a block must not outlive that, since the column may change. */
  begin(): void {
    this.#left = 0;
  }

  /** Writes the value of a row, the one after the row before, and returns the end. Refuses what is not finite. */
  write(view: DataView, at: number, column: Float64Array, row: number): number {
    if (this.#left > 0) return this.#copy(view, at);
    const { misses } = this.#guess;
    const end = writeDouble(view, at, column[row], this.#guess);
    if (this.#guess.misses === misses) this.#misses = 0;
    else if (++this.#misses >= MISSES) this.#makeTexts(column, row + 1);
    return end;
  }

  #makeTexts(column: Float64Array, from: number): void {
    const values = this.#values;
    const count = Math.min(BLOCK, column.length - from);
    for (let place = 0; place < count; place++) values[place] = column[from + place];
    this.#texts ??= Buffer.allocUnsafeSlow(BLOCK * (MAX_DOUBLE_BYTES + 1) + 2);
    this.#texts.write(JSON.stringify(values), 'latin1');
    this.#next = 1;
    this.#left = count;
  }

  #copy(view: DataView, from: number): number {
    const texts = this.#texts as Buffer;
    let place = this.#next;
    this.#left--;
    if (texts[place] === LOWER_N) {
      this.#next = place + NULL_LENGTH + 1;
      return REFUSED;
    }
    let at = from;
    for (let byte = texts[place++]; byte !== COMMA && byte !== CLOSE_BRACKET; byte = texts[place++]) {
      view.setUint8(at++, byte);
    }
    this.#next = place;
    return at;
  }
}
