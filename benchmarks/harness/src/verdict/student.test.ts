import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { studentT95 } from '../statistics.ts';
import { studentQuantile, studentTail } from './student.ts';

// Quantiles of any statistics textbook: two-sided error, degrees of freedom, t.
const TABLE = [
  [0.1, 1, 6.3138],
  [0.05, 1, 12.7062],
  [0.05, 3, 3.1824],
  [0.01, 3, 5.8409],
  [0.01, 7, 3.4995],
  [0.01, 11, 3.1058],
  [0.01, 12, 3.0545],
  [0.001, 7, 5.4079],
  [0.001, 30, 3.646],
  [0.01, 1_000, 2.5808],
] as const;

describe('studentQuantile', () => {
  test.each(TABLE)('error %d at %i degrees of freedom is %d', (error, degrees, t) => {
    expect(studentQuantile(error, degrees)).toBeCloseTo(t, 3);
  });

  test('agrees with the series that the 95 % intervals of the runner use', () => {
    for (let v = 1; v < 60; v++) expect(studentQuantile(0.05, v) / studentT95(v)).toBeCloseTo(1, 4);
  });

  test('is the inverse of the tail', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-7, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 200 }), (error, v) => {
        expect(studentTail(studentQuantile(error, v), v) / error).toBeCloseTo(1, 5);
      }),
    );
  });

  test('allows no error only without bounds', () => {
    expect(studentQuantile(0, 5)).toBe(Number.POSITIVE_INFINITY);
    expect(studentQuantile(1, 5)).toBe(0);
  });
});

describe('studentTail', () => {
  test('is the integral of the density', () => {
    // Simpson's rule over the central part; the constant by the recursion of the gamma function in steps of two.
    const density = (x: number, v: number): number => (1 + (x * x) / v) ** (-(v + 1) / 2);
    const integral = (to: number, v: number): number => {
      const steps = 20_000;
      let sum = 0;
      for (let i = 0; i <= steps; i++) {
        sum += density((to * i) / steps, v) * (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2);
      }
      return (sum * to) / steps / 3;
    };
    let half = Math.PI / 2; // of ∫ (1 + x²)^-1 from 0
    for (let v = 1; v < 20; v += 2) {
      // ∫ cos^(v+1) = v/(v+1) ∫ cos^(v-1), with x = √v·tan.
      const whole = half * Math.sqrt(v);
      for (const t of [0.3, 1, 2.5, 4]) expect(studentTail(t, v)).toBeCloseTo(1 - integral(t, v) / whole, 8);
      half *= v / (v + 1);
    }
  });
});
