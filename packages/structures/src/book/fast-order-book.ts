import { anyOption, decimalsOf, readOptions } from '@perf/internal';
import type { OptionRule } from '@perf/internal';
import { optionFault, StructuresError } from '../errors.ts';
import { DecimalScale } from './decimal-scale.ts';
import type { Decimal } from './decimal-scale.ts';
import type { LevelColumns, Side } from './levels.ts';
import { OrderBook } from './order-book.ts';

export interface FastOrderBookOptions {
  /** Price step of the instrument; default 0.01. Prices between steps are refused. */
  readonly tickSize?: Decimal | undefined;
  /** Quantity step; default: the fewest decimals that represent every quantity seen, rescaled exactly when a finer one comes. */
  readonly lotSize?: Decimal | undefined;
  /** As in `OrderBook`. */
  readonly windowTicks?: number | undefined;
  /** As in `OrderBook`. */
  readonly maxLevels?: number | undefined;
}

export interface DecimalLevel {
  readonly price: number;
  readonly quantity: number;
}

/** Both sides as exchanges send them: `[["61800.20", "0.150"], …]`. */
export interface DecimalEvent {
  readonly bids?: readonly (readonly [price: Decimal, quantity: Decimal])[] | undefined;
  readonly asks?: readonly (readonly [price: Decimal, quantity: Decimal])[] | undefined;
}

const stepRule: OptionRule<Decimal | undefined> = anyOption<Decimal | undefined>(undefined, (value) =>
  (typeof value === 'string' || typeof value === 'number') && DecimalScale.of(value) !== undefined
    ? undefined
    : 'must be a positive decimal of at most 22 decimals',
);

/**
 * An `OrderBook` in decimal prices and quantities, given as text or numbers.
 *
 * Decimals become integers without rounding: what does not fit is an error, and the book stays as it was. Where a decoder
 * delivers integers already, use `OrderBook`: reading the text costs more than the update.
 *
 * Errors: `ERR_PERF_STRUCTURES_OFF_TICK` and `ERR_PERF_STRUCTURES_OFF_LOT` (between steps), `ERR_PERF_STRUCTURES_DECIMAL`
 * (no decimal number, negative, or past 2^53 at this scale), and those of `OrderBook`.
 *
 * @example
 * const book = new FastOrderBook({ tickSize: '0.1' });
 * book.updateBid('61800.20', '0.150');
 * book.updateAsk(61800.3, 2);
 * book.getBestBid(); // { price: 61800.2, quantity: 0.15 }
 * book.getSpread(); // 0.1
 */
export class FastOrderBook {
  /** The book behind it, in ticks and lots. */
  readonly book: OrderBook;
  readonly #prices: DecimalScale;
  readonly #lotsGrow: boolean;
  #quantities: DecimalScale;

  constructor(options?: FastOrderBookOptions) {
    const { tickSize, lotSize, windowTicks, maxLevels } = readOptions(
      'FastOrderBook',
      options,
      {
        tickSize: stepRule,
        lotSize: stepRule,
        windowTicks: anyOption<number | undefined>(undefined),
        maxLevels: anyOption<number | undefined>(undefined),
      },
      optionFault,
    );
    this.book = new OrderBook({ windowTicks, maxLevels });
    this.#prices = DecimalScale.of(tickSize ?? '0.01')!;
    this.#lotsGrow = lotSize === undefined;
    this.#quantities = DecimalScale.of(lotSize ?? 1)!;
  }

  /** Price step as text. */
  get tickSize(): string {
    return this.#prices.step;
  }

  /** Quantity step as text; finer after a finer quantity, unless it was given. */
  get lotSize(): string {
    return this.#quantities.step;
  }

  /** Sets the quantity at a bid price; 0 deletes the level. */
  updateBid(price: Decimal, quantity: Decimal): void {
    this.book.setLevel('bid', this.#ticksOf('bid', price), this.#lotsOf('bid', quantity));
  }

  /** Sets the quantity at an ask price; 0 deletes the level. */
  updateAsk(price: Decimal, quantity: Decimal): void {
    this.book.setLevel('ask', this.#ticksOf('ask', price), this.#lotsOf('ask', quantity));
  }

  /** Applies a whole event, or nothing of it. */
  apply(event: DecimalEvent): void {
    this.book.apply(this.#columnsOf(event));
  }

  /** Replaces the whole book. */
  load(snapshot: DecimalEvent): void {
    this.book.load(this.#columnsOf(snapshot));
  }

  clear(): void {
    this.book.clear();
  }

  /** Highest bid, undefined when there is none. */
  getBestBid(): DecimalLevel | undefined {
    const { book } = this;
    return book.bidLevels > 0 ? this.#levelOf(book.bestBidTicks, book.bestBidLots) : undefined;
  }

  /** Lowest ask, undefined when there is none. */
  getBestAsk(): DecimalLevel | undefined {
    const { book } = this;
    return book.askLevels > 0 ? this.#levelOf(book.bestAskTicks, book.bestAskLots) : undefined;
  }

  /** Best ask minus best bid, exact before it becomes a number; negative when crossed; undefined while a side is empty. */
  getSpread(): number | undefined {
    const { spreadTicks } = this.book;
    return Number.isNaN(spreadTicks) ? undefined : this.#prices.toNumber(spreadTicks);
  }

  /** Middle of the best prices, undefined while a side is empty. */
  getMid(): number | undefined {
    const { midTicks } = this.book;
    return Number.isNaN(midTicks) ? undefined : this.#prices.toNumber(midTicks);
  }

  /** The best `maxLevels` levels of a side, best first. */
  getDepth(side: Side, maxLevels?: number): DecimalLevel[] {
    return this.book.depth(side, maxLevels).map(({ ticks, lots }) => this.#levelOf(ticks, lots));
  }

  /** Quantity at a price, 0 where there is no level. */
  getQuantity(side: Side, price: Decimal): number {
    return this.#quantities.toNumber(this.book.lotsAt(side, this.#ticksOf(side, price)));
  }

  #levelOf(ticks: number, lots: number): DecimalLevel {
    return { price: this.#prices.toNumber(ticks), quantity: this.#quantities.toNumber(lots) };
  }

  #columnsOf(event: DecimalEvent): { bids: LevelColumns; asks: LevelColumns } {
    for (;;) {
      const scale = this.#quantities;
      const bids = this.#sideOf('bid', event.bids ?? []);
      const asks = this.#sideOf('ask', event.asks ?? []);
      // A finer quantity in the middle has changed the scale of what was read before it: once more.
      if (scale === this.#quantities) return { bids, asks };
    }
  }

  #sideOf(side: Side, levels: readonly (readonly [Decimal, Decimal])[]): LevelColumns {
    const length = levels.length;
    const columns = { ticks: new Float64Array(length), lots: new Float64Array(length), length };
    for (let at = 0; at < length; at++) {
      columns.ticks[at] = this.#ticksOf(side, levels[at][0], at);
      columns.lots[at] = this.#lotsOf(side, levels[at][1], at);
    }
    return columns;
  }

  #ticksOf(side: Side, price: Decimal, index?: number): number {
    const ticks = this.#prices.toSteps(price);
    if (!Number.isNaN(ticks)) return ticks;
    const details = { side, index };
    const text = String(price);
    if (decimalsOf(text) < 0 || text.startsWith('-')) throw notDecimal(`${side} price`, text, details);
    if (Number(text) / Number(this.tickSize) > Number.MAX_SAFE_INTEGER) {
      throw tooLarge(`${side} price`, text, this.tickSize, details);
    }
    throw new StructuresError(
      'ERR_PERF_STRUCTURES_OFF_TICK',
      `${side} price ${shown(text)} is no multiple of the tick size ${this.tickSize}: nothing was applied; give the instrument's tickSize`,
      details,
    );
  }

  #lotsOf(side: Side, quantity: Decimal, index?: number): number {
    const lots = this.#quantities.toSteps(quantity);
    if (!Number.isNaN(lots)) return lots;
    const details = { side, index };
    const text = String(quantity);
    const decimals = decimalsOf(text);
    if (decimals < 0 || text.startsWith('-')) throw notDecimal(`${side} quantity`, text, details);
    if (Number(text) / Number(this.lotSize) > Number.MAX_SAFE_INTEGER) {
      throw tooLarge(`${side} quantity`, text, this.lotSize, details);
    }
    if (!this.#lotsGrow) {
      throw new StructuresError(
        'ERR_PERF_STRUCTURES_OFF_LOT',
        `${side} quantity ${shown(text)} is no multiple of the lot size ${this.lotSize}: nothing was applied; give the instrument's lotSize`,
        details,
      );
    }
    const finer = DecimalScale.of(`1e-${decimals}`);
    const finerLots = finer === undefined ? Number.NaN : finer.toSteps(quantity);
    if (finer === undefined || Number.isNaN(finerLots)) {
      throw tooLarge(`${side} quantity`, text, `1e-${decimals}`, details);
    }
    this.#rescale(finer, details);
    return finerLots;
  }

  /** Takes all quantities to a finer scale, exactly, or leaves the book as it is. */
  #rescale(finer: DecimalScale, details: { side: Side; index: number | undefined }): void {
    const factor = Number(`1e${finer.decimals - this.#quantities.decimals}`);
    const scaled = (side: Side): LevelColumns => {
      const length = side === 'bid' ? this.book.bidLevels : this.book.askLevels;
      const columns = { ticks: new Float64Array(length), lots: new Float64Array(length), length };
      this.book.depthInto(side, columns, length);
      for (let at = 0; at < length; at++) {
        columns.lots[at] *= factor;
        if (columns.lots[at] > Number.MAX_SAFE_INTEGER) {
          throw tooLarge(`${side} quantity in the book`, String(columns.lots[at] / factor), finer.step, details);
        }
      }
      return columns;
    };
    const bids = scaled('bid');
    const asks = scaled('ask');
    this.book.load({ bids, asks });
    this.#quantities = finer;
  }
}

type Where = { side: Side; index: number | undefined };

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function notDecimal(what: string, text: string, where: Where): StructuresError {
  return new StructuresError(
    'ERR_PERF_STRUCTURES_DECIMAL',
    `${what} ${shown(text)} is no non-negative decimal number: nothing was applied`,
    where,
  );
}

function tooLarge(what: string, text: string, step: string, where: Where): StructuresError {
  return new StructuresError(
    'ERR_PERF_STRUCTURES_DECIMAL',
    `${what} ${shown(text)} in steps of ${step} is past 2^53: nothing was applied; use a coarser step`,
    where,
  );
}
