import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuzz } from './decimal.fuzz.ts';
import { decimalFault, decimalsOf, scaledFromBytes, scaledFromText, textFromScaled } from './decimal.ts';
import { checkDecimal } from './testing/decimal-oracle.ts';

const SEEDS = [
  '0',
  '-0',
  '0.0',
  '-0.00',
  '00',
  '007',
  '1',
  '-1',
  '0.1',
  '61800.20',
  '61800.25',
  '100e-2',
  '1e2',
  '1E+2',
  '1e-30',
  '1e-31',
  '1e30',
  '1e400',
  '1e0400',
  '0e999',
  '0e9999',
  '9007199254740991',
  '9007199254740992',
  '-9007199254740991',
  '900719925474.0991',
  '900719925474.0992',
  '90071992547409910',
  '90071992547409910e-1',
  '0.000000000000000000000000000001',
  '',
  '-',
  '+1',
  '.5',
  '5.',
  '-.5',
  '5.e1',
  '5e',
  '5e+',
  '1.2.3',
  '--1',
  '1-',
  '1 ',
  ' 1',
  '1\n',
  '1,5',
  '0x10',
  '1_000',
  'NaN',
  'Infinity',
  '1e1e1',
  '1e1.5',
  '000000000000000000001',
  '123456789012345',
  '1234567890123456',
  '99999999999999.9',
  '999999999999999.9',
  '1.00000000000000000000',
  '0'.repeat(400),
  '0'.repeat(401),
  `${'0'.repeat(399)}5`,
  `${'0'.repeat(430)}5`,
  `${'0'.repeat(430)}x`,
  `1.${'0'.repeat(398)}`,
  `1.${'0'.repeat(399)}`,
];

describe('against BigInt', () => {
  test.each(SEEDS)('%j at every scale', (text) => {
    for (let decimals = 0; decimals <= 30; decimals++) expect(() => checkDecimal(text, decimals)).not.toThrow();
  });

  test('any text that looks like a number', () => {
    const number = fc
      .tuple(
        fc.constantFrom('', '-', '+'),
        fc.stringMatching(/^[0-9]{0,20}$/),
        fc.constantFrom('', '.'),
        fc.stringMatching(/^[0-9]{0,20}$/),
        fc.constantFrom('', 'e', 'E-', 'e+'),
        fc.stringMatching(/^[0-9]{0,4}$/),
      )
      .map((parts) => parts.join(''));
    const property = fc.property(number, fc.nat(30), checkDecimal);
    expect(() => fc.assert(property, { numRuns: 2_000 })).not.toThrow();
  });

  test('the fuzz target holds for a fixed seed', () => {
    expect(() => fuzz.run(11, 5_000)).not.toThrow();
  });
});

describe('every safe integer at every scale', () => {
  test('survives the way to text and back', () => {
    const property = fc.property(fc.maxSafeInteger(), fc.nat(30), (value, decimals) => {
      const text = textFromScaled(value, decimals);
      expect(scaledFromText(text, decimals)).toBe(value === 0 ? 0 : value);
      expect(text).toMatch(decimals === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${decimals}}$`));
      expect(decimalsOf(text)).toBeLessThanOrEqual(decimals);
    });
    expect(() => fc.assert(property, { numRuns: 2_000 })).not.toThrow();
  });

  test('is written without an exponent, a negative zero or a missing leading zero', () => {
    expect(textFromScaled(618_002, 1)).toBe('61800.2');
    expect(textFromScaled(-5, 3)).toBe('-0.005');
    expect(textFromScaled(-0, 0)).toBe('0');
    expect(textFromScaled(-0, 2)).toBe('0.00');
    expect(textFromScaled(Number.MAX_SAFE_INTEGER, 0)).toBe('9007199254740991');
  });

  test('and nothing else is written', () => {
    for (const value of [0.5, Number.NaN, Infinity, 2 ** 53]) {
      expect(() => textFromScaled(value, 2)).toThrow(RangeError);
    }
  });
});

describe('the reader of bytes', () => {
  test('reads only its range', () => {
    const bytes = Buffer.from('["61800.20","1"]');
    expect(scaledFromBytes(bytes, 2, 10, 1)).toBe(618_002);
    expect(scaledFromBytes(bytes, 2, 2, 1)).toBeNaN();
    expect(scaledFromBytes(bytes, 2, 99, 1)).toBeNaN();
  });

  test('does not take the head of a text that is too long for the whole of it', () => {
    // The tail past some limit used to be cut off: five hundred zeros and a five were read as zero.
    for (const tail of ['5', 'x', 'e5', '.5']) {
      const bytes = Buffer.from(`${'0'.repeat(500)}${tail}`);
      expect(scaledFromBytes(bytes, 0, bytes.length, 2)).toBeNaN();
    }
  });
});

test('digits of other scripts are no digits', () => {
  for (const text of ['\u0661', '\uff11', '1\u0661']) {
    expect(scaledFromText(text, 0)).toBeNaN();
    expect(decimalsOf(text)).toBe(-1);
    expect(decimalFault(text, 0)).toBe(`"${text}" is not a decimal number`);
  }
});

describe('the verdict in words', () => {
  test.each([
    ['61800.25', 1, '"61800.25" has more than 1 decimals'],
    ['1e-31', 30, '"1e-31" has more than 30 decimals'],
    ['1e400', 2, '"1e400" at 2 decimals is beyond 2^53'],
    ['12a', 2, '"12a" is not a decimal number'],
    ['', 2, '"" is not a decimal number'],
    ['9'.repeat(50), 0, `"${'9'.repeat(40)}…" at 0 decimals is beyond 2^53`],
    ['0'.repeat(500), 0, `"${'0'.repeat(40)}…" is longer than 400 characters`],
    ['61800.20', 1, undefined],
  ])('of %j at %d decimals', (text, decimals, wanted) => {
    expect(decimalFault(text, decimals)).toBe(wanted);
  });
});
