import { BookSync, Candles, OrderBook, type DepthSnapshot, type VenueId } from '@perf/structures';
import { BookCheck } from './book-check.ts';
import type { Instrument } from './venues/instrument.ts';
import type { BookTickerRecord, DepthUpdate, LevelColumns, TradeRecord } from './venues/records.ts';

/** A snapshot with this many levels a side was cut by the venue. */
const CUT_AT_LEVELS = 1_000;

/** Candle intervals that every symbol keeps. */
export const CANDLE_INTERVALS_MS: readonly number[] = [1_000, 60_000];
const CANDLES_KEPT = 1_024;

/** Everything known of one symbol: its book and how far it can be trusted, its candles, its last trade. */
export class SymbolWatch {
  readonly instrument: Instrument;
  readonly #venue: VenueId;
  readonly book: OrderBook;
  readonly sync: BookSync<OrderBook>;
  readonly candles: Candles;
  readonly check: BookCheck = new BookCheck();
  lastTradeTicks: number = Number.NaN;
  trades = 0;
  /** Data frames of this symbol. */
  frames = 0;
  /** Level updates applied, those of events that were buffered before a snapshot included. */
  levelUpdates = 0;
  appliedUpdates = 0;
  /** `u` of the last applied event, or the id of the snapshot. */
  lastUpdateId = 0;
  /** How far the book reaches: a snapshot that was cut says nothing of the levels beyond it. */
  readonly known: { floorTicks: number; ceilingTicks: number } = { floorTicks: -Infinity, ceilingTicks: Infinity };

  #shadow: SymbolWatch | undefined;
  readonly #best: Float64Array = new Float64Array(4);

  constructor(venue: VenueId, instrument: Instrument, options: { readonly windowTicks?: number | undefined } = {}) {
    this.#venue = venue;
    this.instrument = instrument;
    this.book = new OrderBook({ windowTicks: options.windowTicks });
    this.sync = new BookSync({ venue, book: this.book, onApply: (update) => this.#applied(update) });
    this.candles = new Candles({ intervalsMs: CANDLE_INTERVALS_MS, capacity: CANDLES_KEPT });
  }

  get symbol(): string {
    return this.instrument.symbol;
  }

  depth(update: DepthUpdate): ReturnType<BookSync['update']> {
    this.frames++;
    this.#shadow?.depth(update);
    const outcome = this.sync.update(update);
    if (outcome === 'gap') this.check.reset();
    return outcome;
  }

  snapshot(snapshot: DepthSnapshot): ReturnType<BookSync['snapshot']> {
    const outcome = this.sync.snapshot(snapshot);
    if (outcome === 'applied') {
      if (this.lastUpdateId < snapshot.lastId) this.lastUpdateId = snapshot.lastId;
      this.known.floorTicks = reach(snapshot.bids, -Infinity);
      this.known.ceilingTicks = reach(snapshot.asks, Infinity);
    }
    return outcome;
  }

  /** A second book on the same events, for comparing; it needs a snapshot of its own. */
  startShadow(): SymbolWatch {
    this.#shadow = new SymbolWatch(this.#venue, this.instrument);
    return this.#shadow;
  }

  stopShadow(): void {
    this.#shadow = undefined;
  }

  trade(record: TradeRecord): void {
    this.frames++;
    this.trades++;
    this.lastTradeTicks = record.priceTicks;
    this.candles.add(record.tradeTimeMs, record.priceTicks, record.qtyLots);
  }

  bookTicker(record: BookTickerRecord): void {
    this.frames++;
    this.check.ticker(record);
  }

  /** The connection is gone or new: nothing that was known continues. */
  reset(reason: string): void {
    this.sync.reset(reason);
    this.check.reset();
    this.lastUpdateId = 0;
  }

  #applied(update: DepthUpdate): void {
    this.levelUpdates += update.bids.length + update.asks.length;
    this.appliedUpdates++;
    this.lastUpdateId = update.lastId;
    this.book.bestInto(this.#best);
    const [bidTicks, bidLots, askTicks, askLots] = this.#best;
    this.check.applied(update.lastId, { bidTicks, bidLots, askTicks, askLots });
  }
}

/** The worst price of a snapshot side that was cut (sides come best first), else `unlimited`. */
function reach(levels: LevelColumns, unlimited: number): number {
  return levels.length < CUT_AT_LEVELS ? unlimited : levels.ticks[levels.length - 1];
}
