import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { randomNumbers } from '../random.ts';
import { heavyTailed, lognormal, normal, veryLognormal, type Noise } from './simulated.ts';
import { studentQuantile } from './student.ts';
import { LEAST_TYPICAL, leastValues, typicalMean } from './typical-values.ts';

const value = fc.double({ min: -1, max: 1, noNaN: true }).map((x) => Math.round(x * 1e6) / 1e6);
const sample = fc.array(value, { minLength: 1, maxLength: 13 });
const error = fc.double({ min: 0.001, max: 0.5, noNaN: true });

/** All subsets by recursion, and the signs of all values changed in every way, as Fisher has it. */
function naive(values: readonly number[], error: number): { p: number; low: number; high: number } {
  let subsets: number[][] = [[]];
  for (const each of values) subsets = subsets.flatMap((subset) => [subset, [...subset, each]]);
  const sum = (xs: readonly number[]): number => xs.reduce((total, x) => total + x, 0);
  const total = sum(values);
  // Changing the signs of a subset takes twice its sum away.
  const asExtreme = subsets.filter((subset) => (total >= 0 ? sum(subset) <= 0 : sum(subset) >= 0)).length;
  const means = subsets
    .filter((subset) => subset.length > 0)
    .map((subset) => sum(subset) / subset.length)
    .sort((a, b) => a - b);
  const k = Math.floor((error * subsets.length) / 2);
  return {
    p: Math.min(1, (2 * asExtreme) / subsets.length),
    low: k === 0 ? Number.NEGATIVE_INFINITY : means[k - 1]!,
    high: k === 0 ? Number.POSITIVE_INFINITY : means[means.length - k]!,
  };
}

describe('typicalMean', () => {
  test('agrees with changing signs and with the means of all subsets', () => {
    const continuous = fc.integer({ min: 0 }).map((seed) => {
      const random = randomNumbers(seed);
      return Array.from({ length: LEAST_TYPICAL + (seed % 4) }, () => 0.5 + normal(random));
    });
    fc.assert(
      fc.property(continuous, error, (values, e) => {
        const expected = naive(values, e);
        const estimate = typicalMean(values, { seed: 1 });
        expect(estimate.p).toBeCloseTo(expected.p, 12);
        const { low, high } = estimate.interval(e);
        if (Number.isFinite(expected.low)) {
          expect(low).toBeCloseTo(expected.low, 12);
          expect(high).toBeCloseTo(expected.high, 12);
        } else expect([low, high]).toEqual([expected.low, expected.high]);
      }),
      { numRuns: 40 },
    );
  });

  test('excludes 0 from an interval when, and only when, p is at most its error', () => {
    fc.assert(
      fc.property(sample, error, fc.integer(), (values, e, seed) => {
        const estimate = typicalMean(values, { seed });
        const { low, high } = estimate.interval(e);
        // Student's quantile is a root: equality to the last bit decides nothing there.
        fc.pre(values.length >= LEAST_TYPICAL || Math.abs(estimate.p - e) > 1e-9);
        expect(low > 0 || high < 0).toBe(estimate.p <= e);
      }),
    );
  });

  test('has that equivalence at the very steps of p too, and where subsets are drawn', () => {
    const random = randomNumbers(3);
    for (let i = 0; i < 60; i++) {
      const values = Array.from({ length: i % 2 === 0 ? 11 : 18 }, () => 0.8 + normal(random));
      const estimate = typicalMean(values, { seed: i });
      if (estimate.mean <= 0) continue;
      expect(estimate.interval(estimate.p).low).toBeGreaterThan(0);
      expect(estimate.interval(estimate.p - 1e-9).low).toBeLessThanOrEqual(0);
    }
  });

  test('moves with the data, scales with it and mirrors', () => {
    fc.assert(
      fc.property(sample, value, (values, shift) => {
        const at = (xs: readonly number[]) => typicalMean(xs, { seed: 1 }).interval(0.1);
        const { low, high } = at(values);
        fc.pre(Number.isFinite(low));
        expect(at(values.map((x) => x + shift)).low).toBeCloseTo(low + shift, 6);
        expect(at(values.map((x) => 2 * x)).high).toBeCloseTo(2 * high, 6);
        expect(at(values.map((x) => -x)).low).toBeCloseTo(-high, 6);
      }),
    );
  });

  test('one odd value among a dozen does not hide what the others agree on', () => {
    const values = [5.1, 4.8, 5.3, 5, 4.9, 5.2, 5.1, 4.7, 5, 5.2, 4.9, -2];
    expect(typicalMean(values, { seed: 1 }).p).toBeLessThan(0.001);
  });

  test('takes drawn subsets of many values, the same for the same seed', () => {
    const random = randomNumbers(5);
    const values = Array.from({ length: 30 }, () => normal(random));
    const high = (seed: number): number => typicalMean(values, { seed }).interval(0.01).high;
    expect(high(1)).toBe(high(1));
    expect(high(1)).not.toBe(high(2));
    expect(high(2) / high(1)).toBeCloseTo(1, 1);
  });

  test('takes Student from three values to nine', () => {
    for (let n = 3; n < LEAST_TYPICAL; n++) {
      const values = Array.from({ length: n }, (_each, i) => i);
      const { mean, deviation, interval } = typicalMean(values, { seed: 1 });
      expect(interval(0.01).high - mean).toBeCloseTo((studentQuantile(0.01, n - 1) * deviation) / Math.sqrt(n), 9);
    }
  });

  test.each([[[0.1]], [[0.1, 0.1]]])('bounds nothing by the values %o', (values) => {
    const { p, interval, deviation } = typicalMean(values, { seed: 1 });
    expect(p).toBe(1);
    expect(deviation).toBe(values.length === 1 ? Number.NaN : 0);
    expect(interval(0.5)).toEqual({ low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY });
  });

  test.each([3, 9, 10, 12, 20])('gives %i equal values an interval of no width', (n) => {
    const { p, interval } = typicalMean(new Array<number>(n).fill(0.125), { seed: 1 });
    expect(interval(0.01)).toEqual({ low: 0.125, high: 0.125 });
    expect(p).toBeLessThanOrEqual(2 / 2 ** LEAST_TYPICAL);
    expect(typicalMean(new Array<number>(n).fill(0), { seed: 1 }).p).toBe(1);
  });

  test('refuses no values, and values that are not finite', () => {
    for (const values of [[], [1, Number.NaN], [Number.NEGATIVE_INFINITY, 1, 2, 3, 4, 5]]) {
      expect(() => typicalMean(values, { seed: 1 })).toThrow(RangeError);
    }
  });
});

test('a smaller error needs more values', () => {
  expect([1, 6, 20, 80].map((family) => leastValues(0.01 / family))).toEqual([10, 12, 14, 16]);
});

describe('coverage of the 99 % interval of the mean over launches', () => {
  const TRIALS = 4_000;
  const cover = (noise: Noise, launches: number, error: number): number => {
    const random = randomNumbers(launches);
    let covered = 0;
    for (let trial = 0; trial < TRIALS; trial++) {
      const values = Array.from({ length: launches }, () => noise(random));
      const { low, high } = typicalMean(values, { seed: trial }).interval(error);
      if (low <= 0 && 0 <= high) covered++;
    }
    return covered / TRIALS;
  };
  /** Head's noise less base's: both have the same, however skewed. */
  const difference =
    (noise: Noise): Noise =>
    (random) =>
      noise(random) - noise(random);

  test.each([
    ['normal', normal],
    ['heavy-tailed', heavyTailed],
    ['skewed on either side', difference(lognormal)],
    ['very skewed on either side', difference(veryLognormal)],
  ] as const)('is 98 to 100 % for launches that are %s', (_name, noise) => {
    for (const launches of [12, 14]) {
      const share = cover(noise, launches, 0.01);
      expect(share).toBeGreaterThanOrEqual(0.98);
      expect(share).toBeLessThanOrEqual(1);
    }
  });

  test('holds at the 95 % of the first stage with its six launches', () => {
    for (const noise of [normal, heavyTailed]) expect(cover(noise, 6, 0.05)).toBeGreaterThan(0.94);
    // Skew is what Student's t does not know of.
    expect(cover(lognormal, 6, 0.05)).toBeGreaterThan(0.88);
  });

  test('fails where the ratio itself is skewed and not only the sides, which swapped roles exclude: the known limit', () => {
    expect(cover(lognormal, 12, 0.01)).toBeGreaterThan(0.96);
    const share = cover(veryLognormal, 12, 0.01);
    expect(share).toBeGreaterThan(0.8);
    expect(share).toBeLessThan(0.985);
  });
});
