import { describe, expect, test } from 'vitest';
import { WeightLimit } from './weight.ts';

describe('WeightLimit', () => {
  test('counts per minute of the clock and starts anew with the next', () => {
    let now = 120_000;
    const limit = new WeightLimit(100, () => now);
    expect(limit.charge('a', 60)).toEqual({ used: 60 });
    now = 130_500;
    expect(limit.charge('a', 60)).toEqual({ used: 60, retryAfterSeconds: 50 });
    expect(limit.charge('a', 40)).toEqual({ used: 100 });
    now = 180_000;
    expect(limit.charge('a', 60)).toEqual({ used: 60 });
  });

  test('counts addresses apart', () => {
    const limit = new WeightLimit(100, () => 0);
    limit.charge('a', 100);
    expect(limit.charge('b', 1)).toEqual({ used: 1 });
  });

  test('remembers a bounded number of addresses', () => {
    const limit = new WeightLimit(100, () => 0);
    for (let index = 0; index < 2000; index++) limit.charge(`address ${index}`, 100);
    expect(limit.charge('address 1999', 1).retryAfterSeconds).toBe(60);
    expect(limit.charge('address 0', 1)).toEqual({ used: 1 });
  });
});
