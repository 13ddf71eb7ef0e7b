import { expect, test } from 'vitest';
import { writeFixed, writeInteger, writePadded } from './digits.ts';
import { DecimalsGuess, writeDouble } from './double.ts';
import { wordsOf, writeInt64 } from './int64.ts';
import { fuzz } from './number-text.fuzz.ts';
import { REFUSED } from './refused.ts';
import { viewOf } from './rows.ts';

const bytes = Buffer.alloc(64);
const view = viewOf(bytes);

function doubleText(value: number, guess = new DecimalsGuess()): string {
  return bytes.toString('latin1', 0, writeDouble(view, 0, value, guess));
}

test('numbers have the text of the engine, on 100,000 of each kind', () => {
  expect(() => fuzz.run(5, 100_000)).not.toThrow();
});

test('integers are written around every power of ten', () => {
  for (let power = 0; power < 16; power++) {
    for (const value of [10 ** power - 1, 10 ** power, 10 ** power + 1]) {
      expect(bytes.toString('latin1', 0, writeInteger(view, 0, value))).toBe(String(value));
    }
  }
  expect(bytes.toString('latin1', 0, writeInteger(view, 0, Number.MAX_SAFE_INTEGER))).toBe('9007199254740991');
});

test('fixed decimals keep all their zeros', () => {
  const fixed = (value: number, decimals: number): string =>
    bytes.toString('latin1', 0, writeFixed(view, 0, value, decimals, Number(`1e${decimals}`)));
  expect(fixed(6_180_020, 2)).toBe('61800.20');
  expect(fixed(0, 3)).toBe('0.000');
  expect(fixed(-0, 1)).toBe('0.0');
  expect(fixed(Number.MAX_SAFE_INTEGER, 15)).toBe('9.007199254740991');
  expect(fixed(Number.MAX_SAFE_INTEGER, 16)).toBe('0.9007199254740991');
  expect(fixed(Number.MAX_SAFE_INTEGER, 30)).toBe('0.000000000000009007199254740991');
});

test('padded integers have exactly their digits', () => {
  for (let digits = 1; digits <= 30; digits++) {
    const value = digits < 16 ? 10 ** digits - 1 : Number.MAX_SAFE_INTEGER;
    for (const one of [0, 7, value]) {
      expect(bytes.toString('latin1', 0, writePadded(view, 0, one, digits))).toBe(String(one).padStart(digits, '0'));
    }
  }
});

test.for([
  [0n],
  [-1n],
  [2n ** 63n - 1n],
  [-(2n ** 63n)],
  [2n ** 53n],
  [-(2n ** 32n)],
  [999_999_999_999_999_999n],
  [10n ** 18n],
])('%s is written with all its digits', ([value]) => {
  expect(bytes.toString('latin1', 0, writeInt64(view, 0, wordsOf(BigInt64Array.of(7n, value)), 1))).toBe(String(value));
});

test.for([
  0,
  -0,
  1e-6,
  9.99e-7,
  1e-7,
  1e15,
  999_999_999_999_999,
  1e20,
  1e21,
  5e-324,
  Number.MAX_VALUE,
  0.1 + 0.2,
  -4.35,
])('the double %s has its text, whatever the values before it were like', (value) => {
  const guess = new DecimalsGuess();
  for (const before of [1, 0.5, 61_800.25, 0.00001234, 0.12345678901234, 1e300]) {
    doubleText(before, guess);
    expect(doubleText(value, guess)).toBe(String(value));
    expect(doubleText(-value, guess)).toBe(String(-value));
  }
});

test('what is not finite is refused', () => {
  for (const value of [Number.NaN, Infinity, -Infinity]) {
    expect(writeDouble(view, 0, value, new DecimalsGuess())).toBe(REFUSED);
  }
});
