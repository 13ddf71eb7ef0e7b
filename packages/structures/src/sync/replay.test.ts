import { describe, expect, test } from 'vitest';
import { OrderBook } from '../book/order-book.ts';
import { corpusFile } from '../testing/corpora.ts';
import { FEED, readUsdmFeed } from '../testing/usdm-feed.ts';
import { BookSync } from './book-sync.ts';
import type { UpdateResult } from './book-sync.ts';
import type { DepthUpdate } from './depth.ts';

const file = corpusFile(FEED);

describe.skipIf(file === undefined)('the recorded USD-M feed', () => {
  const feed = readUsdmFeed(file!);

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
      let next = 0;
      let equal = 0;
      const { sync } = replay(book, (update) => {
        // The key of an event is the last ticker that is not newer; tickers are in order of their ids.
        while (next < feed.tickers.length && feed.tickers[next].updateId <= update.lastId) next++;
        const { bidTicks, bidLots, askTicks, askLots } = feed.tickers[next - 1];
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
});
