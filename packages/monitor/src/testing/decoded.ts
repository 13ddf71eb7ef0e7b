import type { BinanceDecoder, FrameKind } from '../venues/binance/decoder.ts';
import type { LevelColumns } from '../venues/records.ts';
import type { NaiveResult } from './naive-decode.ts';

/** What a decoder holds after `decode`, in the shape of the naive twin. */
export function decoded(decoder: BinanceDecoder, kind: FrameKind): NaiveResult {
  switch (kind) {
    case 'depth': {
      const { symbol, firstId, lastId, previousId, eventTimeMs, bids, asks } = decoder.depth;
      return { kind, symbol, ids: [firstId, lastId, previousId], eventTimeMs, bids: rows(bids), asks: rows(asks) };
    }
    case 'bookTicker': {
      const { symbol, updateId, eventTimeMs, bidTicks, bidLots, askTicks, askLots } = decoder.bookTicker;
      return { kind, symbol, updateId, eventTimeMs, best: [bidTicks, bidLots, askTicks, askLots] };
    }
    case 'trade': {
      const { symbol, id, eventTimeMs, tradeTimeMs, priceTicks, qtyLots, buyerIsMaker } = decoder.trade;
      return { kind, symbol, id, times: [eventTimeMs, tradeTimeMs], priceTicks, qtyLots, maker: buyerIsMaker };
    }
    default:
      return { kind };
  }
}

export function rows({ ticks, lots, length }: LevelColumns): number[][] {
  return Array.from({ length }, (_, index) => [ticks[index], lots[index]]);
}
