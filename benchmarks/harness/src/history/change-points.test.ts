import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { randomNumbers } from '../random.ts';
import { bestSplit, changePoints, scaledEnergy } from './change-points.ts';

/** Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function noise(seed: number, length: number, deviation: number, level: (i: number) => number = () => 0): number[] {
  const random = randomNumbers(seed);
  return Array.from({ length }, (_, i) => level(i) + deviation * normal(random));
}

/** Straight from the definition: every place, every pair. */
function naiveSplit(series: readonly number[], least: number): number | undefined {
  let best: number | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (let at = least; at <= series.length - least; at++) {
    const [left, right] = [series.slice(0, at), series.slice(at)];
    const sum = (a: readonly number[], b: readonly number[]): number =>
      a.reduce((total, x) => b.reduce((inner, y) => inner + Math.abs(x - y), total), 0);
    const energy = scaledEnergy(sum(left, right), sum(left, left) / 2, sum(right, right) / 2, at, right.length);
    if (energy > most) [best, most] = [at, energy];
  }
  return best;
}

describe('the place of a split', () => {
  test('is the one of the naive twin', () => {
    // Whole numbers: sums in another order are then equal, and so are ties.
    const series = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { maxLength: 40 });
    fc.assert(
      fc.property(series, fc.integer({ min: 2, max: 6 }), (values, least) => {
        expect(bestSplit(values, 0, values.length, least)).toBe(naiveSplit(values, least));
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  test('is inside the part that is looked at', () => {
    const series = [9, 9, 9, 9, 0, 0, 0, 0, 1, 1, 1, 1, 9, 9, 9, 9];
    expect(bestSplit(series, 4, 12, 2)).toBe(8);
    expect(bestSplit(series, 4, 7, 2)).toBeUndefined();
  });
});

describe('change points', () => {
  test('mark at most 1 % of series of noise', () => {
    for (const length of [8, 20, 60]) {
      let alarms = 0;
      for (let seed = 0; seed < 2_000; seed++) if (changePoints(noise(seed, length, 0.01)).length > 0) alarms++;
      expect(alarms, `${length} points`).toBeLessThanOrEqual(20);
    }
  });

  test('find a step of three deviations within two points, and its size', () => {
    let [near, found] = [0, 0];
    for (let seed = 0; seed < 300; seed++) {
      const points = changePoints(noise(seed, 40, 0.01, (i) => (i < 23 ? 0 : 0.03)));
      if (points.length === 1) found++;
      if (points.some(({ index, change }) => Math.abs(index - 23) <= 2 && Math.abs(change - 0.03) < 0.015)) near++;
    }
    expect(near).toBeGreaterThanOrEqual(285);
    expect(found).toBeGreaterThanOrEqual(285);
  });

  test('find each of several steps up and down', () => {
    let both = 0;
    for (let seed = 0; seed < 200; seed++) {
      const level = (i: number): number => (i < 20 ? 0 : i < 40 ? 0.04 : 0.01);
      const indexes = changePoints(noise(seed, 60, 0.01, level)).map(({ index }) => index);
      if (indexes.some((i) => Math.abs(i - 20) <= 2) && indexes.some((i) => Math.abs(i - 40) <= 2)) both++;
    }
    expect(both).toBeGreaterThanOrEqual(190);
  });

  test('find a drift of 0.1 % per point, of which no comparison of neighbours could see a step', () => {
    let found = 0;
    for (let seed = 0; seed < 200; seed++) {
      const points = changePoints(noise(seed, 40, 0.01, (i) => i * 0.001));
      if (points.length > 0 && points.every(({ change }) => change > 0)) found++;
    }
    expect(found).toBeGreaterThanOrEqual(195);
  });

  test('find a step below 2 % once there are enough points', () => {
    let found = 0;
    for (let seed = 0; seed < 200; seed++) {
      if (changePoints(noise(seed, 60, 0.01, (i) => (i < 30 ? 0 : 0.015))).length > 0) found++;
    }
    expect(found).toBeGreaterThanOrEqual(190);
  });

  test('see any change of a count that does not vary', () => {
    const series = [5, 5, 5, 5, 5, 5, 6, 6, 6, 6];
    expect(changePoints(series)).toEqual([{ index: 6, change: 1, p: 0 }]);
  });

  test('do not see one in equal numbers, and none in too few', () => {
    expect(changePoints(Array.from({ length: 50 }, () => 0.1))).toEqual([]);
    expect(changePoints([1, 1, 1, 9, 9, 9, 9])).toEqual([]);
    expect(changePoints([])).toEqual([]);
  });

  test('do not depend on the unit, on the level, or on the sign', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 5, max: 35 }), (seed, at) => {
        const series = noise(seed, 40, 1, (i) => (i < at ? 0 : 4));
        const indexes = changePoints(series).map(({ index }) => index);
        for (const other of [series.map((x) => x * 8), series.map((x) => x + 64), series.map((x) => -x)]) {
          expect(changePoints(other).map(({ index }) => index)).toEqual(indexes);
        }
      }),
      { seed: 5, numRuns: 100 },
    );
  });
});
