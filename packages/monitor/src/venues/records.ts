import type { DepthSnapshot, DepthUpdate, LevelColumns } from '@perf/structures';

/** One trade or aggregate trade. Reused by the decoder: copy what must outlive the call. */
export interface TradeRecord {
  symbol: string;
  /** Trade id, or aggregate trade id. */
  id: number;
  eventTimeMs: number;
  tradeTimeMs: number;
  priceTicks: number;
  qtyLots: number;
  /** True where the buyer was the maker, so the taker sold. */
  buyerIsMaker: boolean;
}

/** The exchange's own best bid and ask. Reused by the decoder. */
export interface BookTickerRecord {
  symbol: string;
  updateId: number;
  eventTimeMs: number;
  bidTicks: number;
  bidLots: number;
  askTicks: number;
  askLots: number;
}

export type { DepthSnapshot, DepthUpdate, LevelColumns };

export function levelColumns(capacity: number): LevelColumns {
  return { ticks: new Float64Array(capacity), lots: new Float64Array(capacity), length: 0 };
}

/** Doubles the columns and keeps what they hold. */
export function growColumns(columns: LevelColumns): void {
  const capacity = Math.max(16, columns.ticks.length * 2);
  const ticks = new Float64Array(capacity);
  const lots = new Float64Array(capacity);
  ticks.set(columns.ticks);
  lots.set(columns.lots);
  columns.ticks = ticks;
  columns.lots = lots;
}

export function depthUpdateRecord(): DepthUpdate {
  return {
    symbol: '',
    firstId: 0,
    lastId: 0,
    previousId: Number.NaN,
    eventTimeMs: 0,
    bids: levelColumns(64),
    asks: levelColumns(64),
  };
}

export function tradeRecord(): TradeRecord {
  return { symbol: '', id: 0, eventTimeMs: 0, tradeTimeMs: 0, priceTicks: 0, qtyLots: 0, buyerIsMaker: false };
}

export function bookTickerRecord(): BookTickerRecord {
  return { symbol: '', updateId: 0, eventTimeMs: 0, bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 };
}
