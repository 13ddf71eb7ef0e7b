import { describe, expect, test } from 'vitest';
import { levelsOf } from '../testing/naive-book.ts';
import { fuzz } from './book.fuzz.ts';
import { BookSide } from './book.ts';

describe('BookSide', () => {
  test('has the highest bid and the lowest ask first', () => {
    const bids = new BookSide(1);
    const asks = new BookSide(-1);
    for (const ticks of [5, 9, 7]) {
      bids.set(ticks, ticks * 10);
      asks.set(-ticks, ticks * 10);
    }
    expect(levelsOf(bids)).toEqual(['9:90', '7:70', '5:50']);
    expect(levelsOf(asks)).toEqual(['5:50', '7:70', '9:90']);
  });

  test('ignores the removal of a level it does not have', () => {
    const bids = new BookSide(1);
    bids.set(5, 1);
    bids.set(4, 0);
    bids.set(6, 0);
    expect(levelsOf(bids)).toEqual(['5:1']);
  });

  test('agrees with a sorted Map on random changes', () => {
    expect(() => fuzz.run(42, 100)).not.toThrow();
  });
});
