import type { Random } from './prng.ts';

/** What a symbol sends per second. */
export interface SymbolRates {
  readonly bookTickersPerSecond: number;
  readonly aggTradesPerSecond: number;
}

export const TRADE = 0;
export const QUOTE = 1;
export const DEEP = 2;

// Trades excite further trades (a Hawkes process): each adds to the intensity, and the addition fades at DECAY per second.
// With BRANCHING 0.7, seven of ten trades are consequences of others.
const DECAY = 25;
const BRANCHING = 0.7;
/** Deficit or surplus of messages is worked off within about this time: the asked rate holds over any few seconds. */
const CORRECTION_SECONDS = 1.5;
/** Changes away from the best price: a share of those at it, and enough that no 100 ms go by without one. */
const DEEP_SHARE = 0.6;
const DEEP_FLOOR_PER_SECOND = 80;

/** Decides when something happens to a symbol and of which kind: a trade, a change of the best quote, a change deeper in the book. */
export class Arrivals {
  /** Of the arrival that {@link Arrivals.nextUs} returned last. */
  kind: number = DEEP;
  readonly #random: Random;
  readonly #rates: SymbolRates;
  readonly #deepPerSecond: number;
  #background = 0;
  #quotes = 0;
  #excitement = 0;
  #lastUs = 0;
  /** Book tickers and aggregate trades sent so far. */
  #tickers = 0;
  #trades = 0;
  /** Aggregate trades that one market order makes, as seen so far. */
  #orders = 0;

  constructor(random: Random, rates: SymbolRates) {
    this.#random = random;
    this.#rates = rates;
    this.#deepPerSecond = rates.bookTickersPerSecond * DEEP_SHARE + DEEP_FLOOR_PER_SECOND;
    this.steer(0, 1);
  }

  /**
   * Sets the intensities for the next step of the fair price: `agitation` makes everything livelier for a while, the
   * counts sent so far against what is due by now keep the long-run rates where they were asked to be.
   */
  steer(nowUs: number, agitation: number): void {
    const seconds = nowUs / 1_000_000;
    const { aggTradesPerSecond, bookTickersPerSecond } = this.#rates;
    const perOrder = this.#orders < 20 ? 1 : this.#trades / this.#orders;
    const ordersDue =
      (aggTradesPerSecond + (aggTradesPerSecond * seconds - this.#trades) / CORRECTION_SECONDS) / perOrder;
    const pace = Math.min(3, Math.max(0.4, agitation));
    this.#background = Math.max(0, ordersDue) * (1 - BRANCHING) * pace;
    const quotesDue =
      bookTickersPerSecond -
      aggTradesPerSecond / perOrder +
      (bookTickersPerSecond * seconds - this.#tickers) / CORRECTION_SECONDS;
    this.#quotes = Math.max(0, quotesDue) * (0.6 + 0.4 * pace);
  }

  /** Time of the next arrival after the last one; {@link Arrivals.kind} says which. Ogata's thinning: the intensity only falls in between. */
  nextUs(): number {
    let at = this.#lastUs;
    for (;;) {
      const ceiling = this.#background + this.#excitement + this.#quotes + this.#deepPerSecond;
      const gapSeconds = this.#random.exponential() / ceiling;
      at += gapSeconds * 1_000_000;
      // e^-x to second order: exact arithmetic, and the shape of the decay is nobody's law.
      const faded = gapSeconds * DECAY;
      this.#excitement /= 1 + faded + (faded * faded) / 2;
      let pick = this.#random.unit() * ceiling;
      if ((pick -= this.#deepPerSecond) < 0) this.kind = DEEP;
      else if ((pick -= this.#quotes) < 0) this.kind = QUOTE;
      else if (pick - this.#background - this.#excitement < 0) this.kind = TRADE;
      else continue;
      this.#lastUs = at;
      return at;
    }
  }

  countTicker(): void {
    this.#tickers++;
  }

  /** One market order that became `aggTrades` messages. */
  countOrder(aggTrades: number): void {
    this.#orders++;
    this.#trades += aggTrades;
    this.#excitement += BRANCHING * DECAY;
  }
}
