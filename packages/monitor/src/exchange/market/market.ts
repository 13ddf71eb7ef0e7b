import { instrument } from './instruments.ts';
import { type MarketSink, SymbolMarket } from './symbol-market.ts';

export interface MarketOptions {
  readonly symbols: readonly string[];
  /** Messages per second that a client of every symbol's `@depth@100ms`, `@bookTicker` and `@aggTrade` receives. */
  readonly ratePerSecond: number;
  readonly seed: number;
  readonly startTimeMs: number;
  readonly firstUpdateId: number;
}

const DEPTH_PER_SECOND = 10;
/** Of what is left after depth events; the rest are aggregate trades. */
const TICKER_SHARE = 0.7;
/** Below this a symbol has too few changes to fill its ten depth events. */
export const LOWEST_RATE_PER_SYMBOL = 20;

/** All symbols on one logical clock. No wall clock, no I/O: time passes when {@link Market.advanceTo} says so. */
export class Market {
  readonly symbols: readonly SymbolMarket[];
  /** Milliseconds since the start that have passed, whole ones. */
  elapsedMs = 0;
  readonly startTimeMs: number;
  readonly #bySymbol: ReadonlyMap<string, SymbolMarket>;

  constructor(options: MarketOptions, sink: MarketSink) {
    const instruments = options.symbols.map(instrument);
    const totalWeight = instruments.reduce((sum, { weight }) => sum + weight, 0);
    const shared = options.ratePerSecond - DEPTH_PER_SECOND * instruments.length;
    this.startTimeMs = options.startTimeMs;
    this.symbols = instruments.map((one, index) => {
      const perSecond = (shared * one.weight) / totalWeight;
      const rates = {
        bookTickersPerSecond: perSecond * TICKER_SHARE,
        aggTradesPerSecond: perSecond * (1 - TICKER_SHARE),
      };
      const { seed, startTimeMs, firstUpdateId } = options;
      return new SymbolMarket({ instrument: one, index, seed, startTimeMs, firstUpdateId, rates }, sink);
    });
    this.#bySymbol = new Map(this.symbols.map((market) => [market.instrument.symbol, market]));
  }

  /** The exchange's own clock, in Unix milliseconds. */
  get timeMs(): number {
    return this.startTimeMs + this.elapsedMs;
  }

  get(symbol: string): SymbolMarket | undefined {
    return this.#bySymbol.get(symbol);
  }

  /** One millisecond for every symbol: so event times of different symbols never go back by more than that. */
  advance(): void {
    this.elapsedMs++;
    const untilUs = this.elapsedMs * 1000;
    for (const market of this.symbols) market.advance(untilUs);
  }

  /** Advances to that many milliseconds since the start. */
  advanceTo(elapsedMs: number): void {
    while (this.elapsedMs < elapsedMs) this.advance();
  }

  /** Sends what the open depth batches hold, so that every `u` equals its book's update id. */
  flush(): void {
    for (const market of this.symbols) market.flush();
  }
}
