import { describe, expect, test } from 'vitest';
import { levelColumns } from '../book/levels.ts';
import { OrderBook } from '../book/order-book.ts';
import { BookSync } from './book-sync.ts';
import type { BookSyncOptions } from './contract.ts';
import type { DepthSnapshot, DepthUpdate } from './depth.ts';

/** Update `firstId..lastId` that continues `previousId`; its bid price is its last id, so that a book shows what it took. */
function update(firstId: number, lastId: number, previousId: number): DepthUpdate {
  return {
    symbol: 'BTCUSDT',
    firstId,
    lastId,
    previousId,
    eventTimeMs: 0,
    bids: levelColumns([[lastId, 1]]),
    asks: levelColumns(0),
  };
}

function snapshot(lastId: number): DepthSnapshot {
  return { symbol: 'BTCUSDT', lastId, bids: levelColumns([[1, 1]]), asks: levelColumns([[9_999, 1]]) };
}

function synced(options: Partial<BookSyncOptions<OrderBook>> = {}) {
  const book = new OrderBook({ windowTicks: 4096 });
  const seen: number[] = [];
  const sync = new BookSync({
    venue: 'binance-usdm',
    book,
    onApply: (applied) => void seen.push(applied.lastId),
    ...options,
  });
  return { book, sync, seen };
}

const sequenceFault = expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_SEQUENCE' });

describe('BookSync for binance-usdm', () => {
  test('buffers until the snapshot, drops what the snapshot has, and applies the rest in order', () => {
    const { book, sync, seen } = synced();
    expect([sync.state, sync.needsSnapshot]).toEqual(['empty', true]);
    expect(sync.update(update(10, 12, 9))).toBe('buffered');
    expect([sync.state, sync.bufferedUpdates]).toEqual(['buffering', 1]);
    sync.update(update(15, 20, 12));
    sync.update(update(21, 25, 20));
    expect([seen, book.version, sync.trusted]).toEqual([[], 0, false]);
    expect(sync.snapshot(snapshot(18))).toBe('applied');
    expect([seen, sync.state, sync.trusted, sync.needsSnapshot]).toEqual([[20, 25], 'live', true, false]);
    expect(sync.update(update(30, 31, 25))).toBe('applied');
    expect([book.bestBidTicks, book.bidLevels, sync.lastId]).toEqual([31, 4, 31]);
    expect(sync.stats).toMatchObject({ applied: 3, buffered: 3, dropped: 1, levelUpdates: 3, snapshots: 1, gaps: 0 });
  });

  test('keeps copies: the producer may reuse its columns', () => {
    const { book, sync } = synced();
    const reused = update(10, 12, 9);
    sync.update(reused);
    reused.bids.ticks[0] = 77;
    reused.lastId = 99;
    sync.snapshot(snapshot(11));
    expect([book.bestBidTicks, sync.lastId]).toEqual([12, 12]);
  });

  test.each([
    ['contains the snapshot', update(95, 105, 90), 'applied'],
    ['ends at the snapshot', update(95, 100, 90), 'applied'],
    ['begins at the snapshot', update(100, 105, 99), 'applied'],
    ['continues the snapshot', update(103, 105, 100), 'applied'],
    ['is the next of a quiet symbol whose snapshot stands between two updates', update(103, 105, 98), 'applied'],
    ['is older than the snapshot', update(90, 99, 85), 'stale'],
    ['leaves a hole after the snapshot', update(103, 105, 101), 'gap'],
  ] as const)('takes a first update after the snapshot that %s as it should', (_, first, result) => {
    const { sync } = synced();
    sync.snapshot(snapshot(100));
    expect(sync.update(first)).toBe(result);
    expect(sync.trusted).toBe(result !== 'gap');
  });

  test('goes stale at a gap, names it, keeps the update for the next snapshot, and recovers', () => {
    const { book, sync, seen } = synced();
    sync.snapshot(snapshot(100));
    sync.update(update(101, 110, 100));
    expect(sync.update(update(121, 130, 120))).toBe('gap');
    expect([sync.state, sync.trusted, sync.needsSnapshot, sync.bufferedUpdates]).toEqual(['stale', false, true, 1]);
    expect(sync.lastGap).toEqual({ expected: 110, got: 120, reason: 'sequence' });
    expect(sync.update(update(131, 140, 130))).toBe('buffered');
    expect(sync.snapshot(snapshot(115))).toBe('stale');
    expect([sync.state, book.bestBidTicks]).toEqual(['stale', 110]);
    expect(sync.snapshot(snapshot(125))).toBe('applied');
    expect([sync.state, seen, book.bidLevels]).toEqual(['live', [110, 130, 140], 3]);
    expect(sync.stats).toMatchObject({ gaps: 1, snapshots: 2, staleSnapshots: 1 });
  });

  test('says stale to a repeated and to an earlier update, and changes nothing', () => {
    const { book, sync } = synced();
    sync.snapshot(snapshot(100));
    sync.update(update(101, 110, 100));
    sync.update(update(111, 120, 110));
    const { version } = book;
    expect([sync.update(update(111, 120, 110)), sync.update(update(101, 110, 100))]).toEqual(['stale', 'stale']);
    expect([book.version, sync.stats.dropped, sync.state]).toEqual([version, 2, 'live']);
  });

  test('finds a gap in the buffer and starts it anew there', () => {
    const { sync } = synced();
    sync.update(update(10, 12, 9));
    expect(sync.update(update(16, 20, 15))).toBe('gap');
    expect(sync.update(update(16, 20, 15))).toBe('stale');
    expect(sync.bufferedUpdates).toBe(1);
    expect(sync.snapshot(snapshot(13))).toBe('stale');
    expect(sync.snapshot(snapshot(17))).toBe('applied');
    expect(sync.lastId).toBe(20);
  });

  test('is live with an empty buffer when the snapshot is newer than everything buffered', () => {
    const { sync, seen } = synced();
    sync.update(update(10, 12, 9));
    expect(sync.snapshot(snapshot(50))).toBe('applied');
    expect([sync.state, sync.bufferedUpdates, seen, sync.stats.dropped]).toEqual(['live', 0, [], 1]);
    expect(sync.update(update(13, 40, 12))).toBe('stale');
    expect(sync.update(update(41, 60, 40))).toBe('applied');
  });

  test('restarts a full buffer, says gap, and never loses an update silently', () => {
    const { sync, seen } = synced({ maxBufferedUpdates: 2 });
    expect([update(1, 1, 0), update(2, 2, 1), update(3, 3, 2)].map((next) => sync.update(next))).toEqual([
      'buffered',
      'buffered',
      'gap',
    ]);
    expect(sync.lastGap).toEqual({ expected: 2, got: 2, reason: 'overflow' });
    expect([sync.stats.overflows, sync.stats.gaps, sync.bufferedUpdates]).toEqual([1, 0, 1]);
    expect(sync.snapshot(snapshot(1))).toBe('stale');
    expect(sync.snapshot(snapshot(2))).toBe('applied');
    expect(seen).toEqual([3]);
  });

  test('restarts the buffer at its limit of levels, and leaves out an update that is larger than that', () => {
    const { sync } = synced({ maxBufferedLevels: 2 });
    sync.update(update(1, 1, 0));
    sync.update(update(2, 2, 1));
    expect(sync.update(update(3, 3, 2))).toBe('gap');
    const large = {
      ...update(4, 4, 3),
      bids: levelColumns([
        [1, 1],
        [2, 1],
        [3, 1],
      ]),
    };
    expect(sync.update(large)).toBe('gap');
    expect(sync.bufferedUpdates).toBe(0);
    expect(sync.update(update(5, 5, 4))).toBe('buffered');
    expect(sync.snapshot(snapshot(3))).toBe('stale');
  });

  test('takes a newer snapshot while live and refuses an older one', () => {
    const { book, sync } = synced();
    sync.snapshot(snapshot(100));
    sync.update(update(101, 110, 100));
    expect(sync.snapshot(snapshot(105))).toBe('stale');
    expect(book.bestBidTicks).toBe(110);
    expect(sync.snapshot(snapshot(115))).toBe('applied');
    expect([book.bestBidTicks, sync.update(update(112, 120, 110))]).toEqual([1, 'applied']);
  });

  test('stops vouching for the book at a reset and keeps its levels readable', () => {
    const { book, sync } = synced();
    sync.reset();
    expect(sync.state).toBe('empty');
    sync.snapshot(snapshot(100));
    sync.reset('connection lost');
    expect([sync.state, sync.trusted, sync.lastReset, book.bidLevels]).toEqual(['stale', false, 'connection lost', 1]);
    expect(sync.update(update(201, 210, 200))).toBe('buffered');
    expect(sync.snapshot(snapshot(205))).toBe('applied');
    expect(sync.stats.resets).toBe(2);
  });

  test.each([
    ['a first id above the last', update(20, 10, 9)],
    ['a first id that is not above the previous one', update(10, 12, 10)],
    ['no previous id', update(10, 12, NaN)],
    ['a fractional id', update(10.5, 12, 9)],
    ['an id past 2^53', update(10, 2 ** 53, 9)],
    ['a negative id', update(10, 12, -1)],
  ])('refuses an update with %s, and the book is stale because something is lost', (_, illegal) => {
    const { book, sync } = synced();
    sync.snapshot(snapshot(9));
    expect(() => sync.update(illegal)).toThrow(sequenceFault);
    expect([sync.state, book.version, sync.stats.rejected]).toEqual(['stale', 1, 1]);
  });

  test('refuses a snapshot without an id', () => {
    const { sync, book } = synced();
    expect(() => sync.snapshot(snapshot(NaN))).toThrow(sequenceFault);
    expect([sync.state, book.version]).toEqual(['empty', 0]);
  });

  test('passes on what the book refuses, leaves it as it was and needs a snapshot', () => {
    const { book, sync } = synced();
    const bad = { bids: levelColumns([[5, 1]]), asks: levelColumns([[0.5, 1]]) };
    const levelFault = expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_LEVEL' });
    expect(() => sync.update({ ...update(9, 10, 8), ...bad })).toThrow(levelFault);
    expect(sync.bufferedUpdates).toBe(0);
    expect(() => sync.snapshot({ ...snapshot(10), ...bad })).toThrow(levelFault);
    expect([sync.state, sync.needsSnapshot]).toEqual(['empty', true]);
    sync.snapshot(snapshot(10));
    expect(() => sync.update({ ...update(11, 12, 10), ...bad })).toThrow(levelFault);
    expect([sync.state, book.bestBidTicks, sync.stats.rejected]).toEqual(['stale', 1, 3]);
    expect(sync.update(update(13, 14, 12))).toBe('buffered');
    expect(sync.snapshot(snapshot(13))).toBe('applied');
  });

  test('goes stale when the book refuses an update in the middle of a replay', () => {
    const book = new OrderBook({ maxLevels: 3 });
    const sync = new BookSync({ venue: 'binance-usdm', book });
    for (let id = 11; id < 15; id++) sync.update(update(id, id, id - 1));
    expect(() => sync.snapshot(snapshot(10))).toThrow(expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_FULL' }));
    expect([sync.state, sync.lastId, sync.bufferedUpdates]).toEqual(['stale', 12, 0]);
  });

  test('refuses the messages of another symbol and goes on with its own', () => {
    const { sync } = synced();
    sync.snapshot(snapshot(10));
    const symbolFault = expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_SYMBOL' });
    expect(() => sync.update({ ...update(11, 12, 10), symbol: 'ETHUSDT' })).toThrow(symbolFault);
    expect(() => sync.snapshot({ ...snapshot(20), symbol: 'ETHUSDT' })).toThrow(symbolFault);
    expect([sync.update(update(11, 12, 10)), sync.symbol]).toEqual(['applied', 'BTCUSDT']);
    expect(() => synced({ symbol: 'ETHUSDT' }).sync.snapshot(snapshot(1))).toThrow(symbolFault);
  });

  test('refuses to be fed from onApply, but may be reset there', () => {
    const book = new OrderBook();
    const faults: unknown[] = [];
    const sync: BookSync<OrderBook> = new BookSync({
      venue: 'binance-usdm',
      book,
      onApply: ({ lastId }) => {
        try {
          sync.update(update(50, 51, 49));
        } catch (error) {
          faults.push(error);
        }
        if (lastId === 12) sync.reset('seen enough');
      },
    });
    for (let id = 11; id < 15; id++) sync.update(update(id, id, id - 1));
    sync.snapshot(snapshot(10));
    expect(faults).toEqual(Array(2).fill(expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_REENTRANT' })));
    expect([sync.state, sync.lastId, sync.bufferedUpdates]).toEqual(['stale', 12, 0]);
  });

  test('replays everything even when onApply throws, and passes the first error on', () => {
    const { book, sync } = synced({
      onApply: ({ lastId }) => {
        throw new Error(`at ${lastId}`);
      },
    });
    for (let id = 11; id < 14; id++) sync.update(update(id, id, id - 1));
    expect(() => sync.snapshot(snapshot(10))).toThrow('at 11');
    expect([sync.state, sync.lastId, book.bestBidTicks]).toEqual(['live', 13, 13]);
  });

  test('works with any book that has apply and load', () => {
    const calls: string[] = [];
    const book = { apply: () => void calls.push('apply'), load: () => void calls.push('load') };
    const sync = new BookSync({ venue: 'binance-usdm', book });
    sync.snapshot(snapshot(10));
    sync.update(update(11, 12, 10));
    expect(calls).toEqual(['load', 'apply']);
  });

  test.each([
    [{}, 'book'],
    [{ book: new OrderBook() }, 'venue'],
    [{ book: {} }, 'book'],
    [{ book: new OrderBook(), venue: 'binance-usdm', maxBufferedUpdates: 0 }, 'maxBufferedUpdates'],
    [{ book: new OrderBook(), venue: 'binance-usdm', symbol: '' }, 'symbol'],
    [{ book: new OrderBook(), venue: 'binance-usdm', onGap: () => {} }, 'onGap'],
  ])('refuses incomplete and unknown options, case %#', (options, option) => {
    expect(() => new BookSync(options as never)).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_OPTION', option }),
    );
  });

  test('has no rules for a venue that it does not know yet', () => {
    expect(() => new BookSync({ venue: 'kraken', book: new OrderBook() })).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_VENUE' }),
    );
  });
});
