// Decimal digits of integers, straight into bytes.
//
//   6180020 at 2 decimals   →   whole 61800, fraction 20   →   6 18 00 . 20
//
// Two digits at a time by a table, and integers up to 2^53 − 1 in halves of eight digits, which are small integers to
// the engine. Nothing is checked here: callers pass safe integers from 0 up, and leave room.
//
// Every division is one of a safe integer n by a power of ten p, cut down to an integer, and that is exact: where n / p is
// no integer it is at least 1 / p below the next one, and rounding moves it by at most 2^-53 of itself, which is less than
// 2^-53 × 2^53 / p.

import { POINT, ZERO } from '../scan-tokens.ts';

const HALF = 100_000_000;
const HALF_DIGITS = 8;
/** 2^53 − 1 has so many. */
const MAX_DIGITS = 16;

/** The digits of 00, 01, … 99. */
const PAIRS: Uint8Array = Uint8Array.from({ length: 200 }, (_, place) => {
  const pair = place >> 1;
  return ZERO + (place % 2 === 0 ? Math.floor(pair / 10) : pair % 10);
});

/** Writes an integer without leading zeros and returns the end. */
export function writeInteger(bytes: Uint8Array, at: number, value: number): number {
  if (value < HALF) return writeHalf(bytes, at, value | 0);
  const high = Math.floor(value / HALF);
  const end = writeHalf(bytes, at, high | 0);
  const low = (value - high * HALF) | 0;
  const middle = (low / 10_000) | 0;
  writeFour(bytes, end, middle);
  writeFour(bytes, end + 4, low - middle * 10_000);
  return end + HALF_DIGITS;
}

/**
 * Writes `value / 10^decimals` with all its decimals and returns the end: 6180020 at 2 is `61800.20`. `power` is
 * `10^decimals`; beyond 10^16 it only has to be larger than every safe integer.
 */
export function writeFixed(bytes: Uint8Array, at: number, value: number, decimals: number, power: number): number {
  if (decimals === 0) return writeInteger(bytes, at, value);
  const whole = Math.floor(value / power);
  const point = writeInteger(bytes, at, whole);
  bytes[point] = POINT;
  return writePadded(bytes, point + 1, value - whole * power, decimals);
}

/** Writes an integer below `10^digits` with leading zeros and returns the end. */
export function writePadded(bytes: Uint8Array, from: number, value: number, digits: number): number {
  let at = from;
  let left = digits;
  for (; left > MAX_DIGITS; left--) bytes[at++] = ZERO;
  if (left <= HALF_DIGITS) return writePaddedHalf(bytes, at, value | 0, left);
  const high = Math.floor(value / HALF);
  const middle = writePaddedHalf(bytes, at, high | 0, left - HALF_DIGITS);
  return writePaddedHalf(bytes, middle, (value - high * HALF) | 0, HALF_DIGITS);
}

/** From the last digit to the first: how many there are is known. */
function writePaddedHalf(bytes: Uint8Array, at: number, value: number, digits: number): number {
  const end = at + digits;
  let rest = value;
  let to = end;
  for (; to - at >= 2; to -= 2) {
    const high = (rest / 100) | 0;
    writeTwo(bytes, to - 2, rest - high * 100);
    rest = high;
  }
  if (to > at) bytes[at] = ZERO + rest;
  return end;
}

function writeHalf(bytes: Uint8Array, at: number, value: number): number {
  if (value < 10_000) return writeQuarter(bytes, at, value);
  const high = (value / 10_000) | 0;
  const end = writeQuarter(bytes, at, high);
  writeFour(bytes, end, value - high * 10_000);
  return end + 4;
}

function writeQuarter(bytes: Uint8Array, at: number, value: number): number {
  if (value < 10) {
    bytes[at] = ZERO + value;
    return at + 1;
  }
  if (value < 100) {
    writeTwo(bytes, at, value);
    return at + 2;
  }
  if (value < 1000) {
    const high = (value / 100) | 0;
    bytes[at] = ZERO + high;
    writeTwo(bytes, at + 1, value - high * 100);
    return at + 3;
  }
  writeFour(bytes, at, value);
  return at + 4;
}

function writeFour(bytes: Uint8Array, at: number, value: number): void {
  const high = (value / 100) | 0;
  writeTwo(bytes, at, high);
  writeTwo(bytes, at + 2, value - high * 100);
}

function writeTwo(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = PAIRS[value * 2];
  bytes[at + 1] = PAIRS[value * 2 + 1];
}
