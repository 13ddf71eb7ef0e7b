import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readNumber, scaledBigInt } from './number.ts';

function read(text: string): number {
  const bytes = Buffer.from(`[${text},`);
  return readNumber(bytes, 1, bytes.length - 1);
}

const SEEDS = [
  ...[
    '0',
    '-0',
    '0.0',
    '-0.0e5',
    '1',
    '-1',
    '10',
    '0.1',
    '61800.20',
    '1e2',
    '1E+2',
    '1e-2',
    '-12.5e-3',
    '1e22',
    '1e23',
  ],
  ...['123456789012345', '1234567890123456', '12345678901234567', '9007199254740993', '18446744073709551616', '1e-22'],
  ...['999999999999999e22', '999999999999999e-22', '0.000000000000000000001', '123456789012345e-23', '1e400', '-1e400'],
  ...[
    '1e-400',
    '5e-324',
    '2.4703282292062327e-324',
    '1.7976931348623157e308',
    '1.7976931348623159e308',
    '0e999999999999',
  ],
  ...[
    '1e99999999999999999999',
    '0.1e1',
    '100000000000000000000000',
    '1.5e0000000000001',
    '0.30000000000000004',
    '1e-00',
  ],
  ...['-122.4', '-65.613616999999977', '43.420273000000009', '4.35', '8.41e21', '9.109e-31', '1234567.8901234e15'],
];

describe('a double', () => {
  test.for(SEEDS.map((text) => ({ text })))('is that of the engine for $text', ({ text }) => {
    expect(read(text)).toBe(JSON.parse(text));
  });

  test('is that of the engine to the bit, for any double and any decimal text', () => {
    const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value));
    const parts = fc.tuple(
      fc.boolean(),
      fc.bigInt(0n, 10n ** 18n),
      fc.nat(18),
      fc.integer({ min: -40, max: 40 }),
      fc.boolean(),
    );
    const decimal = parts.map(([isNegative, digits, point, exponent, hasExponent]) => {
      const text = String(digits);
      const cut = point > 0 && point < text.length ? `${text.slice(0, point)}.${text.slice(point)}` : text;
      return `${isNegative ? '-' : ''}${cut}${hasExponent ? `e${exponent}` : ''}`;
    });
    const property = fc.property(fc.oneof(double, decimal), (text) => Object.is(read(text), JSON.parse(text)));
    expect(() => fc.assert(property, { numRuns: 20_000 })).not.toThrow();
  });
});

describe('an exact integer', () => {
  test.for([
    { text: '-0', scale: 0, wanted: 0n },
    { text: '18446744073709551616', scale: 0, wanted: 2n ** 64n },
    { text: '-9223372036854775809', scale: 0, wanted: -(2n ** 63n) - 1n },
    { text: '61800.20', scale: 2, wanted: 6_180_020n },
    { text: '61800.20', scale: 1, wanted: 618_002n },
    { text: '1.5e3', scale: 0, wanted: 1500n },
    { text: '1500e-2', scale: 0, wanted: 15n },
    { text: '0.000', scale: 0, wanted: 0n },
    { text: '0e99999999', scale: 0, wanted: 0n },
    { text: '1e-18', scale: 18, wanted: 1n },
    { text: '1e1000', scale: 0, wanted: 10n ** 1000n },
    { text: '1e1001', scale: 0, wanted: 'the exponent of "1e1001" is above 1000' },
    { text: '1e99999999999999999999', scale: 0, wanted: 'the exponent of "1e99999999999999999999" is above 1000' },
    { text: '1e-99999999999999999999', scale: 9, wanted: '"1e-99999999999999999999" has more than 9 decimals' },
    { text: '61800.25', scale: 1, wanted: '"61800.25" has more than 1 decimals' },
    { text: '', scale: 0, wanted: '"" is not a decimal number' },
    { text: '0x10', scale: 0, wanted: '"0x10" is not a decimal number' },
    { text: '.5', scale: 1, wanted: '".5" is not a decimal number' },
    { text: '5.', scale: 1, wanted: '"5." is not a decimal number' },
    { text: ' 5', scale: 0, wanted: '" 5" is not a decimal number' },
    { text: '٣', scale: 0, wanted: '"٣" is not a decimal number' },
  ])('of $text at scale $scale', ({ text, scale, wanted }) => {
    expect(scaledBigInt(text, scale)).toBe(wanted);
  });

  test('is digits and zeros put together, whatever the point and the exponent', () => {
    const parts = fc.tuple(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.nat(20), fc.integer({ min: -20, max: 20 }));
    const property = fc.property(parts, ([value, decimals, exponent]) => {
      const digits = String(value < 0n ? -value : value).padStart(decimals + 1, '0');
      const whole = digits.slice(0, digits.length - decimals);
      const fraction = decimals > 0 ? `.${digits.slice(-decimals)}` : '';
      const text = `${value < 0n ? '-' : ''}${whole}${fraction}e${exponent}`;
      const scale = decimals - exponent;
      if (scale >= 0) expect(scaledBigInt(text, scale)).toBe(value);
      expect(scaledBigInt(text, Math.max(0, scale) + 5)).toBe(value * 10n ** BigInt(Math.max(0, scale) + 5 - scale));
    });
    expect(() => fc.assert(property, { numRuns: 2000 })).not.toThrow();
  });
});
