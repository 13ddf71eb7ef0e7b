import type { InstrumentTable } from '../instrument.ts';
import {
  bookTickerRecord,
  depthUpdateRecord,
  tradeRecord,
  type BookTickerRecord,
  type DepthUpdate,
  type TradeRecord,
} from '../records.ts';
import { FrameRejection } from '../rejection.ts';
import { generalBookTicker, generalDepthUpdate, generalTrade, openFrame } from './general.ts';
import { frameDecoders, type AnyRecord, type EventRecords, type FrameDecoders, type Placed } from './schemas.ts';

/**
 * What a frame turned out to be. `depth`, `trade` and `bookTicker` are in the record of that name; `other` is a frame
 * without market data (the answer to SUBSCRIBE, an event that is not decoded); `rejected` is explained by `rejection`.
 */
export type FrameKind = 'depth' | 'trade' | 'bookTicker' | 'other' | 'rejected';

/** How the combined wrapper starts. Another order of its keys is for the general reader. */
const WRAPPER = new TextEncoder().encode('{"stream":');

/** The largest frame that is looked at: a snapshot of 5,000 levels a side has about 250 kB. */
export const DEFAULT_MAX_FRAME_BYTES: number = 4 * 1024 * 1024;

/**
 * Decodes USD-M frames, bare or in the combined wrapper, into records that are reused from frame to frame.
 *
 * ```ts
 * const decoder = new BinanceDecoder(new InstrumentTable([{ symbol: 'BTCUSDT', tick: scaleOf('0.1'), lot: scaleOf('0.001') }]));
 * if (decoder.decode(frame) === 'depth') sync.update(decoder.depth);
 * ```
 *
 * Prices and quantities become integer ticks and lots straight from their digits; what is not exact is refused. A
 * refused frame throws nothing: `decode` returns `rejected`, and `rejection` says why.
 */
export class BinanceDecoder {
  readonly depth: DepthUpdate & Placed = { ...depthUpdateRecord(), instrument: -1 };
  readonly trade: TradeRecord & Placed = { ...tradeRecord(), instrument: -1 };
  readonly bookTicker: BookTickerRecord & Placed = { ...bookTickerRecord(), instrument: -1 };
  rejection: FrameRejection | undefined;

  readonly #instruments: InstrumentTable;
  readonly #maxFrameBytes: number;
  readonly #decoders: FrameDecoders;
  readonly #events: EventRecords = {
    kind: '',
    depthUpdate: this.depth,
    bookTicker: this.bookTicker,
    trade: this.trade,
    aggTrade: this.trade,
  };

  constructor(instruments: InstrumentTable, options: { readonly maxFrameBytes?: number | undefined } = {}) {
    this.#instruments = instruments;
    this.#decoders = frameDecoders(instruments);
    this.#maxFrameBytes = options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES;
  }

  /** Decodes `frame[start, end)`. */
  decode(frame: Uint8Array, start = 0, end: number = frame.length): FrameKind {
    if (end - start > this.#maxFrameBytes) {
      const bytes = end - start;
      this.rejection = new FrameRejection(
        'too-large',
        `a frame of ${bytes} bytes; the limit is ${this.#maxFrameBytes}`,
      );
      return 'rejected';
    }
    const kind = this.#decodeKnown(frame, start, end);
    return kind ?? this.#decodeGeneral(frame.subarray(start, end));
  }

  /** By the schemas; undefined where the general reader has to say what is wrong, or to find the event elsewhere. */
  #decodeKnown(frame: Uint8Array, start: number, end: number): FrameKind | undefined {
    const { bare, wrapped } = this.#decoders;
    const events = this.#events;
    const decoder = startsWith(frame, start, WRAPPER) ? wrapped : bare;
    if (decoder.tryDecode(frame, events as unknown as AnyRecord, start, end) !== 0) return undefined;
    // Ids and times are not negative; the decoder of integers takes either sign.
    switch (events.kind) {
      case 'depthUpdate': {
        const { depth } = this;
        if (depth.firstId < 0 || depth.lastId < 0 || depth.previousId < 0 || depth.eventTimeMs < 0) return undefined;
        depth.symbol = this.#instruments.at(depth.instrument).symbol;
        return 'depth';
      }
      case 'bookTicker': {
        const { bookTicker } = this;
        if (bookTicker.updateId < 0 || bookTicker.eventTimeMs < 0) return undefined;
        bookTicker.symbol = this.#instruments.at(bookTicker.instrument).symbol;
        return 'bookTicker';
      }
      default: {
        const { trade } = this;
        if (trade.id < 0 || trade.eventTimeMs < 0 || trade.tradeTimeMs < 0) return undefined;
        trade.symbol = this.#instruments.at(trade.instrument).symbol;
        return 'trade';
      }
    }
  }

  #decodeGeneral(frame: Uint8Array): FrameKind {
    try {
      const { event, data } = openFrame(frame);
      switch (event) {
        case 'depthUpdate':
          generalDepthUpdate(data, this.#instruments, this.depth);
          return 'depth';
        case 'bookTicker':
          generalBookTicker(data, this.#instruments, this.bookTicker);
          return 'bookTicker';
        case 'aggTrade':
          generalTrade(data, 'a', this.#instruments, this.trade);
          return 'trade';
        case 'trade':
          generalTrade(data, 't', this.#instruments, this.trade);
          return 'trade';
        default:
          return 'other';
      }
    } catch (error) {
      if (!(error instanceof FrameRejection)) throw error;
      this.rejection = error;
      return 'rejected';
    }
  }
}

function startsWith(frame: Uint8Array, start: number, expected: Uint8Array): boolean {
  for (let index = 0; index < expected.length; index++) if (frame[start + index] !== expected[index]) return false;
  return true;
}
