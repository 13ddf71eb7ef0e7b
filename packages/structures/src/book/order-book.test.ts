import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bookDifference, NaiveBook } from '../testing/naive-book.ts';
import { levelColumns } from './levels.ts';
import type { Side } from './levels.ts';
import { fuzz } from './order-book.fuzz.ts';
import { OrderBook } from './order-book.ts';

const none = levelColumns(0);

describe('OrderBook', () => {
  test('is empty at first: prices are NaN, counts are 0, nothing is crossed', () => {
    const book = new OrderBook();
    expect([book.bestBidTicks, book.bestBidLots, book.bestAskTicks, book.bestAskLots]).toEqual([NaN, NaN, NaN, NaN]);
    expect([book.spreadTicks, book.midTicks]).toEqual([NaN, NaN]);
    expect([book.bidLevels, book.askLevels, book.version, book.crossedCount]).toEqual([0, 0, 0, 0]);
    expect([book.crossed, book.locked]).toEqual([false, false]);
    expect([book.best(), book.bestBid(), book.bestAsk()]).toEqual([undefined, undefined, undefined]);
    expect(book.depth('bid')).toEqual([]);
    expect(book.lotsAt('ask', 5)).toBe(0);
  });

  test('gives best prices, spread and mid of what was loaded', () => {
    const book = new OrderBook();
    book.load({
      bids: levelColumns([
        [100, 1],
        [99, 2],
      ]),
      asks: levelColumns([
        [103, 4],
        [105, 3],
      ]),
    });
    expect(book.best()).toEqual({ bidTicks: 100, bidLots: 1, askTicks: 103, askLots: 4 });
    expect(book.bestBid()).toEqual({ ticks: 100, lots: 1 });
    expect(book.bestAsk()).toEqual({ ticks: 103, lots: 4 });
    expect([book.spreadTicks, book.midTicks]).toEqual([3, 101.5]);
    const out = new Float64Array(4);
    book.bestInto(out);
    expect([...out]).toEqual([100, 1, 103, 4]);
  });

  test('takes the next level when the best one is deleted, and the one outside the window after that', () => {
    const book = new OrderBook({ windowTicks: 4096 });
    book.load({
      bids: levelColumns([
        [900_000, 1],
        [899_990, 2],
        [5, 3],
      ]),
      asks: none,
    });
    book.setLevel('bid', 900_000, 0);
    expect(book.bestBidTicks).toBe(899_990);
    book.setLevel('bid', 899_990, 0);
    expect(book.bestBid()).toEqual({ ticks: 5, lots: 3 });
    book.setLevel('bid', 5, 0);
    expect(book.bestBid()).toBeUndefined();
  });

  test('ignores the delete of a level that is not there', () => {
    const book = new OrderBook();
    book.setLevel('ask', 10, 1);
    book.applyLevels(
      'ask',
      levelColumns([
        [11, 0],
        [10_000_000, 0],
        [0, 0],
      ]),
    );
    expect(book.depth('ask')).toEqual([{ ticks: 10, lots: 1 }]);
  });

  test('reads only the first `length` entries of the columns', () => {
    const book = new OrderBook();
    const levels = levelColumns([
      [10, 1],
      [11, 1],
    ]);
    levels.length = 1;
    book.applyLevels('bid', levels);
    expect(book.bidLevels).toBe(1);
  });

  test('shows a locked and a crossed book and counts the calls that left it crossed', () => {
    const book = new OrderBook();
    book.setLevel('bid', 10, 1);
    book.setLevel('ask', 10, 1);
    expect([book.locked, book.crossed, book.crossedCount]).toEqual([true, false, 0]);
    book.setLevel('bid', 11, 1);
    expect([book.locked, book.crossed, book.crossedCount, book.spreadTicks]).toEqual([false, true, 1, -1]);
    book.setLevel('bid', 11, 0);
    expect(book.crossedCount).toBe(1);
  });

  test('writes depth into the room that the caller gives, across the edge of the window', () => {
    const book = new OrderBook({ windowTicks: 4096 });
    const levels = Array.from({ length: 30 }, (_, at): [number, number] => [1_000_000 - at * 900, at + 1]);
    book.applyLevels('bid', levelColumns(levels));
    const out = levelColumns(20);
    expect(book.depthInto('bid', out, 12)).toBe(12);
    expect(out.length).toBe(12);
    expect([...out.ticks.subarray(0, 12)]).toEqual(levels.slice(0, 12).map(([ticks]) => ticks));
    expect(book.depthInto('bid', out, 100)).toBe(20);
    expect(book.depth('bid')).toHaveLength(30);
    expect(book.depth('bid', 3)).toEqual([
      { ticks: 1_000_000, lots: 1 },
      { ticks: 999_100, lots: 2 },
      { ticks: 998_200, lots: 3 },
    ]);
    expect(book.windowStats().outside).toBeGreaterThan(0);
  });

  test('counts a version with every change', () => {
    const book = new OrderBook();
    book.setLevel('bid', 1, 1);
    book.apply({ bids: none, asks: none });
    book.clear();
    expect(book.version).toBe(3);
    expect(book.bidLevels).toBe(0);
  });

  test.each([
    ['a fractional price', 1.5, 1],
    ['a negative price', -1, 1],
    ['a price past 2^53', 2 ** 53, 1],
    ['a price that is no number', NaN, 1],
    ['a negative quantity', 1, -1],
    ['a fractional quantity', 1, 0.1],
    ['an infinite quantity', 1, Infinity],
    ['a quantity past 2^53', 1, 2 ** 53],
    ['a quantity that is no number', 1, NaN],
  ])('refuses %s and stays as it was, even for the levels before it', (_, ticks, lots) => {
    const book = new OrderBook();
    book.setLevel('bid', 50, 7);
    const event = {
      bids: levelColumns([[50, 0]]),
      asks: levelColumns([
        [60, 1],
        [ticks, lots],
      ]),
    };
    const fault = { code: 'ERR_PERF_STRUCTURES_LEVEL', side: 'ask', index: 1 };
    expect(() => book.apply(event)).toThrow(expect.objectContaining(fault));
    expect(() => book.load(event)).toThrow(expect.objectContaining(fault));
    expect(() => book.applyLevels('ask', event.asks)).toThrow(expect.objectContaining(fault));
    expect([book.bestBidLots, book.askLevels, book.version]).toEqual([7, 0, 1]);
  });

  test('takes back everything before a fault: both sides, repeated prices, and levels that moved the window', () => {
    const book = new OrderBook({ windowTicks: 4096 });
    const before = {
      bids: levelColumns([
        [500_000, 7],
        [499_999, 8],
        [3, 9],
      ]),
      asks: levelColumns([[500_001, 6]]),
    };
    book.load(before);
    const depth = () => [book.depth('bid'), book.depth('ask'), book.version, book.crossedCount];
    const kept = depth();
    const bids = levelColumns([
      [500_000, 1],
      [500_000, 0],
      [499_999, 0],
      [3, 0],
      [9_000_000, 5],
      [9_000_000, 0],
      [4, 2],
    ]);
    const asks = levelColumns([
      [500_001, 0],
      [2, 1],
      [-3, 1],
    ]);
    expect(() => book.apply({ bids, asks })).toThrow(expect.objectContaining({ side: 'ask', index: 2 }));
    expect(depth()).toEqual(kept);
  });

  test.each([3, -1, 1.5, NaN])('refuses columns that claim %s levels and have room for 2', (length) => {
    const book = new OrderBook();
    const levels = {
      ...levelColumns([
        [1, 1],
        [2, 2],
      ]),
      length,
    };
    expect(() => book.applyLevels('bid', levels)).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_LEVEL' }),
    );
    expect(book.bidLevels).toBe(0);
  });

  test('refuses an event that could pass maxLevels, whole', () => {
    const book = new OrderBook({ maxLevels: 2 });
    book.applyLevels(
      'bid',
      levelColumns([
        [1, 1],
        [2, 1],
      ]),
    );
    const full = expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_FULL', side: 'bid' });
    expect(() => book.setLevel('bid', 3, 1)).toThrow(full);
    expect(() =>
      book.load({
        bids: levelColumns([
          [1, 1],
          [2, 1],
          [3, 1],
        ]),
        asks: none,
      }),
    ).toThrow(full);
    expect(book.bidLevels).toBe(2);
    book.clear();
    book.setLevel('bid', 3, 1);
    expect(book.bidLevels).toBe(1);
  });

  test.each([
    [{ windowTicks: 1000 }, 'windowTicks'],
    [{ windowTicks: 2 ** 11 }, 'windowTicks'],
    [{ windowTicks: 2 ** 18 }, 'windowTicks'],
    [{ windowTicks: '4096' }, 'windowTicks'],
    [{ maxLevels: 0 }, 'maxLevels'],
    [{ window: 4096 }, 'window'],
  ])('refuses the options %j and names the key', (options, option) => {
    expect(() => new OrderBook(options as object)).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_OPTION', option }),
    );
  });

  test('refuses a side and a depth that do not exist', () => {
    const book = new OrderBook();
    const argument = expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_ARGUMENT' });
    expect(() => book.setLevel('buy' as Side, 1, 1)).toThrow(argument);
    expect(() => book.depth('bid', -1)).toThrow(argument);
    expect(() => book.depthInto('bid', levelColumns(1), NaN)).toThrow(argument);
  });

  test('keeps the window where it is while the best price moves inside its headroom', () => {
    for (const windowTicks of [2 ** 12, 2 ** 14]) {
      const book = new OrderBook({ windowTicks });
      book.setLevel('bid', 618_002, 1);
      const { moves } = book.windowStats();
      for (let step = 0; step < 1_000; step++) {
        book.setLevel('bid', 618_003, step % 2);
        book.setLevel('bid', 618_002, 1);
      }
      expect(book.windowStats().moves).toBe(moves);
    }
  });

  test('agrees with two Maps on any events around any price', () => {
    const event = fc.record({
      side: fc.constantFrom('bid' as const, 'ask' as const),
      levels: fc.array(fc.tuple(fc.integer({ min: -9000, max: 9000 }), fc.constantFrom(0, 0, 1, 2, 3)), {
        maxLength: 20,
      }),
    });
    const centre = fc.constantFrom(9000, 618_002, 2 ** 31, 2 ** 32, 2 ** 52, Number.MAX_SAFE_INTEGER - 9000);
    fc.assert(
      fc.property(centre, fc.array(event, { maxLength: 60 }), (at, events) => {
        const book = new OrderBook({ windowTicks: 4096 });
        const naive = new NaiveBook();
        for (const { side, levels } of events) {
          const columns = levelColumns(levels.map(([ticks, lots]) => [at + ticks, lots]));
          const whole = { bids: side === 'bid' ? columns : none, asks: side === 'ask' ? columns : none };
          book.apply(whole);
          naive.apply(whole);
          expect(bookDifference(book, naive)).toBeUndefined();
        }
      }),
      { numRuns: 150 },
    );
  });

  test('survives a fixed piece of the fuzz run', () => {
    expect(() => {
      for (let seed = 1; seed <= 40; seed++) fuzz.run(seed, 300);
    }).not.toThrow();
  });
});
