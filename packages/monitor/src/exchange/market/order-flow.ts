import type { AggTrade } from './agg-trade.ts';
import type { BookSide } from './book.ts';
import type { FairPrice } from './fair-price.ts';
import type { Random } from './prng.ts';
import type { SymbolBook } from './symbol-book.ts';

// A side is filled with FILL levels and kept between FEWEST and MOST: `depth?limit=1000` always shows all of it.
const FILL = 800;
const FEWEST = 600;
const MOST = 980;
/** Levels at the start that lie far away: a share of FILL, out to half or double the price. */
const FAR_SHARE = 0.06;
/** A market order eats at most this many levels, and only from a side that has more than twice as many. */
const DEEPEST_SWEEP = 4;
/** One deep change in this many is a market maker who moves a whole ladder. */
const LADDER_ODDS = 400;

/** Turns arrivals into orders: the only code that changes the book. */
export class OrderFlow {
  readonly #random: Random;
  readonly #book: SymbolBook;
  readonly #fair: FairPrice;
  readonly #onTrade: (trade: AggTrade) => void;
  readonly #trade: AggTrade = {
    id: 0,
    ticks: 0,
    lots: 0,
    firstTradeId: 0,
    lastTradeId: 0,
    buyerIsMaker: false,
  };

  constructor(random: Random, book: SymbolBook, fair: FairPrice, onTrade: (trade: AggTrade) => void) {
    this.#random = random;
    this.#book = book;
    this.#fair = fair;
    this.#onTrade = onTrade;
    this.#trade.id = 1_000_000 + random.below(1_000_000_000);
    this.#trade.lastTradeId = this.#trade.id * 2 + random.below(1_000_000);
  }

  /** The book at the start: dense near the best price, thinning outwards, more at round prices, a few far away. */
  fill(): void {
    const best = Math.floor(this.#fair.ticks);
    this.#fillSide(this.#book.bids, best);
    this.#fillSide(this.#book.asks, best + 1);
  }

  /** Changes price or quantity of the best bid or ask, never both sides: exactly one book ticker. */
  quoteChange(): void {
    const random = this.#random;
    const book = this.#book;
    const fair = this.#fair;
    const bid = book.bids.ticksAt(0);
    const ask = book.asks.ticksAt(0);
    const deviation = fair.ticks - (bid + ask) / 2;
    if (ask - bid > 1 && random.unit() < 0.85) {
      this.#improve(bid, ask);
      return;
    }
    // The further the fair price is past a quote, the likelier its makers pull it.
    const side = deviation > 0 ? book.asks : book.bids;
    const distance = Math.abs(deviation) - 0.5;
    if (distance > 0 && random.unit() < Math.min(0.9, distance * 0.35) && side.length > FEWEST / 2) {
      book.set(side, side.ticksAt(0), 0);
      return;
    }
    this.#resize(random.unit() < 0.5 ? book.bids : book.asks);
  }

  /** A market order against the best levels. Returns at how many prices it traded, one aggregate trade each; 0 where a side is too thin to trade. */
  marketOrder(): number {
    const random = this.#random;
    const book = this.#book;
    const fair = this.#fair;
    const trade = this.#trade;
    const mid = (book.bids.ticksAt(0) + book.asks.ticksAt(0)) / 2;
    const lean = Math.max(-0.35, Math.min(0.35, (fair.ticks - mid) * 0.1));
    const buy = random.unit() < 0.5 + lean;
    const side = buy ? book.asks : book.bids;
    if (side.length <= DEEPEST_SWEEP * 2) {
      this.#resize(side);
      return 0;
    }
    let lots = this.#size(book.instrument.tradeLots, 60);
    let prices = 0;
    trade.buyerIsMaker = !buy;
    while (lots > 0 && prices < DEEPEST_SWEEP) {
      const resting = side.lotsAt(0);
      const filled = Math.min(lots, resting);
      trade.id++;
      trade.ticks = side.ticksAt(0);
      trade.lots = filled;
      trade.firstTradeId = trade.lastTradeId + 1;
      trade.lastTradeId = trade.firstTradeId + random.below(Math.min(filled, 6));
      book.set(side, trade.ticks, resting - filled);
      this.#onTrade(trade);
      lots -= filled;
      prices++;
    }
    return prices;
  }

  /** Changes something that is not the best level of its side. */
  deepChange(): void {
    const random = this.#random;
    const book = this.#book;
    const side = random.unit() < 0.5 ? book.bids : book.asks;
    if (random.below(LADDER_ODDS) === 0) {
      this.#moveLadder(side);
      return;
    }
    // Shares as recorded on BTCUSDT: 59 % change, 19 % insert, 18 % delete (what is left over: deletes of unknown levels).
    const what = random.unit();
    // The share of deletes grows with the side, which keeps it near FILL.
    const deletes = (0.2 * (side.length - FEWEST)) / (FILL - FEWEST);
    if (side.length < FEWEST || (what < 0.2 && side.length < MOST)) this.#insertDeep(side);
    else if (what >= 1 - deletes || side.length >= MOST) book.set(side, side.ticksAt(this.#deepRank(side)), 0);
    else this.#changeDeep(side, this.#deepRank(side));
  }

  /** A new best price inside the spread, on the side where it brings the quotes nearest to the fair price. */
  #improve(bid: number, ask: number): void {
    const book = this.#book;
    const fair = this.#fair;
    const wantedBid = Math.floor(fair.ticks);
    const newBid = Math.max(bid + 1, Math.min(ask - 1, wantedBid));
    const newAsk = Math.max(bid + 1, Math.min(ask - 1, wantedBid + 1));
    const bidMiss = Math.abs(newBid - wantedBid);
    const askMiss = Math.abs(newAsk - wantedBid - 1);
    // Where both fit, the side that is further away comes.
    const bidComes = bidMiss === askMiss ? wantedBid - bid > ask - wantedBid - 1 : bidMiss < askMiss;
    if (bidComes) book.set(book.bids, newBid, this.#size(book.instrument.bestLots, 8) >> 1 || 1);
    else book.set(book.asks, newAsk, this.#size(book.instrument.bestLots, 8) >> 1 || 1);
  }

  /** Adds to the best level or cancels some of it, towards the usual quantity. */
  #resize(side: BookSide): void {
    const random = this.#random;
    const book = this.#book;
    const usual = book.instrument.bestLots;
    const lots = side.lotsAt(0);
    const step = this.#size(Math.max(1, Math.round(usual / 12)), 10);
    const grows = random.unit() < (lots < usual ? 0.62 : 0.4);
    const next = grows ? lots + step : lots - Math.min(step, lots >> 1);
    book.set(side, side.ticksAt(0), next === lots ? lots + 1 : next);
  }

  #changeDeep(side: BookSide, rank: number): void {
    const ticks = side.ticksAt(rank);
    const lots = this.#levelLots(ticks);
    this.#book.set(side, ticks, lots === side.lotsAt(rank) ? lots + 1 : lots);
  }

  #insertDeep(side: BookSide): void {
    const random = this.#random;
    // Out to where nine tenths of the side end, cubed: most land near the top.
    const span = Math.max(8, Math.abs(side.ticksAt(0) - side.ticksAt(Math.floor(side.length * 0.9))));
    const u = random.unit();
    const ticks = side.ticksAt(0) - side.sign * (1 + Math.floor(span * u * u * u));
    if (ticks >= 1) this.#book.set(side, ticks, this.#levelLots(ticks));
    else this.#changeDeep(side, this.#deepRank(side));
  }

  /** Somebody's whole ladder gets new sizes: the large depth events of a real feed. */
  #moveLadder(side: BookSide): void {
    const first = this.#deepRank(side);
    const count = Math.min(30 + this.#random.below(220), side.length - first);
    for (let rank = first; rank < first + count; rank++) this.#changeDeep(side, rank);
  }

  /** Any rank but the best: half of them in the first quarter. */
  #deepRank(side: BookSide): number {
    const u = this.#random.unit();
    return 1 + Math.floor((side.length - 1) * u * u);
  }

  #fillSide(side: BookSide, best: number): void {
    const random = this.#random;
    const book = this.#book;
    const { gapTicks, bestLots } = book.instrument;
    const near = Math.round(FILL * (1 - FAR_SHARE));
    let ticks = best;
    book.set(side, ticks, this.#size(bestLots, 8));
    for (let level = 1; level < near; level++) {
      // Gaps widen outwards: three times as wide at the end as at the top.
      const gap = 1 + Math.floor((gapTicks - 1) * random.exponential() * (1 + (2 * level) / near));
      ticks -= side.sign * gap;
      if (ticks >= 1) book.set(side, ticks, this.#levelLots(ticks));
    }
    const reach = side.sign === 1 ? best / 2 : best;
    for (let attempt = 0; side.length < FILL && attempt < FILL; attempt++) {
      const u = random.unit();
      const far = ticks - side.sign * Math.ceil(reach * u * u * u);
      if (far >= 1) book.set(side, far, this.#levelLots(far));
    }
  }

  /** Orders cluster at round prices: every tenth tick has more, every hundredth much more. */
  #levelLots(ticks: number): number {
    const round = ticks % 100 === 0 ? 6 : ticks % 10 === 0 ? 2 : 1;
    return this.#size(this.#book.instrument.levelLots * round, 30);
  }

  /** Heavy-tailed lots around `usual`, at least one. */
  #size(usual: number, cap: number): number {
    const random = this.#random;
    return Math.max(1, Math.floor(usual * random.unit() * random.pareto(cap)));
  }
}
