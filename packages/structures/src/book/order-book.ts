import { integerOption, readOptions } from '@perf/internal';
import type { OptionRule } from '@perf/internal';
import { optionFault, StructuresError } from '../errors.ts';
import { BookSide } from './book-side.ts';
import { checkColumns, checkLevels, levelColumns, levelFault } from './levels.ts';
import type { Level, LevelColumns, Side } from './levels.ts';

export interface OrderBookOptions {
  /**
   * Prices per side that are kept densely around the best, a power of two from 2^12 to 2^17; default 2^14. What lies
   * outside goes to a hash, so this trades memory (8.2 bytes a tick and side) against the share of updates that take the
   * slower way; it never limits what the book can hold. Use 2^12 for hundreds of books.
   */
  readonly windowTicks?: number | undefined;
  /** Levels per side that the book accepts; an event that could pass it is refused whole. Default 2^20. */
  readonly maxLevels?: number | undefined;
}

/** Two sides of one event or snapshot. A `DepthUpdate` and a `DepthSnapshot` are such events. */
export interface BookEvent {
  readonly bids: LevelColumns;
  readonly asks: LevelColumns;
}

export interface BestPrices {
  readonly bidTicks: number;
  readonly bidLots: number;
  readonly askTicks: number;
  readonly askLots: number;
}

const SMALLEST_WINDOW = 2 ** 12;
const LARGEST_WINDOW = 2 ** 17;

const windowRule: OptionRule<number> = {
  fallback: 2 ** 14,
  fault: (value) =>
    typeof value === 'number' &&
    value >= SMALLEST_WINDOW &&
    value <= LARGEST_WINDOW &&
    Number.isInteger(Math.log2(value))
      ? undefined
      : `must be a power of two from ${SMALLEST_WINDOW} to ${LARGEST_WINDOW}`,
};

/**
 * Price-level (L2) order book on integer ticks and lots.
 *
 * Events are applied whole or not at all: illegal input throws and leaves the levels as they were. A book has one owner; nothing here is safe to share between threads. Level updates cost O(1) and allocate nothing unless a table
 * grows; best prices cost O(1).
 *
 * Errors: `ERR_PERF_STRUCTURES_OPTION`, `ERR_PERF_STRUCTURES_LEVEL` (a price or quantity that is no non-negative safe
 * integer, columns shorter than they claim), `ERR_PERF_STRUCTURES_FULL` (`maxLevels`).
 *
 * @example
 * const book = new OrderBook();
 * book.load({ bids: levelColumns([[618002, 3]]), asks: levelColumns([[618003, 5]]) });
 * book.setLevel('bid', 618002, 0);
 * book.bestBidTicks; // NaN: the side is empty
 */
export class OrderBook {
  readonly #bids: BookSide;
  readonly #asks: BookSide;
  readonly #maxLevels: number;
  #version = 0;
  #crossedCount = 0;

  constructor(options?: OrderBookOptions) {
    const { windowTicks, maxLevels } = readOptions(
      'OrderBook',
      options,
      { windowTicks: windowRule, maxLevels: integerOption(2 ** 20, 1, 2 ** 24) },
      optionFault,
    );
    this.#bids = new BookSide('bid', windowTicks);
    this.#asks = new BookSide('ask', windowTicks);
    this.#maxLevels = maxLevels;
  }

  /** Applies both sides of one event; 0 lots delete, deleting what is not there is normal. */
  apply(event: BookEvent): void {
    const { bids, asks } = event;
    checkColumns('bid', bids);
    checkColumns('ask', asks);
    this.#checkRoom('bid', this.#bids, bids.length);
    this.#checkRoom('ask', this.#asks, asks.length);
    const bidFault = this.#bids.apply(bids);
    if (bidFault !== -1) throw levelFault('bid', bids, bidFault);
    const askFault = this.#asks.apply(asks);
    if (askFault !== -1) {
      this.#bids.undo(bids, bids.length);
      throw levelFault('ask', asks, askFault);
    }
    this.#changed();
  }

  /** Applies one side. Where an event has two, `apply` is right: between two calls the book may look crossed. */
  applyLevels(side: Side, levels: LevelColumns): void {
    checkColumns(side, levels);
    const target = this.#side(side);
    this.#checkRoom(side, target, levels.length);
    const fault = target.apply(levels);
    if (fault !== -1) throw levelFault(side, levels, fault);
    this.#changed();
  }

  /** One level; `lots` 0 deletes it. For whole events `apply` is faster. */
  setLevel(side: Side, ticks: number, lots: number): void {
    const target = this.#side(side);
    if (target.levels >= this.#maxLevels) this.#checkRoom(side, target, 1);
    if (!target.set(ticks, lots)) throw levelFault(side, levelColumns([[ticks, lots]]), 0);
    this.#changed();
  }

  /** Replaces the whole book. */
  load(snapshot: BookEvent): void {
    const { bids, asks } = snapshot;
    checkLevels('bid', bids);
    checkLevels('ask', asks);
    if (bids.length > this.#maxLevels) this.#refuse('bid', 0, bids.length);
    if (asks.length > this.#maxLevels) this.#refuse('ask', 0, asks.length);
    this.#bids.load(bids);
    this.#asks.load(asks);
    this.#changed();
  }

  clear(): void {
    this.#bids.clear();
    this.#asks.clear();
    this.#changed();
  }

  /** Highest bid, NaN when there is none. */
  get bestBidTicks(): number {
    return this.#bids.inside > 0 ? this.#bids.bestTicks : Number.NaN;
  }

  get bestBidLots(): number {
    return this.#bids.inside > 0 ? this.#bids.bestLots : Number.NaN;
  }

  /** Lowest ask, NaN when there is none. */
  get bestAskTicks(): number {
    return this.#asks.inside > 0 ? this.#asks.bestTicks : Number.NaN;
  }

  get bestAskLots(): number {
    return this.#asks.inside > 0 ? this.#asks.bestLots : Number.NaN;
  }

  /** Writes [bid ticks, bid lots, ask ticks, ask lots], NaN where a side is empty. Never allocates; a getter may box its double. */
  bestInto(out: Float64Array): void {
    const bids = this.#bids;
    const asks = this.#asks;
    if (bids.inside > 0) {
      out[0] = bids.bestTicks;
      out[1] = bids.bestLots;
    } else {
      out[0] = Number.NaN;
      out[1] = Number.NaN;
    }
    if (asks.inside > 0) {
      out[2] = asks.bestTicks;
      out[3] = asks.bestLots;
    } else {
      out[2] = Number.NaN;
      out[3] = Number.NaN;
    }
  }

  /** Both best levels, or undefined while a side is empty. */
  best(): BestPrices | undefined {
    if (this.#bids.inside === 0 || this.#asks.inside === 0) return undefined;
    return {
      bidTicks: this.#bids.bestTicks,
      bidLots: this.#bids.bestLots,
      askTicks: this.#asks.bestTicks,
      askLots: this.#asks.bestLots,
    };
  }

  bestBid(): Level | undefined {
    return this.#bids.inside > 0 ? { ticks: this.#bids.bestTicks, lots: this.#bids.bestLots } : undefined;
  }

  bestAsk(): Level | undefined {
    return this.#asks.inside > 0 ? { ticks: this.#asks.bestTicks, lots: this.#asks.bestLots } : undefined;
  }

  /** Best ask minus best bid: 0 when locked, negative when crossed, NaN while a side is empty. */
  get spreadTicks(): number {
    return this.bestAskTicks - this.bestBidTicks;
  }

  /** Middle of the best prices; ends in .5 where the spread is odd; NaN while a side is empty. */
  get midTicks(): number {
    const bid = this.bestBidTicks;
    return bid + (this.bestAskTicks - bid) / 2;
  }

  /** Best bid above best ask. Not an error: auctions and lost deletes both show it, and only the caller knows which. */
  get crossed(): boolean {
    return this.spreadTicks < 0;
  }

  /** Best bid equal to best ask. */
  get locked(): boolean {
    return this.spreadTicks === 0;
  }

  /** Calls that left the book crossed. */
  get crossedCount(): number {
    return this.#crossedCount;
  }

  /** Grows by one with every call that may have changed the book: equal versions, equal book. */
  get version(): number {
    return this.#version;
  }

  get bidLevels(): number {
    return this.#bids.levels;
  }

  get askLevels(): number {
    return this.#asks.levels;
  }

  /** Lots at a price, 0 where there is no level. */
  lotsAt(side: Side, ticks: number): number {
    return this.#side(side).lotsAt(ticks);
  }

  /**
   * Writes the best `maxLevels` levels of a side, best first, and returns how many; never more than `out` has room for.
   * O(levels), no allocation while they lie inside the window; a walk past it sorts the overflow, O(n log n).
   */
  depthInto(side: Side, out: LevelColumns, maxLevels: number): number {
    checkCount(maxLevels);
    return this.#side(side).depthInto(out, Math.min(maxLevels, out.ticks.length, out.lots.length));
  }

  /** The best `maxLevels` levels of a side, best first; all of them by default. */
  depth(side: Side, maxLevels: number = Number.POSITIVE_INFINITY): Level[] {
    checkCount(maxLevels);
    const count = Math.min(maxLevels, this.#side(side).levels);
    const columns: LevelColumns = { ticks: new Float64Array(count), lots: new Float64Array(count), length: 0 };
    this.#side(side).depthInto(columns, count);
    return Array.from({ length: count }, (_, at) => ({ ticks: columns.ticks[at], lots: columns.lots[at] }));
  }

  /** How often the two windows have moved, and how many levels lie outside them: for choosing `windowTicks`. */
  windowStats(): { moves: number; outside: number } {
    return {
      moves: this.#bids.moves + this.#asks.moves,
      outside: this.#bids.overflow.count + this.#asks.overflow.count,
    };
  }

  #changed(): void {
    this.#version++;
    const bids = this.#bids;
    const asks = this.#asks;
    if (bids.inside > 0 && asks.inside > 0 && bids.bestTicks > asks.bestTicks) this.#crossedCount++;
  }

  #side(side: Side): BookSide {
    if (side === 'bid') return this.#bids;
    if (side === 'ask') return this.#asks;
    throw new StructuresError('ERR_PERF_STRUCTURES_ARGUMENT', `side must be "bid" or "ask", got ${String(side)}`);
  }

  #checkRoom(side: Side, target: BookSide, given: number): void {
    if (target.levels + given > this.#maxLevels) this.#refuse(side, target.levels, given);
  }

  #refuse(side: Side, held: number, given: number): never {
    throw new StructuresError(
      'ERR_PERF_STRUCTURES_FULL',
      `${side} side holds ${held} of at most ${this.#maxLevels} levels and the event has ${given}: it was not applied; raise maxLevels or reload the book`,
      { side },
    );
  }
}

function checkCount(maxLevels: number): void {
  if (maxLevels >= 0 && (Number.isInteger(maxLevels) || maxLevels === Number.POSITIVE_INFINITY)) return;
  throw new StructuresError(
    'ERR_PERF_STRUCTURES_ARGUMENT',
    `maxLevels must be a non-negative integer, got ${maxLevels}`,
  );
}
