import fc from 'fast-check';
import { expect, test } from 'vitest';

import { LINEARITY_BOUND, slopeOf, type Point } from './slope.ts';

const points = (runs: number, count: (runs: number) => number): [Point, Point, Point] =>
  [1, 2, 3].map((factor) => ({ runs: factor * runs, instructions: count(factor * runs) })) as [Point, Point, Point];

test('finds the slope of any line exactly, whatever it starts from', () => {
  const whole = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
  fc.assert(
    fc.property(whole(4_096), whole(1e9), whole(1e9), (runs, perRun, fixed) => {
      const slope = slopeOf(points(runs, (n) => fixed + perRun * n));
      expect(slope).toEqual({ perRun, nonlinearity: 0 });
    }),
  );
});

test('is the least-squares line through three points', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 3 }), (errors) => {
      const given = points(8, (n) => 1_000 * n + errors[n / 8 - 1]!);
      const mean = (pick: (point: Point) => number): number => given.reduce((sum, each) => sum + pick(each), 0) / 3;
      const [x, y] = [mean((each) => each.runs), mean((each) => each.instructions)];
      const covariance = given.reduce((sum, each) => sum + (each.runs - x) * (each.instructions - y), 0);
      const variance = given.reduce((sum, each) => sum + (each.runs - x) ** 2, 0);
      expect(slopeOf(given).perRun).toBeCloseTo(covariance / variance, 6);
    }),
  );
});

test.each([
  ['code that is compiled in the first segment', (n: number) => 1_000 * n + (n > 100 ? 0 : 20_000)],
  ['a tier that is entered in the last segment', (n: number) => 1_000 * Math.min(n, 250) + 600 * Math.max(0, n - 250)],
  ['work that grows with the runs', (n: number) => 1_000 * n + 0.1 * n * n],
])('sees %s', (_, count) => {
  expect(slopeOf(points(100, count)).nonlinearity).toBeGreaterThan(LINEARITY_BOUND);
});

test('accepts what counts differ by themselves', () => {
  expect(slopeOf(points(100, (n) => 1_000 * n + (n === 200 ? 100 : 0))).nonlinearity).toBeLessThan(LINEARITY_BOUND);
});

test('refuses counts that do not grow', () => {
  expect(() => slopeOf(points(1, () => 5))).toThrow(RangeError);
  expect(() => slopeOf(points(1, (n) => 10 - n))).toThrow(/do not grow/);
  expect(() => slopeOf(points(1, () => Number.NaN))).toThrow(RangeError);
});
