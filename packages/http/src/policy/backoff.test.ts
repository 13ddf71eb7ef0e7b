import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../testing/random.ts';
import { fullJitter } from './backoff.ts';

const delays = fc.double({ min: 0, max: 1e9, noNaN: true });
const unit = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

test('stays within zero and the doubled, capped range', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), delays, delays, unit, (retry, base, cap, draw) => {
      let range = base;
      for (let step = 1; step < Math.min(retry, 31); step++) range *= 2;
      const delay = fullJitter(retry, base, cap, () => draw);
      expect(delay).toBe(draw * Math.min(cap, range));
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(cap);
    }),
  );
});

test('draws evenly over the whole range, down to zero', () => {
  const random = seededRandom(7);
  const tenths = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 20_000; draw++) tenths[Math.floor(fullJitter(4, 100, 10_000, random) / 80)]++;
  // 2,000 each; five standard deviations are 212.
  for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(212);
});
