import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { randomNumbers } from '../random.ts';
import { launchEstimate, balance } from './estimate.ts';
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

describe('balance', () => {
  test('has the launches of either role in pairs', () => {
    const launches = [launch(false, 0.03), launch(true, -0.01), launch(false, 0.05), launch(true, 0.01)];
    expect(balance(launches)).toEqual({
      pairs: [
        [0.03, -0.01],
        [0.05, 0.01],
      ],
      unpaired: 0,
    });
  });

  test('cancels in the mean what the order of start does', () => {
    const launches = simulateLaunches(10, { ratio: 1.03, deviation: 0, orderBias: 0.024 }, randomNumbers(1));
    const estimates = balance([...launches, ...launches.slice(0, 1)]).pairs.flat();
    expect(estimates.reduce((sum, x) => sum + x, 0) / estimates.length).toBeCloseTo(Math.log(1.03), 12);
  });

  test('lets a launch wait for the next of the other role, and uses none twice', () => {
    const launches = [launch(false, 1), launch(false, 2), launch(true, 3), launch(true, 4), launch(true, 5)];
    expect(balance(launches)).toEqual({
      pairs: [
        [1, 3],
        [2, 4],
      ],
      unpaired: 1,
    });
  });

  test('has a pair for each launch of the rarer role', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), (roles) => {
        const { pairs, unpaired } = balance(roles.map((swapped) => launch(swapped, 0)));
        const swapped = roles.filter(Boolean).length;
        expect(pairs).toHaveLength(Math.min(swapped, roles.length - swapped));
        expect(unpaired).toBe(roles.length - 2 * pairs.length);
      }),
    );
  });
});
