import { MINUS, NINE, PLUS, POINT, ZERO } from '../scan-tokens.ts';

/** Integers of so many digits are exact in a double, and so are the powers of ten up to the second. */
const EXACT_DIGITS = 15;
const EXACT_POWER = 22;
const POWERS_OF_TEN = Array.from({ length: EXACT_POWER + 1 }, (_, power) => Number(`1e${power}`));

/**
 * The double nearest to the JSON number in `[from, end)`: the value that `JSON.parse` gives, to the bit.
 *
 * Up to 15 digits and powers of ten up to 22 are put together here: both are exact doubles, so the one multiplication or
 * division rounds once (Clinger, "How to read floating point numbers accurately", 1990). The engine reads the rest.
 */
export function readNumber(bytes: Buffer, from: number, end: number): number {
  const start = bytes[from] === MINUS ? from + 1 : from;
  // The point, and an exponent with its sign.
  if (end - start > EXACT_DIGITS + 5) return Number(bytes.toString('latin1', from, end));
  let digits = 0;
  let power = 0;
  let value = 0;
  let at = start;
  for (; at < end; at++) {
    const byte = bytes[at];
    if (byte >= ZERO && byte <= NINE) {
      value = value * 10 + (byte - ZERO);
      digits++;
    } else {
      break;
    }
  }
  if (at < end && bytes[at] === POINT) {
    const first = ++at;
    for (; at < end; at++) {
      const byte = bytes[at];
      if (byte < ZERO || byte > NINE) break;
      value = value * 10 + (byte - ZERO);
    }
    power = first - at;
    digits -= power;
  }
  if (at < end) power += readExponent(bytes, at, end);
  if (digits > EXACT_DIGITS || power > EXACT_POWER || power < -EXACT_POWER) {
    return Number(bytes.toString('latin1', from, end));
  }
  if (power > 0) value *= POWERS_OF_TEN[power];
  else if (power < 0) value /= POWERS_OF_TEN[-power];
  return start > from ? -value : value;
}

/** From the letter. Saturates far beyond what anything here accepts. */
function readExponent(bytes: Uint8Array, from: number, end: number): number {
  let at = from + 1;
  const isNegative = bytes[at] === MINUS;
  if (isNegative || bytes[at] === PLUS) at++;
  let exponent = 0;
  for (; at < end; at++) exponent = Math.min(exponent * 10 + (bytes[at] - ZERO), 1e9);
  return isNegative ? -exponent : exponent;
}

/** Zeros that an exponent may add: a document of ten bytes must not ask for a gigabyte. */
const MAX_ADDED_ZEROS = 1000;
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * Decimal text times `10^scale` as an exact integer of any size, or why there is none, in words: it is no decimal number,
 * it needs more decimals, or its exponent adds more than 1000 zeros.
 */
export function scaledBigInt(text: string, scale: number): bigint | string {
  const parts = DECIMAL.exec(text);
  if (parts === null) return `${quoted(text)} is not a decimal number`;
  const fraction = parts[3] ?? '';
  const digits = parts[2] + fraction;
  const exponent = Number(parts[4] ?? 0);
  const shift = exponent + scale - fraction.length;
  let magnitude: bigint;
  if (shift >= 0) {
    magnitude = BigInt(digits);
    if (magnitude !== 0n && shift > 0) {
      if (exponent > MAX_ADDED_ZEROS) return `the exponent of ${quoted(text)} is above ${MAX_ADDED_ZEROS}`;
      magnitude *= 10n ** BigInt(shift);
    }
  } else {
    // What lies below the last place must be zeros.
    const kept = Math.max(0, digits.length + shift);
    if (/[1-9]/.test(digits.slice(kept))) return `${quoted(text)} has more than ${scale} decimals`;
    magnitude = BigInt(digits.slice(0, kept));
  }
  return parts[1] === '-' ? -magnitude : magnitude;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
