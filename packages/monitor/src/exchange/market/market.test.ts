import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { recordedMarket } from '../testing/recorded-market.ts';
import { levelsOf } from '../testing/naive-book.ts';
import { DEFAULT_SYMBOLS } from './instruments.ts';
import { Market } from './market.ts';
import type { SymbolMarket } from './symbol-market.ts';

const OPTIONS = { symbols: DEFAULT_SYMBOLS, seed: 1, startTimeMs: 1_700_000_000_000, firstUpdateId: 1 };

describe('Market', () => {
  test('gives the same bytes on every stream for the same seed, however time is sliced', () => {
    const smooth = recordedMarket({ seed: 7 });
    const jumping = recordedMarket({ seed: 7 });
    smooth.market.advanceTo(5000);
    for (const elapsedMs of [1, 2, 500, 501, 3777, 5000]) jumping.market.advanceTo(elapsedMs);
    expect([...smooth.streams.keys()]).toHaveLength(12);
    expect(jumping.streams).toEqual(smooth.streams);
  });

  test('gives these bytes on every machine and engine', () => {
    const { market, streams } = recordedMarket({ seed: 7 });
    market.advanceTo(3000);
    const hash = createHash('sha256');
    for (const [stream, texts] of streams) hash.update(`${stream}\n${texts.join('\n')}\n`);
    expect(hash.digest('hex')).toBe('7886cdcbe3d3aa6620f50c2edf99acca8315bb854ca56aa4b32b6f18cbdd9f76');
  });

  test('gives other bytes for another seed', () => {
    const one = recordedMarket({ seed: 7 });
    const other = recordedMarket({ seed: 8 });
    one.market.advanceTo(1000);
    other.market.advanceTo(1000);
    for (const [stream, texts] of one.streams) expect(other.streams.get(stream)).not.toEqual(texts);
  });

  test.each([200, 2000, 20_000])('sends the asked %i messages per second within 2 %%', (ratePerSecond) => {
    let messages = 0;
    let tickers = 0;
    let trades = 0;
    const market = new Market(
      { ...OPTIONS, ratePerSecond },
      {
        depth: (_symbol, batch) => {
          if (batch.intervalMs === 100) messages++;
        },
        bookTicker: () => {
          messages++;
          tickers++;
        },
        aggTrade: () => {
          messages++;
          trades++;
        },
      },
    );
    const seconds = ratePerSecond < 1000 ? 120 : 20;
    market.advanceTo(seconds * 1000);
    expect(Math.abs(messages / (seconds * ratePerSecond) - 1)).toBeLessThan(0.02);
    expect(tickers / (tickers + trades)).toBeCloseTo(0.7, 1);
  });

  test('never crosses, keeps 500 to 1,000 levels a side, has a spread of one tick most of the time and trades inside the book', () => {
    const spreads = new Map<string, { one: number; all: number }>();
    const lastBest = new Map<string, [bid: number, ask: number]>();
    let outside = 0;
    let unchanged = 0;
    const previous = new Map<string, string>();
    const market = new Market(
      { ...OPTIONS, ratePerSecond: 4000 },
      {
        depth: () => {},
        bookTicker: (symbol) => {
          const { bids, asks } = symbol.book;
          const name = symbol.instrument.symbol;
          const count = spreads.get(name) ?? { one: 0, all: 0 };
          const spread = asks.ticksAt(0) - bids.ticksAt(0);
          if (spread < 1) throw new Error('crossed');
          if (spread === 1) count.one++;
          count.all++;
          spreads.set(name, count);
          lastBest.set(name, [bids.ticksAt(0), asks.ticksAt(0)]);
          const top = bestOf(symbol);
          if (previous.get(name) === top) unchanged++;
          previous.set(name, top);
        },
        aggTrade: (symbol, trade) => {
          const best = lastBest.get(symbol.instrument.symbol);
          if (best === undefined) return;
          // A sweep goes past the best it started from, to the worse side only.
          if (trade.buyerIsMaker ? trade.ticks > best[0] : trade.ticks < best[1]) outside++;
          if (trade.lots < 1 || trade.lastTradeId < trade.firstTradeId) outside++;
        },
      },
    );
    for (let second = 1; second <= 60; second++) {
      market.advanceTo(second * 1000);
      for (const { book } of market.symbols) {
        for (const side of [book.bids, book.asks]) {
          expect(side.length).toBeGreaterThan(500);
          expect(side.length).toBeLessThanOrEqual(1000);
        }
      }
    }
    expect({ outside, unchanged }).toEqual({ outside: 0, unchanged: 0 });
    for (const { one, all } of spreads.values()) expect(one / all).toBeGreaterThan(0.8);
  });

  test('moves its price, but not away', () => {
    const market = new Market({ ...OPTIONS, ratePerSecond: 2000 }, silent);
    const seen = new Set<number>();
    for (let second = 1; second <= 120; second++) {
      market.advanceTo(second * 1000);
      seen.add(market.symbols[0].book.bids.ticksAt(0));
    }
    expect(seen.size).toBeGreaterThan(30);
    for (const { book, instrument } of market.symbols) {
      expect(Math.abs(book.bids.ticksAt(0) / instrument.startTicks - 1)).toBeLessThan(0.05);
    }
  });

  test('has trades in clusters: more variable per 100 ms than independent ones', () => {
    const counts = new Array<number>(1200).fill(0);
    const market = new Market(
      { ...OPTIONS, symbols: ['BTCUSDT'], ratePerSecond: 500 },
      { ...silent, aggTrade: (symbol) => counts[Math.floor(symbol.book.nowUs / 100_000)]++ },
    );
    market.advanceTo(120_000 - 1);
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
    expect(variance / mean).toBeGreaterThan(2);
  });

  test('changes levels far from the best price as well, sometimes very many at once', () => {
    let deepest = 0;
    let most = 0;
    const market = new Market(
      { ...OPTIONS, symbols: ['BTCUSDT'], ratePerSecond: 500 },
      {
        ...silent,
        depth: (symbol, batch) => {
          if (batch.intervalMs !== 100) return;
          const keys = symbol.book.changedKeys(batch);
          most = Math.max(most, keys.length);
          for (const key of keys) deepest = Math.max(deepest, Math.abs(Math.abs(key) - symbol.book.bids.ticksAt(0)));
        },
      },
    );
    market.advanceTo(60_000);
    expect(deepest).toBeGreaterThan(10_000);
    expect(most).toBeGreaterThan(100);
  });

  test('fills books that are dense at the top, thin out, and hold more at round prices', () => {
    const [btc] = new Market({ ...OPTIONS, ratePerSecond: 2000 }, silent).symbols;
    const ticks = levelsOf(btc.book.bids).map((level) => Number(level.split(':')[0]));
    const near = ticks[0] - ticks[100];
    const far = ticks[600] - ticks[700];
    expect(far).toBeGreaterThan(near);
    const lots = levelsOf(btc.book.bids).map((level) => level.split(':').map(Number));
    const meanWhere = (wanted: (ticks: number) => boolean): number => {
      const found = lots.filter(([at]) => wanted(at));
      return found.reduce((sum, [, size]) => sum + size, 0) / found.length;
    };
    expect(meanWhere((at) => at % 10 === 0)).toBeGreaterThan(meanWhere((at) => at % 10 !== 0));
  });

  test('runs on made-up instruments of any shape', () => {
    const symbols = Array.from({ length: 60 }, (_, index) => `COIN${index}USDT`);
    const market = new Market({ ...OPTIONS, symbols, ratePerSecond: 6000 }, silent);
    market.advanceTo(3000);
    for (const { book } of market.symbols) expect(book.bids.length).toBeGreaterThan(400);
  });
});

const silent = { depth: () => {}, bookTicker: () => {}, aggTrade: () => {} };

function bestOf({ book }: SymbolMarket): string {
  return [book.bids.ticksAt(0), book.bids.lotsAt(0), book.asks.ticksAt(0), book.asks.lotsAt(0)].join();
}
