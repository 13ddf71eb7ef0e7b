import { Histogram } from '@perf/profiling';
import type { VenueId } from '@perf/structures';
import { SymbolWatch } from './symbol-watch.ts';
import { BinanceDecoder, type FrameKind } from './venues/binance/decoder.ts';
import { InstrumentTable, type Instrument } from './venues/instrument.ts';
import { RejectionLog } from './venues/rejection.ts';

export interface PipelineOptions {
  readonly venue: VenueId;
  readonly instruments: Iterable<Instrument>;
  readonly maxFrameBytes?: number | undefined;
  /** A book lost its place in the feed: it needs a snapshot. */
  readonly onGap?: ((watch: SymbolWatch) => void) | undefined;
  /** A depth update was kept for a snapshot that has not come. */
  readonly onBuffered?: ((watch: SymbolWatch) => void) | undefined;
}

/**
 * The way of the data, in one direction: frame bytes → decoder → book synchronisation → book, candles.
 *
 * The same for live feeds and recordings. Frames are handed in one after the other; nothing here waits or does I/O.
 */
export class Pipeline {
  readonly instruments: InstrumentTable;
  readonly decoder: BinanceDecoder;
  readonly rejections: RejectionLog = new RejectionLog();
  /** From the bytes of a depth frame to the changed book, in nanoseconds, applied events only. */
  readonly frameToBook: Histogram = new Histogram();
  readonly watches: Map<string, SymbolWatch> = new Map();
  frames = 0;
  others = 0;
  trades = 0;
  bookTickers = 0;
  depthUpdates = 0;
  gaps = 0;
  /** Sums over applied depth frames, in nanoseconds. */
  frameToBookNs = 0;
  bookNs = 0;

  readonly #onGap: ((watch: SymbolWatch) => void) | undefined;
  readonly #onBuffered: ((watch: SymbolWatch) => void) | undefined;

  constructor(options: PipelineOptions) {
    this.instruments = new InstrumentTable(options.instruments);
    this.decoder = new BinanceDecoder(this.instruments, { maxFrameBytes: options.maxFrameBytes });
    for (const instrument of this.instruments) {
      this.watches.set(instrument.symbol, new SymbolWatch(options.venue, instrument));
    }
    this.#onGap = options.onGap;
    this.#onBuffered = options.onBuffered;
  }

  /** Takes one frame to its end. A frame that is refused is counted and logged, never thrown. */
  frame(bytes: Uint8Array, start = 0, end: number = bytes.length): FrameKind {
    const arrived = performance.now();
    const kind = this.decoder.decode(bytes, start, end);
    switch (kind) {
      case 'depth':
        this.frames++;
        this.#depth(arrived);
        break;
      case 'bookTicker': {
        this.frames++;
        this.bookTickers++;
        const { bookTicker } = this.decoder;
        this.watches.get(bookTicker.symbol)!.bookTicker(bookTicker);
        break;
      }
      case 'trade': {
        this.frames++;
        this.trades++;
        const { trade } = this.decoder;
        this.watches.get(trade.symbol)!.trade(trade);
        break;
      }
      case 'other':
        this.others++;
        break;
      case 'rejected':
        this.frames++;
        this.rejections.add(this.decoder.rejection!.reason, this.decoder.rejection!.message);
        break;
    }
    return kind;
  }

  get levelUpdates(): number {
    let total = 0;
    for (const watch of this.watches.values()) total += watch.levelUpdates;
    return total;
  }

  get appliedUpdates(): number {
    let total = 0;
    for (const watch of this.watches.values()) total += watch.appliedUpdates;
    return total;
  }

  /** Time from frame to book per level update, decoding included, in nanoseconds; NaN before the first. */
  get nsPerLevelUpdate(): number {
    return this.frameToBookNs / this.#timedLevelUpdates;
  }

  /** The book's part of it. */
  get bookNsPerLevelUpdate(): number {
    return this.bookNs / this.#timedLevelUpdates;
  }

  #timedLevelUpdates = 0;

  #depth(arrived: number): void {
    this.depthUpdates++;
    const { depth } = this.decoder;
    const watch = this.watches.get(depth.symbol)!;
    const decoded = performance.now();
    let outcome: ReturnType<SymbolWatch['depth']>;
    try {
      outcome = watch.depth(depth);
    } catch (error) {
      // The book is as it was before; the next update will not continue it, which shows as a gap.
      this.rejections.add('refused-by-book', `${depth.symbol}: ${(error as Error).message}`);
      return;
    }
    if (outcome === 'applied') {
      const applied = performance.now();
      const elapsedNs = (applied - arrived) * 1e6;
      this.frameToBook.record(elapsedNs);
      this.frameToBookNs += elapsedNs;
      this.bookNs += (applied - decoded) * 1e6;
      this.#timedLevelUpdates += depth.bids.length + depth.asks.length;
    } else if (outcome === 'gap') {
      this.gaps++;
      this.#onGap?.(watch);
    } else if (outcome === 'buffered') {
      this.#onBuffered?.(watch);
    }
  }
}
