import { ascii, FrameScanner } from '../frame-scanner.ts';
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
import { readAggTrade, readBookTicker, readDepthUpdate, readTrade } from './frames.ts';
import { generalBookTicker, generalDepthUpdate, generalTrade, openFrame } from './general.ts';

/**
 * What a frame turned out to be. `depth`, `trade` and `bookTicker` are in the record of that name; `other` is a frame
 * without market data (the answer to SUBSCRIBE, an event that is not decoded); `rejected` is explained by `rejection`.
 */
export type FrameKind = 'depth' | 'trade' | 'bookTicker' | 'other' | 'rejected';

const WRAPPER = ascii('{"stream":"');
const DATA = ascii(',"data":');
const OPEN_EVENT = ascii('{"e":"');
const CLOSE_BRACE = 0x7d;
const DEPTH = ascii('depthUpdate",');
const BOOK_TICKER = ascii('bookTicker",');
const AGG_TRADE = ascii('aggTrade",');
const TRADE = ascii('trade",');

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
  readonly depth: DepthUpdate = depthUpdateRecord();
  readonly trade: TradeRecord = tradeRecord();
  readonly bookTicker: BookTickerRecord = bookTickerRecord();
  rejection: FrameRejection | undefined;

  readonly #instruments: InstrumentTable;
  readonly #maxFrameBytes: number;
  readonly #scan: FrameScanner = new FrameScanner();

  constructor(instruments: InstrumentTable, options: { readonly maxFrameBytes?: number | undefined } = {}) {
    this.#instruments = instruments;
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

  #decodeKnown(frame: Uint8Array, start: number, end: number): FrameKind | undefined {
    const scan = this.#scan;
    scan.reset(frame, start, end);
    const wrapped = scan.literal(WRAPPER);
    if (wrapped && (!scan.plainString() || !scan.literal(DATA))) return undefined;
    if (!scan.literal(OPEN_EVENT)) return undefined;
    let kind: FrameKind;
    if (scan.literal(DEPTH)) {
      if (!readDepthUpdate(scan, this.#instruments, this.depth)) return undefined;
      kind = 'depth';
    } else if (scan.literal(BOOK_TICKER)) {
      if (!readBookTicker(scan, this.#instruments, this.bookTicker)) return undefined;
      kind = 'bookTicker';
    } else if (scan.literal(AGG_TRADE)) {
      if (!readAggTrade(scan, this.#instruments, this.trade)) return undefined;
      kind = 'trade';
    } else if (scan.literal(TRADE)) {
      if (!readTrade(scan, this.#instruments, this.trade)) return undefined;
      kind = 'trade';
    } else {
      return undefined;
    }
    const braces = wrapped ? 2 : 1;
    if (scan.at + braces !== end || frame[scan.at] !== CLOSE_BRACE || frame[end - 1] !== CLOSE_BRACE) return undefined;
    return kind;
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
