import fc from 'fast-check';
import { expect, test } from 'vitest';

import { blockOrder, isPrecise, planBlocks } from './blocks.ts';

const settings = { blockMs: 4, pairs: 30, mostPairs: 44, precision: 0.007, leastPairs: 6, budgetMs: 400 };

test('fills a block with runs, the same number for both sides', () => {
  expect(planBlocks(1_000, 1_000, settings)).toEqual({
    iterations: 4_000,
    pairs: 30,
    mostPairs: 44,
    usageIterations: 40_000,
  });
  expect(planBlocks(1_000, 4_000, settings).iterations).toBe(2_000);
});

test('takes fewer pairs where one run is longer than a block, and never fewer than the least', () => {
  expect(planBlocks(20e6, 20e6, settings)).toMatchObject({ iterations: 1, pairs: 10 });
  expect(planBlocks(1e9, 1e9, settings)).toEqual({
    iterations: 1,
    pairs: 6,
    mostPairs: 6,
    usageIterations: 1,
  });
});

test('does not ask for endless blocks when the clock stood still', () => {
  expect(planBlocks(0, 0, settings).iterations).toBe(4e7);
});

test('keeps every plan within bounds', () => {
  const time = fc.double({ min: 0, max: 1e10, noNaN: true });
  fc.assert(
    fc.property(time, time, (base, head) => {
      const { iterations, pairs, mostPairs, usageIterations } = planBlocks(base, head, settings);
      expect(Number.isInteger(iterations) && iterations >= 1).toBe(true);
      expect(pairs % 2 === 0 && pairs >= 6 && pairs <= 30).toBe(true);
      expect(mostPairs % 2 === 0 && mostPairs >= pairs && mostPairs <= 44).toBe(true);
      expect(usageIterations).toBeGreaterThanOrEqual(iterations);
    }),
    { seed: 1 },
  );
});

test('orders blocks as ABBA, in which a steady drift cancels', () => {
  expect([0, 1, 2, 3].flatMap((pair) => blockOrder('base', pair)).join(' ')).toBe(
    'base head head base base head head base',
  );
  for (const first of ['base', 'head'] as const) {
    // Block k takes 1 + k: the sums of the times are equal after every second pair.
    const sums = { base: 0, head: 0 };
    let k = 0;
    for (let pair = 0; pair < 6; pair++) for (const side of blockOrder(first, pair)) sums[side] += 1 + k++;
    expect(sums.base).toBe(sums.head);
  }
});

test('a block has as many runs as an injected slowdown needs to be a whole number of them', () => {
  expect(planBlocks(1e6, 1e6, settings, 1.03).iterations).toBe(33);
  expect(planBlocks(1e6, 1e6, settings, 1.05).iterations).toBe(20);
  expect(planBlocks(1e6, 1e6, settings, 2).iterations).toBe(4);
});

test('pairs that alternate, because going first helps, are precise; pairs that scatter are not', () => {
  const alternating = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 0.04 : -0.04));
  expect(isPrecise(alternating, 0.007)).toBe(true);
  const scattered = Array.from({ length: 20 }, (_, i) => ((i * 7919) % 20) / 100);
  expect(isPrecise(scattered, 0.007)).toBe(false);
  expect(isPrecise(scattered, 0.1)).toBe(true);
});

test('a few blocks that were disturbed do not make a launch longer', () => {
  const disturbed = Array.from({ length: 20 }, (_, i) => (i === 3 || i === 11 ? 1.5 : (i % 5) / 1_000));
  expect(isPrecise(disturbed, 0.007)).toBe(true);
});
