import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { randomNumbers } from '../random.ts';
import { launchEstimate, pairSwapped } from './estimate.ts';
import type { LaunchRecord } from './evidence.ts';
import { simulateLaunches } from './simulated.ts';

const launch = (swapped: boolean, ...blockLogRatios: number[]): LaunchRecord => ({ swapped, blockLogRatios });

describe('launchEstimate', () => {
  test('is the median, so that one disturbed block changes little', () => {
    expect(launchEstimate([0.01, 0.02, 5])).toBe(0.02);
  });

  test('refuses a launch without blocks, and ratios that are not finite', () => {
    for (const blocks of [[], [Number.NaN], [0, Number.POSITIVE_INFINITY]]) {
      expect(() => launchEstimate(blocks)).toThrow(RangeError);
    }
  });
});

describe('pairSwapped', () => {
  test('means the two launches of a pair', () => {
    const launches = [launch(false, 0.03), launch(true, -0.01), launch(false, 0.05), launch(true, 0.01)];
    const { estimates, unpaired } = pairSwapped(launches);
    expect(estimates).toHaveLength(2);
    expect(estimates[0]).toBeCloseTo(0.01, 12);
    expect(estimates[1]).toBeCloseTo(0.03, 12);
    expect(unpaired).toBe(0);
  });

  test('cancels what the order of start does', () => {
    const launches = simulateLaunches(10, { ratio: 1.03, deviation: 0, orderBias: 0.024 }, randomNumbers(1));
    for (const estimate of pairSwapped(launches).estimates) expect(estimate).toBeCloseTo(Math.log(1.03), 12);
  });

  test('lets a launch wait for the next of the other role, and uses none twice', () => {
    const launches = [launch(false, 1), launch(false, 2), launch(true, 3), launch(true, 4), launch(true, 5)];
    expect(pairSwapped(launches)).toEqual({ estimates: [2, 3], unpaired: 1 });
  });

  test('has a pair for each launch of the rarer role', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), (roles) => {
        const { estimates, unpaired } = pairSwapped(roles.map((swapped) => launch(swapped, 0)));
        const swapped = roles.filter(Boolean).length;
        expect(estimates).toHaveLength(Math.min(swapped, roles.length - swapped));
        expect(unpaired).toBe(roles.length - 2 * estimates.length);
      }),
    );
  });
});
