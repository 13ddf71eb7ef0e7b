// Decimal digits of integers, straight into bytes.
//
//   6180020 at 2 decimals   →   whole 61800, fraction 20   →   6 1800 . 20
//
// Four digits are made at a time, as the four bytes of one integer, and stored at once. Where fewer are wanted, what is
// stored behind them is written over by whatever comes next: so writers may touch up to three bytes behind the end that they
// return. Nothing is checked here: callers pass safe integers from 0 up, and leave room.
//
// Every division is one of a safe integer n by a power of ten p, cut down to an integer, and that is exact: where n / p is
// no integer it is at least 1 / p below the next one, and rounding moves it by at most 2^-53 of itself, which is less than
// 2^-53 × 2^53 / p.

import { POINT } from '../scan-tokens.ts';

export const HALF = 100_000_000;
export const HALF_DIGITS = 8;
const GROUP = 10_000;
const GROUP_DIGITS = 4;
/** 2^53 − 1 has so many. */
const MAX_DIGITS = 16;
const ZEROS = 0x30303030;
/** What moves the digits of a shorter integer to the front of a group, or of two. */
const TO_GROUP: readonly number[] = [10_000, 1000, 100, 10, 1];
const TO_HALF: readonly number[] = [100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1000, 100, 10, 1];

/** The bytes of four digits of an integer below 10,000, the first one lowest. */
export function groupOf(value: number): number {
  // 5243 / 2^19 is a little more than 1/100, and 103 / 2^10 than 1/10: cut down, both are right below 10,000 and 100.
  const high = (value * 5243) >> 19;
  const pairs = high | ((value - high * 100) << 16);
  const tens = (Math.imul(pairs, 103) >>> 10) & 0x000f000f;
  return (tens | ((pairs - Math.imul(tens, 10)) << 8)) + ZEROS;
}

/** Writes an integer without leading zeros and returns the end. */
export function writeInteger(view: DataView, at: number, value: number): number {
  if (value < HALF) return writeHalf(view, at, value | 0);
  const high = Math.floor(value / HALF);
  return writeEight(view, writeHalf(view, at, high | 0), (value - high * HALF) | 0);
}

/**
 * Writes `value / 10^decimals` with all its decimals and returns the end: 6180020 at 2 is `61800.20`. `power` is
 * `10^decimals`; beyond 10^16 it only has to be larger than every safe integer.
 */
export function writeFixed(view: DataView, at: number, value: number, decimals: number, power: number): number {
  if (decimals === 0) return writeInteger(view, at, value);
  const whole = Math.floor(value / power);
  const point = writeInteger(view, at, whole);
  view.setUint8(point, POINT);
  return writePadded(view, point + 1, value - whole * power, decimals);
}

/**
 * Writes an integer below 10^8, and behind a point a fraction below `10^decimals`, of at most eight decimals, without the
 * zeros at its end; returns the end. `12` and 340 at 4 decimals is `12.034`.
 */
export function writeTrimmed(view: DataView, at: number, whole: number, fraction: number, decimals: number): number {
  const point = writeHalf(view, at, whole);
  if (fraction === 0) return point;
  const eight = Math.imul(fraction, TO_HALF[decimals]);
  const high = (eight / GROUP) | 0;
  const low = eight - high * GROUP;
  let group = groupOf(high);
  let end = point + 1 + GROUP_DIGITS;
  view.setUint8(point, POINT);
  view.setInt32(point + 1, group, true);
  if (low !== 0) {
    group = groupOf(low);
    view.setInt32(end, group, true);
    end += GROUP_DIGITS;
  }
  // The last digits are the highest bytes.
  return end - (Math.clz32(group ^ ZEROS) >> 3);
}

/** Writes an integer below `10^digits` with leading zeros and returns the end. */
export function writePadded(view: DataView, from: number, value: number, digits: number): number {
  let at = from;
  let left = digits;
  for (; left > MAX_DIGITS; left -= GROUP_DIGITS) {
    view.setInt32(at, ZEROS, true);
    at += Math.min(GROUP_DIGITS, left - MAX_DIGITS);
  }
  left = Math.min(digits, MAX_DIGITS);
  if (left <= HALF_DIGITS) return writePaddedHalf(view, at, value | 0, left);
  const high = Math.floor(value / HALF);
  const middle = writePaddedHalf(view, at, high | 0, left - HALF_DIGITS);
  return writeEight(view, middle, (value - high * HALF) | 0);
}

/** Of at most eight digits. */
function writePaddedHalf(view: DataView, at: number, value: number, digits: number): number {
  if (digits <= GROUP_DIGITS) view.setInt32(at, groupOf(Math.imul(value, TO_GROUP[digits])), true);
  else writeEight(view, at, Math.imul(value, TO_HALF[digits]));
  return at + digits;
}

/** An integer below 10^8 without leading zeros. */
function writeHalf(view: DataView, at: number, value: number): number {
  if (value < GROUP) return writeShort(view, at, value);
  const high = (value / GROUP) | 0;
  const end = writeShort(view, at, high);
  view.setInt32(end, groupOf(value - high * GROUP), true);
  return end + GROUP_DIGITS;
}

function writeEight(view: DataView, at: number, value: number): number {
  const high = (value / GROUP) | 0;
  view.setInt32(at, groupOf(high), true);
  view.setInt32(at + GROUP_DIGITS, groupOf(value - high * GROUP), true);
  return at + HALF_DIGITS;
}

/** An integer below 10,000 without leading zeros, which are shifted out. */
function writeShort(view: DataView, at: number, value: number): number {
  const digits = 1 + ((9 - value) >>> 31) + ((99 - value) >>> 31) + ((999 - value) >>> 31);
  view.setInt32(at, groupOf(value) >>> ((GROUP_DIGITS - digits) << 3), true);
  return at + digits;
}
