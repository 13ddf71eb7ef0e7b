import { describe, expect, test } from 'vitest';
import { recordedMarket } from '../testing/recorded-market.ts';

const recorded = recordedMarket({ symbols: ['BTCUSDT'], ratePerSecond: 500 });
recorded.market.advanceTo(1000);
const { messages, streams } = recorded;

function first(stream: string): string {
  return streams.get(`BTCUSDT@${stream}`)?.[0] ?? '';
}

// Field order and number formats of a recorded feed: a client that scans instead of parsing sees no difference.
describe('SymbolMessages', () => {
  test('writes bookTicker as the venue does', () => {
    expect(first('bookTicker')).toMatch(
      /^\{"e":"bookTicker","u":\d+,"s":"BTCUSDT","b":"\d+\.\d0","B":"\d+\.\d{3}","a":"\d+\.\d0","A":"\d+\.\d{3}","T":\d{13},"E":\d{13}\}$/,
    );
  });

  test('writes aggTrade as the venue does', () => {
    expect(first('aggTrade')).toMatch(
      /^\{"e":"aggTrade","E":\d{13},"s":"BTCUSDT","a":\d+,"p":"\d+\.\d0","q":"\d+\.\d{3}","f":\d+,"l":\d+,"T":\d{13},"m":(?:true|false)\}$/,
    );
  });

  test('writes depthUpdate as the venue does', () => {
    expect(first('depth@100')).toMatch(
      /^\{"e":"depthUpdate","E":\d{13},"T":\d{13},"s":"BTCUSDT","U":\d+,"u":\d+,"pu":\d+,"b":\[(?:\["\d+\.\d0","\d+\.\d{3}"\],?)*\],"a":\[(?:\["\d+\.\d0","\d+\.\d{3}"\],?)*\]\}$/,
    );
  });

  test('has both sides of a depth event by ascending price, each price once', () => {
    for (const text of streams.get('BTCUSDT@depth@100') ?? []) {
      const update = JSON.parse(text) as Record<'a' | 'b', [string, string][]>;
      for (const side of [update.b, update.a]) {
        const prices = side.map(([price]) => Number(price));
        expect(prices).toEqual([...new Set(prices)].sort((a, b) => a - b));
      }
    }
  });

  test('continues trade ids without a hole and never goes back in time', () => {
    const trades = (streams.get('BTCUSDT@aggTrade') ?? []).map((text) => JSON.parse(text) as Record<string, number>);
    expect(trades.length).toBeGreaterThan(50);
    for (let index = 1; index < trades.length; index++) {
      expect(trades[index].a).toBe(trades[index - 1].a + 1);
      expect(trades[index].f).toBe(trades[index - 1].l + 1);
      expect(trades[index].T).toBeGreaterThanOrEqual(trades[index - 1].T);
    }
  });

  test('writes a snapshot best first, cut to its limit', () => {
    const text = messages[0].depthSnapshot(recorded.market.symbols[0], 5);
    expect(text).toMatch(/^\{"lastUpdateId":\d+,"E":\d{13},"T":\d{13},"bids":\[\["/);
    const { bids, asks } = JSON.parse(text) as Record<'bids' | 'asks', [string, string][]>;
    expect([bids.length, asks.length]).toEqual([5, 5]);
    expect(Number(bids[0][0])).toBeGreaterThan(Number(bids[4][0]));
    expect(Number(asks[0][0])).toBeLessThan(Number(asks[4][0]));
    expect(Number(bids[0][0])).toBeLessThan(Number(asks[0][0]));
  });
});
