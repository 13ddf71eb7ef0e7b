import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { randomNumbers } from '../random.ts';
import { typicalMean } from './typical-values.ts';
import { benjaminiHochberg, holm } from './multiplicity.ts';
import { heavyTailed, normal } from './simulated.ts';

// Small whole numerators, so that ties and exact thresholds happen.
const ps = fc.array(
  fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.integer({ min: 0, max: 40 }).map((x) => x / 400),
  ),
  { maxLength: 20 },
);
const level = fc.constantFrom(0.01, 0.05, 0.1, 0.5);

/** Rejected is what has only p values before it, in order of size, that are within their own levels. Equal values stand or fall together. */
function naiveHolm(values: readonly number[], alpha: number): boolean[] {
  return values.map((_p, i) => {
    const before = values.filter((p) => p <= values[i]!).toSorted((a, b) => a - b);
    return before.every((p, j) => p <= alpha / (values.length - j));
  });
}

/** Some k exists, not below the rank of p, for which at least k values are at most k·rate/m. */
function naiveBenjaminiHochberg(values: readonly number[], rate: number): boolean[] {
  return values.map((p) => {
    for (let k = 1; k <= values.length; k++) {
      const limit = (k * rate) / values.length;
      if (p <= limit && values.filter((x) => x <= limit).length >= k) return true;
    }
    return false;
  });
}

describe('holm', () => {
  test('rejects what the textbook rejects', () => {
    fc.assert(
      fc.property(ps, level, (values, alpha) => {
        const rejected = holm(values, alpha).map((each) => each.rejected);
        expect(rejected).toEqual(naiveHolm(values, alpha));
      }),
    );
  });

  test('decides each at a level that its own p value is compared with', () => {
    fc.assert(
      fc.property(ps, level, (values, alpha) => {
        for (const [i, decision] of holm(values, alpha).entries()) {
          expect(decision.rejected).toBe(values[i]! <= decision.level);
          expect(decision.level).toBeGreaterThanOrEqual(alpha / values.length);
          expect(decision.level).toBeLessThanOrEqual(alpha);
        }
      }),
    );
  });

  test('is between Bonferroni and no correction', () => {
    fc.assert(
      fc.property(ps, level, (values, alpha) => {
        const rejected = holm(values, alpha).map((each) => each.rejected);
        const wrong = values.filter((p, i) => (rejected[i] ? p > alpha : p <= alpha / values.length));
        expect(wrong).toEqual([]);
      }),
    );
  });

  test('has an example by hand', () => {
    // 0.05/4, 0.05/3, 0.05/2: the third is too large, so the fourth is not asked.
    expect(holm([0.03, 0.01, 0.04, 0.012], 0.05).map((each) => each.rejected)).toEqual([false, true, false, true]);
  });

  test('keeps the error of the family when the tests are those of this harness, in simulation', () => {
    const random = randomNumbers(11);
    const families = 1_500;
    const alpha = 0.05;
    for (const noise of [normal, heavyTailed]) {
      let wrong = 0;
      for (let family = 0; family < families; family++) {
        // Six equal cases and two that differ by far, which take their rejections first.
        const values = Array.from({ length: 8 }, (_each, i) => {
          const pairs = Array.from({ length: 12 }, () => (i < 6 ? 0 : 4) + (noise(random) + noise(random)) / 2);
          return typicalMean(pairs, { seed: family }).p;
        });
        if (holm(values, alpha).some((each, i) => i < 6 && each.rejected)) wrong++;
      }
      // Two standard errors above 5 %; the interval itself is slightly wide, so it is less.
      expect(wrong / families).toBeLessThan(alpha + 2 * Math.sqrt((alpha * (1 - alpha)) / families));
    }
  });
});

describe('benjaminiHochberg', () => {
  test('rejects what the textbook rejects', () => {
    fc.assert(
      fc.property(ps, level, (values, rate) => {
        expect(benjaminiHochberg(values, rate)).toEqual(naiveBenjaminiHochberg(values, rate));
      }),
    );
  });

  test('rejects all that Holm rejects', () => {
    fc.assert(
      fc.property(ps, level, (values, alpha) => {
        const more = benjaminiHochberg(values, alpha);
        expect(holm(values, alpha).filter(({ rejected }, i) => rejected && !more[i])).toEqual([]);
      }),
    );
  });
});

test('a p value that is NaN is refused', () => {
  expect(() => holm([0.5, Number.NaN], 0.01)).toThrow(RangeError);
  expect(() => benjaminiHochberg([Number.NaN], 0.01)).toThrow(RangeError);
});
