// The recorded Binance USD-M feed (corpora: feeds/btcusdt_20240808.gz) as depth events, its snapshot and the exchange's
// own best prices. A plain reader: JSON.parse per line, decimals through the shared reader.

import { scaledFromText } from '@perf/internal';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { LevelColumns } from '../book/levels.ts';
import type { DepthSnapshot, DepthUpdate } from '../sync/depth.ts';

export const FEED = 'feeds/btcusdt_20240808.gz';
/** Of the instrument: prices come with one significant decimal, quantities with three. */
export const PRICE_DECIMALS = 1;
export const QUANTITY_DECIMALS = 3;

export interface Ticker {
  readonly updateId: number;
  readonly bidTicks: number;
  readonly bidLots: number;
  readonly askTicks: number;
  readonly askLots: number;
}

export interface Trade {
  readonly timeMs: number;
  readonly priceTicks: number;
  readonly qtyLots: number;
}

export interface UsdmFeed {
  /** In the order of arrival. */
  readonly updates: readonly DepthUpdate[];
  /** Updates that had arrived before the snapshot did. */
  readonly beforeSnapshot: number;
  readonly snapshot: DepthSnapshot;
  readonly tickers: readonly Ticker[];
  readonly trades: readonly Trade[];
}

type Pairs = [price: string, quantity: string][];
interface Line {
  stream?: string;
  data?: Record<string, never>;
  lastUpdateId?: number;
  bids?: Pairs;
  asks?: Pairs;
}

const price = (text: string): number => scaledFromText(text, PRICE_DECIMALS);
const quantity = (text: string): number => scaledFromText(text, QUANTITY_DECIMALS);

function columns(pairs: Pairs): LevelColumns {
  return {
    ticks: Float64Array.from(pairs, (pair) => price(pair[0])),
    lots: Float64Array.from(pairs, (pair) => quantity(pair[1])),
    length: pairs.length,
  };
}

export function readUsdmFeed(file: string): UsdmFeed {
  return parseUsdmFeed(readFileSync(file));
}

/** From the bytes of the compressed file. */
export function parseUsdmFeed(gzipped: Uint8Array): UsdmFeed {
  const updates: DepthUpdate[] = [];
  const tickers: Ticker[] = [];
  const trades: Trade[] = [];
  let snapshot: DepthSnapshot | undefined;
  let beforeSnapshot = 0;
  for (const line of gunzipSync(gzipped).toString('latin1').split('\n')) {
    if (line === '') continue;
    const { stream, data, lastUpdateId, bids, asks } = JSON.parse(line.slice(line.indexOf(' ') + 1)) as Line;
    if (data === undefined) {
      snapshot = { symbol: 'BTCUSDT', lastId: lastUpdateId!, bids: columns(bids!), asks: columns(asks!) };
      beforeSnapshot = updates.length;
    } else if (stream!.includes('@depth')) {
      updates.push({
        symbol: data.s,
        firstId: data.U,
        lastId: data.u,
        previousId: data.pu,
        eventTimeMs: data.E,
        bids: columns(data.b),
        asks: columns(data.a),
      });
    } else if (stream!.endsWith('@trade')) {
      trades.push({ timeMs: data.T, priceTicks: price(data.p), qtyLots: quantity(data.q) });
    } else {
      tickers.push({
        updateId: data.u,
        bidTicks: price(data.b),
        bidLots: quantity(data.B),
        askTicks: price(data.a),
        askLots: quantity(data.A),
      });
    }
  }
  if (snapshot === undefined) throw new Error('the feed has no snapshot line');
  return { updates, beforeSnapshot, snapshot, tickers, trades };
}

/** The updates that belong on the snapshot, in order: what is left when `BookSync` has dropped the old ones. */
export function applicable({ updates, snapshot }: UsdmFeed): DepthUpdate[] {
  return updates.filter((update) => update.lastId >= snapshot.lastId);
}

/**
 * The exchange's best prices after each applicable update: of the last ticker that is not newer. They come from another
 * stream than the levels, so they are a key to them.
 */
export function keyOf(feed: UsdmFeed): Ticker[] {
  let next = 0;
  return applicable(feed).map((update) => {
    while (next < feed.tickers.length && feed.tickers[next].updateId <= update.lastId) next++;
    return feed.tickers[next - 1];
  });
}
