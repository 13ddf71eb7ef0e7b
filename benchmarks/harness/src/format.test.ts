import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { formatInput, formatNumber, formatRate, formatRatio, formatTime } from './format.ts';

describe('formatNumber', () => {
  test.each([
    [0, '0'],
    [0.000_012_34, '0.000012'],
    [0.0123, '0.0123'],
    [0.999_9, '1.00'],
    [4.561, '4.56'],
    [78.94, '78.9'],
    [123.4, '123'],
    [999.4, '999'],
    [999.6, '1,000'],
    [12_345.6, '12,346'],
  ])('shows %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  test('is within half a percent of the value', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e12, noNaN: true }), (value) => {
        const shown = Number(formatNumber(value).replaceAll(',', ''));
        expect(Math.abs(shown - value) / value).toBeLessThanOrEqual(0.005);
      }),
    );
  });
});

test.each([
  [0.123, '0.123 ns'],
  [999.4, '999 ns'],
  [999.6, '1.00 µs'],
  [4_560_000, '4.56 ms'],
  [61e9, '61.0 s'],
])('formatTime shows %d ns as %s', (ns, text) => {
  expect(formatTime(ns)).toBe(text);
});

test.each([
  [1_234e6, 'bytes', '1,234 MB/s'],
  [12_345_678, 'rows', '12.3 M rows/s'],
  [999_600, 'rows', '1.00 M rows/s'],
  [12, 'files', '12.0 files/s'],
])('formatRate shows %d per second of %s as %s', (perSecond, unit, text) => {
  expect(formatRate(perSecond, unit)).toBe(text);
});

test('formatRatio shows winning and losing ratios in the same form', () => {
  expect(formatRatio({ value: 3.1, low: 2.9, high: 3.3 })).toBe('3.10× (2.90–3.30)');
  expect(formatRatio({ value: 0.8, low: 0.75, high: 0.85 })).toBe('0.800× (0.750–0.850)');
  expect(formatRatio({ value: 2, low: null, high: null })).toBe('2.00× (one launch)');
});

test('formatInput names what is known', () => {
  expect(formatInput({ label: 'corpus a.json', bytes: 631_515, sha256: '0123456789abcdef' })).toBe(
    'corpus a.json, 631,515 bytes, sha256 0123456789ab',
  );
  expect(formatInput({ label: 'seed 42' })).toBe('seed 42');
});
