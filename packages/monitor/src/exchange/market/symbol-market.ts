import type { AggTrade } from './agg-trade.ts';
import { Arrivals, DEEP, QUOTE, type SymbolRates } from './arrivals.ts';
import type { BookSide } from './book.ts';
import { FAIR_STEP_US, FairPrice } from './fair-price.ts';
import type { Instrument } from './instruments.ts';
import { OrderFlow } from './order-flow.ts';
import { Random } from './prng.ts';
import { type DepthBatch, SymbolBook } from './symbol-book.ts';

/** Who hears what a market does. Each is called while the book is as the event leaves it. */
export interface MarketSink {
  depth(market: SymbolMarket, batch: DepthBatch): void;
  bookTicker(market: SymbolMarket): void;
  aggTrade(market: SymbolMarket, trade: AggTrade): void;
}

export interface SymbolMarketOptions {
  readonly instrument: Instrument;
  readonly index: number;
  readonly seed: number;
  readonly startTimeMs: number;
  readonly firstUpdateId: number;
  readonly rates: SymbolRates;
}

/** Ticks per square root of a second that a year's volatility of 50 % gives at a price of one tick. */
const USUAL_VOLATILITY = 9e-5;
/** Of the changes of the best quote, this share may go into moving the price: the spread stays at a tick most of the time. */
const MOVING_SHARE = 0.03;

/** One symbol from its seed: a book, the flow of orders that changes it, and the logical clock of both. */
export class SymbolMarket {
  readonly instrument: Instrument;
  /** Position among the symbols of the market. */
  readonly index: number;
  readonly book: SymbolBook;
  readonly #sink: MarketSink;
  readonly #fair: FairPrice;
  readonly #arrivals: Arrivals;
  readonly #flow: OrderFlow;
  #arrivalUs: number;
  #stepUs = FAIR_STEP_US;

  constructor(options: SymbolMarketOptions, sink: MarketSink) {
    const { instrument, rates } = options;
    this.instrument = instrument;
    this.index = options.index;
    this.#sink = sink;
    const random = new Random(options.seed, instrument.symbol);
    this.book = new SymbolBook(instrument, options.firstUpdateId, options.startTimeMs);
    const volatility = Math.min(
      instrument.startTicks * USUAL_VOLATILITY,
      Math.sqrt(rates.bookTickersPerSecond * MOVING_SHARE),
    );
    this.#fair = new FairPrice(random, instrument.startTicks + 0.5, volatility);
    this.#arrivals = new Arrivals(random, rates);
    this.#flow = new OrderFlow(random, this.book, this.#fair, (trade) => sink.aggTrade(this, trade));
    this.#flow.fill();
    // Symbols do not push in step with each other. The last level of the filling opens the first batch.
    this.book.open(random.below(100) * 1000);
    this.#flow.deepChange();
    this.book.onDepth = (_book, batch) => sink.depth(this, batch);
    this.#arrivalUs = this.#arrivals.nextUs();
  }

  /** Runs everything that happens up to and including `untilUs` of logical time. */
  advance(untilUs: number): void {
    while (this.#arrivalUs <= untilUs) {
      if (this.#stepUs <= this.#arrivalUs) {
        this.#fair.step();
        this.#arrivals.steer(this.#stepUs, this.#fair.agitation);
        this.#stepUs += FAIR_STEP_US;
        continue;
      }
      this.book.nowUs = this.#arrivalUs;
      this.#happen();
      this.#arrivalUs = this.#arrivals.nextUs();
    }
    this.book.nowUs = Math.max(this.book.nowUs, untilUs);
  }

  /** Sends what the open depth batches hold. */
  flush(): void {
    this.book.flush();
  }

  #happen(): void {
    const { book } = this;
    const arrivals = this.#arrivals;
    const flow = this.#flow;
    if (arrivals.kind === DEEP) {
      flow.deepChange();
      return;
    }
    if (arrivals.kind === QUOTE) flow.quoteChange();
    else arrivals.countOrder(flow.marketOrder());
    arrivals.countTicker();
    this.#sink.bookTicker(this);
    // A side that has run thin far from the usual is refilled by what follows; it never runs dry: see OrderFlow.
    assertUncrossed(book.bids, book.asks);
  }
}

function assertUncrossed(bids: BookSide, asks: BookSide): void {
  if (bids.ticksAt(0) >= asks.ticksAt(0)) throw new RangeError('simulated book is crossed');
}
