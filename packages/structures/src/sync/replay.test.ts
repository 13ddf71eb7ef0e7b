import { describe, expect, test } from 'vitest';
import { levelColumns } from '../book/levels.ts';
import { OrderBook } from '../book/order-book.ts';
import { corpusFile } from '../testing/corpora.ts';
import { bookDifference, NaiveBook, topDifference } from '../testing/naive-book.ts';
import { integerIn, seededRandom } from '../testing/random.ts';
import { FEED, keyOf, readUsdmFeed } from '../testing/usdm-feed.ts';
import type { UsdmFeed } from '../testing/usdm-feed.ts';
import { BookSync } from './book-sync.ts';
import type { UpdateResult } from './contract.ts';
import type { DepthUpdate } from './depth.ts';

const file = corpusFile(FEED);
const ABSENT: UsdmFeed = {
  updates: [],
  beforeSnapshot: 0,
  snapshot: { symbol: '', lastId: 0, bids: levelColumns(0), asks: levelColumns(0) },
  tickers: [],
  trades: [],
};

describe.skipIf(file === undefined)('the recorded USD-M feed', { timeout: 60_000 }, () => {
  // The body runs even when the suite is skipped.
  const feed = file === undefined ? ABSENT : readUsdmFeed(file);

  /** Plays the feed; `change` may replace the list of updates. Collects what `update` said, per position. */
  function replay(book: OrderBook, onApply?: (update: DepthUpdate) => void, updates = feed.updates) {
    const results: UpdateResult[] = [];
    const sync = new BookSync({ venue: 'binance-usdm', book, onApply });
    for (const update of updates.slice(0, feed.beforeSnapshot)) results.push(sync.update(update));
    expect(sync.snapshot(feed.snapshot)).toBe('applied');
    for (const update of updates.slice(feed.beforeSnapshot)) results.push(sync.update(update));
    return { sync, results };
  }

  test.each([2 ** 12, 2 ** 13, 2 ** 14, 2 ** 17])(
    'ends in the known book and equals every book ticker with a window of %i ticks',
    (windowTicks) => {
      const book = new OrderBook({ windowTicks });
      const key = keyOf(feed);
      let next = 0;
      let equal = 0;
      const { sync } = replay(book, () => {
        const { bidTicks, bidLots, askTicks, askLots } = key[next++];
        if (
          book.bestBidTicks === bidTicks &&
          book.bestBidLots === bidLots &&
          book.bestAskTicks === askTicks &&
          book.bestAskLots === askLots
        ) {
          equal++;
        }
      });
      expect(equal).toBe(6547);
      expect(sync.stats).toEqual({
        applied: 6547,
        buffered: feed.beforeSnapshot,
        dropped: 4,
        gaps: 0,
        overflows: 0,
        snapshots: 1,
        staleSnapshots: 0,
        resets: 0,
        rejected: 0,
        levelUpdates: 443_262,
      });
      expect([book.bidLevels, book.askLevels, book.crossedCount]).toEqual([5018, 4578, 0]);
    },
  );

  test.each([2 ** 12, 2 ** 14])('equals two Maps after every event of the first thousand, window %i', (windowTicks) => {
    const book = new OrderBook({ windowTicks });
    const naive = new NaiveBook();
    naive.load(feed.snapshot);
    let event = 0;
    const { sync } = replay(
      book,
      (update) => {
        naive.apply(update);
        // The whole book is compared every 50th time: sorting it costs a thousand times the update.
        const difference = event++ % 50 === 0 ? bookDifference(book, naive) : topDifference(book, naive);
        expect(difference).toBeUndefined();
      },
      feed.updates.slice(0, 1_000),
    );
    expect(sync.stats.applied).toBe(996);
    expect(bookDifference(book, naive)).toBeUndefined();
  });

  test('keeps the whole feed in the overflow too: both windows pushed aside by a far price', () => {
    const book = new OrderBook({ windowTicks: 4096 });
    const naive = new NaiveBook();
    naive.load(feed.snapshot);
    let event = 0;
    const far = { ticks: Float64Array.of(5_000_000), lots: Float64Array.of(1), length: 1 };
    const gone = { ...far, lots: Float64Array.of(0) };
    replay(
      book,
      (update) => {
        naive.apply(update);
        // A bid far above everything takes the window with it, its delete brings the window back.
        if (event++ % 40 === 0) {
          book.applyLevels('bid', far);
          expect(book.bestBidTicks).toBe(5_000_000);
          book.applyLevels('bid', gone);
          expect(bookDifference(book, naive)).toBeUndefined();
        }
      },
      feed.updates.slice(0, 600),
    );
  });

  describe('damaged at one place after the snapshot', () => {
    const random = seededRandom(20240808);
    const first = feed.beforeSnapshot + 1;
    const places = Array.from({ length: 60 }, () => integerIn(random, first, feed.updates.length - 3));

    /** Plays a damaged list against ids alone: the levels do not matter here. */
    function resultsOf(updates: readonly DepthUpdate[]) {
      const sync = new BookSync({ venue: 'binance-usdm', book: { apply: () => {}, load: () => {} } });
      const results = updates.slice(0, feed.beforeSnapshot).map((update) => sync.update(update));
      sync.snapshot(feed.snapshot);
      for (const update of updates.slice(feed.beforeSnapshot)) results.push(sync.update(update));
      return { results, sync };
    }

    test('notices a dropped event at the next one', () => {
      for (const at of places) {
        const { results, sync } = resultsOf(feed.updates.slice(0, at + 3).toSpliced(at, 1));
        expect([results.indexOf('gap'), sync.stats.gaps, sync.trusted]).toEqual([at, 1, false]);
      }
    });

    test('says stale to a repeated event and loses nothing', () => {
      for (const at of places) {
        const { results, sync } = resultsOf(feed.updates.toSpliced(at, 0, feed.updates[at]));
        expect([results[at + 1], results.includes('gap'), sync.stats.applied]).toEqual(['stale', false, 6547]);
      }
    });

    test('notices two swapped events at the first of them', () => {
      for (const at of places) {
        const { results } = resultsOf(
          feed.updates.slice(0, at + 3).toSpliced(at, 2, feed.updates[at + 1], feed.updates[at]),
        );
        expect(results.indexOf('gap')).toBe(at);
      }
    });

    test.each(['lastId', 'previousId'] as const)('notices an altered %s at the event or the next one', (key) => {
      for (const at of places) {
        const update = feed.updates[at];
        for (const by of [-1, 1, 1_000_000]) {
          const altered = { ...update, [key]: update[key] + by };
          if (altered.firstId > altered.lastId || altered.firstId <= altered.previousId) continue;
          const { results } = resultsOf(feed.updates.slice(0, at + 3).toSpliced(at, 1, altered));
          expect(results.indexOf('gap')).toBe(key === 'previousId' ? at : at + 1);
        }
      }
    });

    test('recovers with a snapshot of the right moment and ends in the same book', () => {
      const at = 3_000;
      const book = new OrderBook();
      const whole = new OrderBook();
      const sync = new BookSync({ venue: 'binance-usdm', book });
      for (const update of feed.updates.slice(0, feed.beforeSnapshot)) sync.update(update);
      sync.snapshot(feed.snapshot);
      whole.load(feed.snapshot);
      for (const [index, update] of feed.updates.entries()) {
        if (update.lastId >= feed.snapshot.lastId) whole.apply(update);
        if (index < feed.beforeSnapshot || index === at) continue;
        sync.update(update);
        if (index !== at + 50) continue;
        expect(sync.state).toBe('stale');
        const columns = (side: 'bid' | 'ask') => {
          const length = side === 'bid' ? whole.bidLevels : whole.askLevels;
          const out = { ticks: new Float64Array(length), lots: new Float64Array(length), length };
          whole.depthInto(side, out, length);
          return out;
        };
        sync.snapshot({ symbol: 'BTCUSDT', lastId: update.lastId, bids: columns('bid'), asks: columns('ask') });
      }
      expect([sync.state, sync.stats.gaps]).toEqual(['live', 1]);
      expect(book.depth('bid')).toEqual(whole.depth('bid'));
      expect(book.depth('ask')).toEqual(whole.depth('ask'));
    });
  });
});
