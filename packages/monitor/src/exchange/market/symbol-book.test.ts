import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NaiveBook } from '../testing/naive-book.ts';
import { DEPTH_STREAMS, recordedMarket } from '../testing/recorded-market.ts';
import { instrument } from './instruments.ts';
import { type DepthBatch, SymbolBook } from './symbol-book.ts';

function filledBook(): SymbolBook {
  const book = new SymbolBook(instrument('BTCUSDT'), 100, 0);
  for (let ticks = 1; ticks <= 5; ticks++) {
    book.set(book.bids, ticks, 10);
    book.set(book.asks, 10 - ticks + 1, 10);
  }
  book.open(0);
  return book;
}

describe('SymbolBook', () => {
  test('gives every level change one update id', () => {
    const book = filledBook();
    expect(book.updateId).toBe(109);
    book.set(book.bids, 3, 0);
    book.set(book.bids, 3, 0);
    expect(book.updateId).toBe(111);
  });

  test('closes a batch with the first change after its time, while the book is as the batch leaves it', () => {
    const book = filledBook();
    const closed: { ids: number[]; keys: number[]; lots: number }[] = [];
    book.onDepth = (at, batch) => {
      if (batch.intervalMs !== 50) return;
      const ids = [batch.firstId, at.updateId, batch.previousId];
      closed.push({ ids, keys: [...at.changedKeys(batch)], lots: at.bids.lotsOf(5) });
    };
    book.nowUs = 10_000;
    book.set(book.bids, 5, 20);
    book.set(book.asks, 6, 7);
    book.set(book.bids, 5, 21);
    book.nowUs = 49_999;
    book.set(book.bids, 1, 0);
    expect(closed).toEqual([]);
    book.nowUs = 50_000;
    book.set(book.bids, 5, 99);
    expect(closed).toEqual([{ ids: [110, 113, 109], keys: [-6, 1, 5], lots: 21 }]);
  });

  test('stays on its grid when nothing happened for several intervals, and sends no empty batch', () => {
    const book = filledBook();
    const times: number[] = [];
    book.onDepth = (at, batch) => {
      if (batch.intervalMs === 100) times.push(at.nowUs);
    };
    for (const nowUs of [20_000, 730_000, 790_000, 801_000]) {
      book.nowUs = nowUs;
      book.set(book.bids, 5, nowUs);
    }
    expect(times).toEqual([730_000, 801_000]);
  });

  test('flushes open batches once, and goes on with the next id', () => {
    const book = filledBook();
    const seen: [intervalMs: number, firstId: number, lastId: number][] = [];
    book.onDepth = (at: SymbolBook, batch: DepthBatch) => seen.push([batch.intervalMs, batch.firstId, at.updateId]);
    book.set(book.bids, 5, 11);
    book.flush();
    book.flush();
    book.set(book.bids, 5, 12);
    book.flush();
    expect(seen).toEqual([
      ...[50, 100, 250, 500].map((intervalMs) => [intervalMs, 110, 110]),
      ...[50, 100, 250, 500].map((intervalMs) => [intervalMs, 111, 111]),
    ]);
  });

  test('keeps any client of any interval in sync that follows the published procedure, wherever it joins', () => {
    const joins = fc.record({
      seed: fc.nat(),
      ratePerSecond: fc.integer({ min: 40, max: 8000 }),
      stream: fc.constantFrom(...DEPTH_STREAMS),
      joinMs: fc.integer({ min: 0, max: 800 }),
      snapshotAfterMs: fc.integer({ min: 0, max: 700 }),
      runMs: fc.integer({ min: 0, max: 1200 }),
    });
    fc.assert(
      fc.property(joins, ({ seed, ratePerSecond, stream, joinMs, snapshotAfterMs, runMs }) => {
        const recorded = recordedMarket({ seed, ratePerSecond });
        const { market, messages } = recorded;
        const [btc] = market.symbols;
        const client = new NaiveBook();
        market.advanceTo(joinMs);
        recorded.onMessage = (name, text) => {
          if (name === `BTCUSDT@${stream}`) client.event(JSON.parse(text) as Parameters<NaiveBook['event']>[0]);
        };
        market.advanceTo(joinMs + snapshotAfterMs);
        client.snapshot(JSON.parse(messages[0].depthSnapshot(btc, 1000)) as Parameters<NaiveBook['snapshot']>[0]);
        market.advanceTo(joinMs + snapshotAfterMs + runMs);
        market.flush();
        const truth = JSON.parse(messages[0].depthSnapshot(btc, 1000)) as Record<string, unknown>;
        expect(client.lastId).toBe(truth.lastUpdateId);
        expect(client.sorted()).toEqual({ bids: truth.bids, asks: truth.asks });
      }),
      { numRuns: 60 },
    );
  });

  test('agrees with the ticker: after a depth event, the last ticker up to its u has the best bid and ask', () => {
    const recorded = recordedMarket({ ratePerSecond: 3000 });
    const { market, messages } = recorded;
    const client = new NaiveBook();
    client.snapshot(
      JSON.parse(messages[0].depthSnapshot(market.symbols[0], 1000)) as Parameters<NaiveBook['snapshot']>[0],
    );
    let ticker: string[] | undefined;
    let checks = 0;
    recorded.onMessage = (name, text) => {
      if (name === 'BTCUSDT@bookTicker') {
        const { u, b, B, a, A } = JSON.parse(text) as Record<string, string>;
        expect(Number(u)).toBe(market.symbols[0].book.updateId);
        ticker = [b, B, a, A];
      } else if (name === 'BTCUSDT@depth@100') {
        client.event(JSON.parse(text) as Parameters<NaiveBook['event']>[0]);
        if (ticker === undefined) return;
        expect(client.top()).toEqual(ticker);
        checks++;
      }
    };
    market.advanceTo(5000);
    expect(checks).toBeGreaterThan(45);
  });
});
