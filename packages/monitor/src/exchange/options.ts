import { anyOption, choiceOption, integerOption, type OptionRules, readOptions } from '@perf/internal';
import { MonitorError } from '../errors.ts';
import { DEFAULT_SYMBOLS, isSymbolName } from './market/instruments.ts';
import { LOWEST_RATE_PER_SYMBOL } from './market/market.ts';
import { WEIGHT_PER_MINUTE } from './protocol/exchange-info.ts';

/** What an {@link Exchange} trades, how fast, and where. All optional. */
export interface ExchangeOptions {
  /**
   * Symbols in upper case. Default: BTCUSDT, ETHUSDT, SOLUSDT, BNBUSDT, XRPUSDT, DOGEUSDT, ADAUSDT, LINKUSDT. Any other
   * name gets a made-up instrument, the same one each time.
   */
  readonly symbols?: readonly string[] | undefined;
  /**
   * Messages per second that one client of all `@depth@100ms`, `@bookTicker` and `@aggTrade` streams receives. At least
   * 20 per symbol. Default 2,000, or that minimum where it is larger.
   */
  readonly ratePerSecond?: number | undefined;
  /** The market's seed: the same seed and options give the same bytes on each stream. Default 1. */
  readonly seed?: number | undefined;
  readonly host?: '127.0.0.1' | undefined;
  /** 0 (default) takes any free port. */
  readonly port?: number | undefined;
  /** Unix milliseconds at which the market's logical clock starts. Default 2024-08-08 00:00:00 UTC. */
  readonly startTimeMs?: number | undefined;
  /** First update id of each symbol. Default 5,000,000,000,000: as on the venue, beyond 2^32. */
  readonly firstUpdateId?: number | undefined;
  /** How often the server pings. Default 180,000. */
  readonly pingIntervalMs?: number | undefined;
  /** Without a pong for this long, a connection is closed with 1008. Default 600,000. */
  readonly pongTimeoutMs?: number | undefined;
  /** Unsent bytes at which a client that does not read is cut off with 1008. Default 16 MiB. */
  readonly maxBufferedBytes?: number | undefined;
  /** Request weight per minute and address. Default 2,400. */
  readonly weightPerMinute?: number | undefined;
}

export type ReadExchangeOptions = Readonly<
  Required<{ [Key in keyof ExchangeOptions]: NonNullable<ExchangeOptions[Key]> }>
>;

const DEFAULT_RATE_PER_SECOND = 2000;
const MOST_SYMBOLS = 1000;
/** 2024-08-08 00:00:00 UTC. */
const DEFAULT_START_MS = 1_723_075_200_000;
/** Node's longest timer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const RULES = {
  symbols: anyOption<readonly string[]>(DEFAULT_SYMBOLS, symbolsFault),
  ratePerSecond: integerOption(0, 1, 10_000_000),
  seed: integerOption(1, 0),
  host: choiceOption('127.0.0.1', ['127.0.0.1']),
  port: integerOption(0, 0, 65_535),
  startTimeMs: integerOption(DEFAULT_START_MS, 0, 8_000_000_000_000),
  firstUpdateId: integerOption(5_000_000_000_000, 1, 9_000_000_000_000_000),
  pingIntervalMs: integerOption(180_000, 1, LONGEST_TIMER_MS),
  pongTimeoutMs: integerOption(600_000, 1, LONGEST_TIMER_MS),
  maxBufferedBytes: integerOption(16 * 1024 * 1024, 64 * 1024),
  weightPerMinute: integerOption(WEIGHT_PER_MINUTE, 1),
} satisfies OptionRules;

/** Checked, completed and frozen. Throws ERR_PERF_MONITOR_OPTION naming the key. */
export function readExchangeOptions(given: ExchangeOptions | undefined): ReadExchangeOptions {
  const read = readOptions('Exchange', given, RULES, (message) => optionError(message));
  const lowest = LOWEST_RATE_PER_SYMBOL * read.symbols.length;
  const ratePerSecond = read.ratePerSecond === 0 ? Math.max(DEFAULT_RATE_PER_SECOND, lowest) : read.ratePerSecond;
  if (ratePerSecond < lowest) {
    throw optionError(
      `Exchange: option "ratePerSecond" must be at least ${LOWEST_RATE_PER_SYMBOL} per symbol (${lowest} for ${read.symbols.length}), got ${ratePerSecond}`,
    );
  }
  return Object.freeze({ ...read, symbols: Object.freeze([...read.symbols]), ratePerSecond });
}

function symbolsFault(value: unknown): string | undefined {
  const rule = `must be an array of 1 to ${MOST_SYMBOLS} different names of A-Z, 0-9 and _`;
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_SYMBOLS) return rule;
  return value.every(isSymbolName) && new Set(value).size === value.length ? undefined : rule;
}

function optionError(message: string): Error {
  return new MonitorError('ERR_PERF_MONITOR_OPTION', message);
}
