import { describe, expect, test } from 'vitest';
import { levelColumns } from '../venues/records.ts';
import { bookDifference, type TopLevels } from './book-comparison.ts';

function levels(pairs: readonly (readonly [number, number])[]): TopLevels['bids'] {
  const columns = levelColumns(Math.max(1, pairs.length));
  for (const [index, [ticks, lots]] of pairs.entries()) {
    columns.ticks[index] = ticks;
    columns.lots[index] = lots;
  }
  columns.length = pairs.length;
  return columns;
}

const everything = { floorTicks: -Infinity, ceilingTicks: Infinity };
const book = (bids: [number, number][], asks: [number, number][]): TopLevels => ({
  bids: levels(bids),
  asks: levels(asks),
});

describe('bookDifference', () => {
  test('finds none between equal books', () => {
    expect(bookDifference(book([[5, 1]], [[6, 2]]), book([[5, 1]], [[6, 2]]), everything)).toBeUndefined();
  });

  test('names the first level that differs in price, quantity or by absence', () => {
    const ours = book(
      [
        [5, 1],
        [4, 1],
      ],
      [[6, 2]],
    );
    expect(
      bookDifference(
        ours,
        book(
          [
            [5, 1],
            [4, 3],
          ],
          [[6, 2]],
        ),
        everything,
      ),
    ).toBe("bid level 1: ours 1 @ 4, the exchange's 3 @ 4");
    expect(bookDifference(ours, book([[5, 1]], [[6, 2]]), everything)).toMatch(/bid level 1: .*none/);
    expect(
      bookDifference(
        ours,
        book(
          [
            [5, 1],
            [4, 1],
          ],
          [[7, 2]],
        ),
        everything,
      ),
    ).toMatch(/ask level 0/);
  });

  test('does not look beyond what a cut snapshot could tell', () => {
    const ours = book([[5, 1]], [[6, 2]]);
    const theirs = book(
      [
        [5, 1],
        [3, 9],
      ],
      [
        [6, 2],
        [9, 9],
      ],
    );
    expect(bookDifference(ours, theirs, { floorTicks: 4, ceilingTicks: 8 })).toBeUndefined();
    expect(bookDifference(ours, theirs, { floorTicks: 3, ceilingTicks: 8 })).toMatch(/bid level 1/);
  });
});
