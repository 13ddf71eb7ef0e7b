import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { randomNumbers } from './random.ts';
import { median, ratioInterval, spread, studentT95 } from './statistics.ts';

const times = fc.array(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('median', () => {
  test('has as many values below as above, and lies between two of them', () => {
    fc.assert(
      fc.property(times, (values) => {
        const middle = median(values);
        const below = values.filter((x) => x < middle).length;
        const above = values.filter((x) => x > middle).length;
        expect(below).toBeLessThanOrEqual(values.length / 2);
        expect(above).toBeLessThanOrEqual(values.length / 2);
        expect(middle).toBeGreaterThanOrEqual(Math.min(...values));
        expect(middle).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });

  test('takes the mean of the two in the middle of an even number', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  test('refuses no values', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

test('spread is the distance of the extremes in medians', () => {
  expect(spread([90, 100, 110])).toBeCloseTo(0.2);
});

/** The integral of the density from -t to t by Simpson's rule: a twin that shares nothing with the series. */
function centralProbability(t: number, v: number): number {
  const density = (x: number): number => (1 + (x * x) / v) ** (-(v + 1) / 2);
  const integrate = (to: number): number => {
    // x = tan(a) maps the whole line to (-π/2, π/2), so that the heavy tails of few degrees of freedom cost nothing.
    const steps = 4_000;
    const end = Math.atan(to);
    let sum = 0;
    for (let i = 0; i <= steps; i++) {
      const a = (end * i) / steps;
      const cos = Math.cos(a);
      const f = cos < 1e-12 ? 0 : density(Math.tan(a)) / (cos * cos);
      sum += f * (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2);
    }
    return (sum * end) / steps / 3;
  };
  // One degree of freedom has density 1/(1+x²): its transformed integrand is 1 up to the end of the line.
  const whole = v === 1 ? Math.PI / 2 : integrate(Number.MAX_VALUE);
  return integrate(t) / whole;
}

describe('studentT95', () => {
  test.each([1, 2, 3, 5, 9, 10, 11, 12, 15, 20, 29, 50, 100, 1_000])('encloses 95 %% at %i degrees of freedom', (v) => {
    expect(Math.abs(centralProbability(studentT95(v), v) - 0.95)).toBeLessThan(2e-6);
  });
});

describe('ratioInterval', () => {
  test('finds a constant ratio exactly, whatever the machine does to both sides', () => {
    const { value, low, high } = ratioInterval([1, 2, 4], [3, 6, 12]);
    expect(value).toBeCloseTo(3);
    expect(low).toBeCloseTo(3);
    expect(high).toBeCloseTo(3);
  });

  test('agrees with a t-interval done by hand', () => {
    // Logs of the ratios: 0, ln 2, ln 4; mean ln 2, standard deviation ln 2, standard error ln 2 / √3, t(2) = 4.30265.
    const half = (4.30265 * Math.LN2) / Math.sqrt(3);
    const { value, low, high } = ratioInterval([1, 1, 1], [1, 2, 4]);
    expect(value).toBeCloseTo(2, 12);
    expect(low).toBeCloseTo(2 * Math.exp(-half), 8);
    expect(high).toBeCloseTo(2 * Math.exp(half), 8);
  });

  test('gives the inverse when the sides are swapped', () => {
    const rounds = fc.array(
      fc.tuple(fc.double({ min: 1, max: 1e6, noNaN: true }), fc.double({ min: 1, max: 1e6, noNaN: true })),
      {
        minLength: 2,
        maxLength: 10,
      },
    );
    fc.assert(
      fc.property(rounds, (pairs) => {
        const a = pairs.map(([x]) => x);
        const b = pairs.map(([, y]) => y);
        const there = ratioInterval(a, b);
        const back = ratioInterval(b, a);
        expect(Math.log(there.value) + Math.log(back.value)).toBeCloseTo(0, 9);
        expect(Math.log(there.low!) + Math.log(back.high!)).toBeCloseTo(0, 6);
      }),
    );
  });

  test('contains the truth in 95 % of simulated runs of six launches', () => {
    const random = randomNumbers(2026);
    // Box-Muller, both sides with 5 % noise between launches.
    const noise = (): number =>
      Math.exp(0.05 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
    const trials = 4_000;
    let inside = 0;
    for (let i = 0; i < trials; i++) {
      const ours = Array.from({ length: 6 }, noise);
      const peer = Array.from({ length: 6 }, () => 3 * noise());
      const { low, high } = ratioInterval(ours, peer);
      if (low! <= 3 && 3 <= high!) inside++;
    }
    // Four standard deviations of the binomial: 0.0138.
    expect(Math.abs(inside / trials - 0.95)).toBeLessThan(0.0138);
  });

  test('has no interval after one launch', () => {
    expect(ratioInterval([2], [3])).toEqual({ value: 1.5, low: null, high: null });
  });

  test('refuses sides of different length', () => {
    expect(() => ratioInterval([1, 2], [1])).toThrow(RangeError);
    expect(() => ratioInterval([], [])).toThrow(RangeError);
  });
});
