import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { judge } from './judge.ts';
import { detectable, launchesToDecide } from './planning.ts';
import { simulateCase } from './simulated.ts';
import { studentQuantile } from './student.ts';

const THRESHOLD = Math.log1p(0.02);
const errors = { differs: 0.01, same: 0.01 };

describe('detectable', () => {
  test('is what that many launches find in about 95 % of comparisons', () => {
    for (const deviation of [0.01, 0.03]) {
      const ratio = Math.exp(detectable(deviation, 24, 0.01, THRESHOLD));
      const trials = 150;
      let found = 0;
      for (let seed = 0; seed < trials; seed++) {
        const { cases } = judge({ cases: [simulateCase('one', { ratio, deviation }, seed)] });
        if (cases[0]!.verdict === 'regressed') found++;
      }
      expect(found / trials).toBeGreaterThan(0.86);
      expect(found / trials).toBeLessThan(0.995);
    }
  });

  test('is never below the threshold, grows with noise and shrinks with launches', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-4, max: 0.2, noNaN: true }),
        fc.integer({ min: 2, max: 60 }),
        (deviation, launches) => {
          const found = detectable(deviation, launches, 0.01, THRESHOLD);
          expect(found).toBeGreaterThan(THRESHOLD);
          expect(detectable(2 * deviation, launches, 0.01, THRESHOLD)).toBeGreaterThan(found);
          expect(detectable(deviation, launches + 1, 0.01, THRESHOLD)).toBeLessThan(found);
        },
      ),
    );
  });

  test('is unbounded without two launches', () => {
    expect(detectable(0.01, 1, 0.01, THRESHOLD)).toBe(Number.POSITIVE_INFINITY);
    expect(detectable(Number.NaN, 12, 0.01, THRESHOLD)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('launchesToDecide', () => {
  test('is the smallest even number that is enough', () => {
    const mean = fc.double({ min: -0.1, max: 0.1, noNaN: true });
    const deviation = fc.double({ min: 1e-4, max: 0.1, noNaN: true });
    fc.assert(
      fc.property(mean, deviation, (mean, deviation) => {
        const launches = launchesToDecide({ mean, deviation }, errors, THRESHOLD);
        const room = Math.abs(mean) >= THRESHOLD ? Math.abs(mean) : THRESHOLD - Math.abs(mean);
        const enough = (pairs: number): boolean =>
          (studentQuantile(0.01, 2 * pairs - 1) * deviation) / Math.sqrt(2 * pairs) < room;
        let pairs = 1;
        while (pairs <= 1_024 && !enough(pairs)) pairs++;
        if (launches === null) expect(pairs).toBeGreaterThan(1_000);
        else expect(launches).toBe(2 * pairs);
      }),
      { numRuns: 50 },
    );
  });

  test('names no number for a mean at the threshold', () => {
    expect(launchesToDecide({ mean: THRESHOLD * 0.9999, deviation: 0.01 }, errors, THRESHOLD)).toBe(null);
  });
});
