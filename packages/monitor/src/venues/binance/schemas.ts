import { decoder, field, union, type Decoder, type RecordOf, type Union } from '@perf/json';
import type { InstrumentTable } from '../instrument.ts';
import type { BookTickerRecord, DepthUpdate, TradeRecord } from '../records.ts';

// The events of USD-M futures in the order in which the venue sends their fields. Source: its "WebSocket Market Streams"
// pages and the recorded feed. Names are those of the records; `instrument` is the place of the symbol.

/** A frame bare, and in the combined wrapper. */
export interface FrameDecoders {
  readonly bare: Decoder<Union>;
  readonly wrapped: Decoder<Union>;
}

/** The records under the names of the events, which the decoders fill. */
export interface EventRecords {
  kind: string;
  readonly depthUpdate: DepthUpdate & Placed;
  readonly bookTicker: BookTickerRecord & Placed;
  readonly trade: TradeRecord & Placed;
  readonly aggTrade: TradeRecord & Placed;
}

export interface Placed {
  instrument: number;
}

export type AnyRecord = RecordOf<Union>;

export function frameDecoders({ symbols, ticks, lots }: InstrumentTable): FrameDecoders {
  const instrument = { path: 's', type: field.text(symbols) };
  const id = field.i64({ as: 'number', form: 'number' });
  const price = field.ticks({ by: 'instrument', scales: ticks }, { form: 'text' });
  const quantity = field.lots({ by: 'instrument', scales: lots }, { form: 'text' });
  const levels = field.levels({ price, quantity });
  const schema = union('e', {
    depthUpdate: {
      eventTimeMs: { path: 'E', type: id },
      instrument,
      firstId: { path: 'U', type: id },
      lastId: { path: 'u', type: id },
      previousId: { path: 'pu', type: id, default: Number.NaN },
      bids: { path: 'b', type: levels },
      asks: { path: 'a', type: levels },
    },
    bookTicker: {
      updateId: { path: 'u', type: id },
      instrument,
      bidTicks: { path: 'b', type: price },
      bidLots: { path: 'B', type: quantity },
      askTicks: { path: 'a', type: price },
      askLots: { path: 'A', type: quantity },
      eventTimeMs: { path: 'E', type: id },
    },
    trade: {
      eventTimeMs: { path: 'E', type: id },
      tradeTimeMs: { path: 'T', type: id },
      instrument,
      id: { path: 't', type: id },
      priceTicks: { path: 'p', type: price },
      qtyLots: { path: 'q', type: quantity },
      buyerIsMaker: { path: 'm', type: field.bool() },
    },
    aggTrade: {
      eventTimeMs: { path: 'E', type: id },
      instrument,
      id: { path: 'a', type: id },
      priceTicks: { path: 'p', type: price },
      qtyLots: { path: 'q', type: quantity },
      tradeTimeMs: { path: 'T', type: id },
      buyerIsMaker: { path: 'm', type: field.bool() },
    },
  }) as unknown as Union;
  const maxLevels = 1_000_000;
  return { bare: decoder(schema, { maxLevels }), wrapped: decoder(schema, { maxLevels, within: 'data' }) };
}
