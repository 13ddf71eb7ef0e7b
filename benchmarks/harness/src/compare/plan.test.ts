import fc from 'fast-check';
import { expect, test } from 'vitest';

import { randomNumbers } from '../random.ts';
import { shuffledLaunches } from './plan.ts';

test('plans every launch of every case once, with the numbers of each case going up', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(12), { maxLength: 8 }), fc.nat(), (launches, seed) => {
      const cases = launches.map((count, of) => ({ of, launches: count }));
      const plan = shuffledLaunches(cases, randomNumbers(seed));
      for (const { of, launches: count } of cases) {
        const numbers = plan.filter((each) => each.of === of).map((each) => each.launch);
        expect(numbers).toEqual(Array.from({ length: count }, (_, i) => i));
      }
      expect(plan).toHaveLength(launches.reduce((sum, count) => sum + count, 0));
    }),
    { seed: 1 },
  );
});

test('depends on nothing but the seed, and mixes the cases', () => {
  const cases = ['a', 'b', 'c'].map((of) => ({ of, launches: 8 }));
  const order = (seed: number): string =>
    shuffledLaunches(cases, randomNumbers(seed))
      .map(({ of }) => of)
      .join('');
  expect(order(5)).toBe(order(5));
  expect(order(5)).not.toBe(order(6));
  expect(order(5)).not.toMatch(/a{6}|b{6}|c{6}/);
});
