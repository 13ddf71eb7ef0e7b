import { Random } from './prng.ts';

/** One perpetual contract: what `exchangeInfo` says of it, and how its book looks. */
export interface Instrument {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  /** Decimals of a price on the wire. May exceed those of the tick: BTCUSDT has ticks of 0.1 and says "61800.20". */
  readonly priceDecimals: number;
  /** The tick in units of the last wire decimal: 10 for BTCUSDT. */
  readonly tickUnits: number;
  /** Decimals of a quantity on the wire; the lot is one unit of the last. */
  readonly quantityDecimals: number;
  /** Where the price starts, in ticks. */
  readonly startTicks: number;
  /** Share of all trades and best-price changes, before the shares of a market are scaled to one. */
  readonly weight: number;
  /** Usual quantity at the best price, in lots. */
  readonly bestLots: number;
  /** Usual quantity of a level further away, in lots. */
  readonly levelLots: number;
  /** Usual size of a market order, in lots. */
  readonly tradeLots: number;
  /** Mean distance of neighbouring levels near the best price, in ticks. */
  readonly gapTicks: number;
  /** Onboarding time, as the venue states it. */
  readonly onboardMs: number;
}

type Row = readonly [
  baseAsset: string,
  priceDecimals: number,
  tickUnits: number,
  quantityDecimals: number,
  startPrice: number,
  weight: number,
  bestLots: number,
  levelLots: number,
  tradeLots: number,
  gapTicks: number,
  onboardMs: number,
];

// Ticks, lots and wire decimals as the venue has them; sizes and gaps read off its books of 2024.
const ROWS: readonly Row[] = [
  ['BTC', 2, 10, 3, 61_800, 0.3, 2400, 110, 30, 3, 1_569_398_400_000],
  ['ETH', 2, 1, 3, 2_680, 0.22, 24_000, 1500, 400, 3, 1_569_398_400_000],
  ['SOL', 4, 100, 2, 162.4, 0.14, 16_000, 4000, 600, 1.2, 1_600_066_800_000],
  ['BNB', 3, 10, 2, 518.3, 0.07, 1400, 300, 60, 1.6, 1_581_318_000_000],
  ['XRP', 4, 1, 1, 0.6142, 0.1, 900_000, 600_000, 14_000, 1.05, 1_569_398_400_000],
  ['DOGE', 6, 10, 0, 0.10471, 0.08, 160_000, 110_000, 4000, 1.05, 1_594_355_400_000],
  ['ADA', 5, 10, 0, 0.3516, 0.05, 110_000, 90_000, 2200, 1.05, 1_580_454_000_000],
  ['LINK', 3, 1, 2, 10.482, 0.04, 60_000, 30_000, 1500, 1.15, 1_579_244_400_000],
];

const QUOTE = 'USDT';

/** The symbols of an exchange that was not told which. */
export const DEFAULT_SYMBOLS: readonly string[] = ROWS.map((row) => row[0] + QUOTE);

const KNOWN: ReadonlyMap<string, Instrument> = new Map(ROWS.map((row) => [row[0] + QUOTE, fromRow(row)]));

/** The instrument of that name: a known one, or one made up from the name alone, the same each time. */
export function instrument(symbol: string): Instrument {
  return KNOWN.get(symbol) ?? madeUp(symbol);
}

/** Names that `symbols` takes: they stand in URLs, in stream names (lower case) and in JSON without escaping. */
export function isSymbolName(symbol: unknown): symbol is string {
  return typeof symbol === 'string' && /^[A-Z0-9_]{2,32}$/.test(symbol);
}

function fromRow(row: Row): Instrument {
  const [baseAsset, priceDecimals, tickUnits, quantityDecimals, startPrice] = row;
  return Object.freeze({
    symbol: baseAsset + QUOTE,
    baseAsset,
    quoteAsset: QUOTE,
    priceDecimals,
    tickUnits,
    quantityDecimals,
    startTicks: Math.round((startPrice * 10 ** priceDecimals) / tickUnits),
    weight: row[5],
    bestLots: row[6],
    levelLots: row[7],
    tradeLots: row[8],
    gapTicks: row[9],
    onboardMs: row[10],
  });
}

function madeUp(symbol: string): Instrument {
  const random = new Random(0, symbol);
  const quoteAsset = /^.+(?:USDT|USDC)$/.test(symbol) ? symbol.slice(-4) : QUOTE;
  const baseAsset = symbol.endsWith(quoteAsset) ? symbol.slice(0, -4) : symbol;
  // Four or five digits of ticks, as small contracts have: 5,000 to about 45,000.
  const startTicks = 4000 + Math.round(1000 * random.pareto(40));
  const priceDecimals = 2 + random.below(5);
  const tickUnits = random.unit() < 0.4 ? 10 : 1;
  const quantityDecimals = random.below(4);
  const levelLots = Math.round(400 * random.pareto(200));
  return Object.freeze({
    symbol,
    baseAsset,
    quoteAsset,
    priceDecimals,
    tickUnits,
    quantityDecimals,
    startTicks,
    weight: 0.04,
    bestLots: levelLots * 3,
    levelLots,
    tradeLots: Math.max(2, Math.round(levelLots / 8)),
    gapTicks: 1 + random.unit() / 2,
    onboardMs: 1_600_000_000_000,
  });
}
