import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OverflowLevels } from './overflow-levels.ts';

describe('OverflowLevels', () => {
  test('agrees with a Map on any sequence of sets and removals, across growth', () => {
    // Multiples of 2^20 share their low bits, so runs form and close.
    const key = fc.oneof(
      fc.integer({ min: -400, max: 400 }),
      fc.integer({ min: -300, max: 300 }).map((n) => n * 2 ** 20),
      fc.maxSafeInteger(),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(key, fc.constantFrom(0, 0, 1, 2)), { maxLength: 1500, size: 'max' }),
        (operations) => {
          const levels = new OverflowLevels();
          const naive = new Map<number, number>();
          for (const [at, quantity] of operations) {
            levels.set(at, quantity);
            if (quantity === 0) naive.delete(at);
            else naive.set(at, quantity);
          }
          expect(levels.count).toBe(naive.size);
          for (const [at] of operations) expect(levels.get(at)).toBe(naive.get(at) ?? 0);
          expect(levels.highestKey()).toBe(Math.max(...naive.keys()));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('gives the memory of a large table back when it is cleared', () => {
    const levels = new OverflowLevels();
    for (let key = 0; key < 10_000; key++) levels.set(key, 1);
    expect(levels.capacity).toBeGreaterThan(10_000);
    levels.clear();
    expect([levels.capacity, levels.count, levels.get(5)]).toEqual([256, 0, 0]);
  });
});
