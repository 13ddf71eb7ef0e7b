import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countFromText, scaleOf, scaleText, textFromCount } from './scale.ts';

describe('scales', () => {
  test.each([
    ['0.10', { decimals: 1, step: 1 }, '0.1'],
    ['0.5', { decimals: 1, step: 5 }, '0.5'],
    ['0.25', { decimals: 2, step: 25 }, '0.25'],
    ['1', { decimals: 0, step: 1 }, '1'],
    ['25.00', { decimals: 0, step: 25 }, '25'],
    ['1e-7', { decimals: 7, step: 1 }, '0.0000001'],
  ])('reads %s', (size, scale, written) => {
    expect(scaleOf(size)).toEqual(scale);
    expect(scaleText(scaleOf(size))).toBe(written);
  });

  test.each(['0', '-1', 'x', '', '0.00'])('refuses "%s"', (size) => {
    expect(() => scaleOf(size)).toThrow(expect.objectContaining({ code: 'ERR_PERF_MONITOR_OPTION' }));
  });

  test('writes a count and reads it back on every grid', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 40 }),
        fc.constantFrom('0.1', '0.5', '0.25', '25', '0.00001', '1'),
        (count, size) => {
          const scale = scaleOf(size);
          expect(countFromText(textFromCount(count, scale), scale)).toBe(count);
        },
      ),
    );
  });
});
