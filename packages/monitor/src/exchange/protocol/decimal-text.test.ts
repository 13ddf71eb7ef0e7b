import { textFromScaled } from '@perf/internal';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecimalText } from './decimal-text.ts';

describe('DecimalText', () => {
  test('pads prices to the decimals of the wire', () => {
    expect(new DecimalText(2, 10).of(618_002)).toBe('61800.20');
    expect(new DecimalText(6, 10).of(10_471)).toBe('0.104710');
    expect(new DecimalText(3, 1).of(0)).toBe('0.000');
    expect(new DecimalText(0, 1).of(0)).toBe('0');
    expect(new DecimalText(0, 1).of(4_294_967_296)).toBe('4294967296');
  });

  test('agrees with plain formatting, from the cache or not', () => {
    const values = fc.array(fc.nat({ max: 2 ** 40 }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.nat({ max: 8 }), fc.constantFrom(1, 10, 100), (some, decimals, units) => {
        const text = new DecimalText(decimals, units);
        for (const value of [...some, ...some, ...some.map((one) => one + 2048)]) {
          expect(text.of(value)).toBe(textFromScaled(value * units, decimals));
        }
      }),
    );
  });
});
