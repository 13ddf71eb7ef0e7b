// Doubles as JavaScript writes them.
//
// The engine's `String` is right for all of them and slow: it makes a string per number. Most columns of doubles hold
// short decimals, though (prices, quantities, rates), and those are found and written as integers:
//
//   61800.2   × 10^1 → 618002   / 10^1 === 61800.2   →   618002 with a point before its last digit
//
// Why that is the same text, for a candidate n below 10^15 and k up to 22 decimals:
// - n and 10^k are both exact doubles, so n / 10^k is the double nearest to the decimal n × 10^-k. If that is the value,
//   then the decimal is one of the texts that are read as it.
// - Decimals of at most 15 digits are all read as different doubles (2^53 > 10^15). So no shorter one is read as this
//   value, other than the same with its trailing zeros cut off, and JavaScript writes the shortest.
// - From 10^-6 up to 10^21 JavaScript writes no exponent.
// How many decimals to try is what the last value needed that was not found so: the values of a column are alike.

import { MINUS, POINT, ZERO } from '../scan-tokens.ts';
import { HALF, HALF_DIGITS, writeFixed, writeTrimmed } from './digits.ts';
import { REFUSED } from './refused.ts';

const MAX_EXACT = 1e15;
const MAX_EXACT_DIGITS = 15;
const MIN_PLAIN = 1e-6;

/** `-0.0000012345678901234567` */
export const MAX_DOUBLE_BYTES = 25;

/** How many decimals the next value may have. One per column: it only makes writing quicker. */
export class DecimalsGuess {
  decimals = 0;
  power = 1;
  /** How many values it was of no use for. */
  misses = 0;

  /** Takes the decimals of a text without an exponent. */
  learn(text: string): void {
    const point = text.indexOf('.');
    if (point < 0 || text.length > MAX_EXACT_DIGITS + 1) return;
    this.decimals = text.length - point - 1;
    this.power = Number(`1e${this.decimals}`);
  }
}

/** Writes the text that `String(value)` has and returns the end; −0 is `0` there too. Refuses what is not finite. */
export function writeDouble(view: DataView, from: number, value: number, guess: DecimalsGuess): number {
  let at = from;
  let size = value;
  if (value < 0) {
    view.setUint8(at++, MINUS);
    size = -value;
  }
  const { decimals, power } = guess;
  const digits = Math.floor(size * power + 0.5);
  if (digits < MAX_EXACT && digits / power === size && (size >= MIN_PLAIN || size === 0)) {
    if (size < HALF && decimals <= HALF_DIGITS) {
      // No integer lies between the decimal and its double: both would be decimals of 15 digits with the same double.
      const whole = size | 0;
      return writeTrimmed(view, at, whole, (digits - whole * power) | 0, decimals);
    }
    const end = writeFixed(view, at, digits, decimals, power);
    return decimals === 0 ? end : trimmed(view, end);
  }
  if (!(size <= Number.MAX_VALUE)) return REFUSED;
  guess.misses++;
  const text = String(size);
  for (let place = 0; place < text.length; place++) view.setUint8(at + place, text.charCodeAt(place));
  if (size >= MIN_PLAIN && size < MAX_EXACT) guess.learn(text);
  return at + text.length;
}

/** The end without the zeros after a point, and without a point that nothing follows. */
function trimmed(view: DataView, end: number): number {
  let to = end;
  while (view.getUint8(to - 1) === ZERO) to--;
  return view.getUint8(to - 1) === POINT ? to - 1 : to;
}
