import { DEFAULT_SYMBOLS } from '../exchange/market/instruments.ts';
import { describeFlags, duration, text, toggle, whole, type Flag, type FlagsFor } from './flag.ts';

const MAX_SYMBOLS = 200;

const symbols: Flag<readonly string[]> = {
  placeholder: 'A,B,…',
  help: `symbols to watch (default: ${DEFAULT_SYMBOLS.join(',')})`,
  fallback: DEFAULT_SYMBOLS,
  read: (value) => {
    const list = value.split(',').map((name) => name.trim().toUpperCase());
    if (!list.every((name) => /^[A-Z0-9]{2,20}$/.test(name))) {
      throw new Error('must be symbols like BTCUSDT, separated by commas');
    }
    if (new Set(list).size !== list.length) throw new Error('must not name a symbol twice');
    if (list.length > MAX_SYMBOLS) throw new Error(`must be at most ${MAX_SYMBOLS} symbols`);
    return list;
  },
};

const speed: Flag<'max' | number> = {
  placeholder: 'max|real|N',
  help: 'as fast as possible (default), as recorded, or N times as fast as recorded',
  fallback: 'max',
  read: (value) => {
    if (value === 'max') return 'max';
    if (value === 'real') return 1;
    const factor = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    if (!(factor > 0 && factor <= 1e6)) throw new Error('must be max, real or a positive number');
    return factor;
  },
};

const venue: Flag<'binance-usdm'> = {
  placeholder: 'NAME',
  help: 'venue whose rules the recording follows (default: binance-usdm)',
  fallback: 'binance-usdm',
  read: (value) => {
    if (value !== 'binance-usdm') throw new Error('must be binance-usdm, the venue whose recordings can be read');
    return value;
  },
};

const size = (what: string): Flag<string | undefined> => ({
  placeholder: 'SIZE',
  help: `${what} size (default: the fewest decimals that represent every value of the snapshot)`,
  fallback: undefined,
  read: (value) => {
    if (!/^\d+(\.\d+)?$/.test(value) || Number(value) === 0) throw new Error('must be a positive decimal like 0.1');
    return value;
  },
});

const url: Flag<string | undefined> = {
  placeholder: 'URL',
  help: 'watch the exchange at this address instead of an embedded one',
  fallback: undefined,
  read: (value) => {
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol)) {
      throw new Error('must be an http:// or https:// address');
    }
    return value.replace(/\/+$/, '');
  },
};

const json = toggle('print one JSON object at the end and nothing else');
const durationFlag = duration('stop this long after connecting, like 20s or 5m (default: run until Ctrl-C)', undefined);
const rate = whole('N', 'messages per second over all streams (default: 2000)', 2_000, 100, 200_000);
const seed = whole('N', 'seed of the market (default: 1); the same seed gives the same bytes', 1, 0, 0xffff_ffff);
const port = whole('N', 'port of the exchange (default: any free one)', 0, 0, 65_535);

export interface WatchValues {
  readonly duration: number | undefined;
  readonly json: boolean;
  readonly symbols: readonly string[];
  readonly rate: number;
  readonly seed: number;
  readonly port: number;
  readonly connect: string | undefined;
  readonly 'kill-exchange-at': number | undefined;
  readonly 'kill-exchange-for': number;
}

export const watchFlags: FlagsFor<WatchValues> = {
  duration: durationFlag,
  json,
  symbols,
  rate,
  seed,
  port,
  connect: url,
  'kill-exchange-at': duration('kill the embedded exchange after this time, to see the monitor recover', undefined),
  'kill-exchange-for': duration('start it again after this time (default: 3s)', 3_000),
};

export interface ReplayValues {
  readonly replay: string | undefined;
  readonly venue: 'binance-usdm';
  readonly speed: 'max' | number;
  readonly tick: string | undefined;
  readonly lot: string | undefined;
  readonly duration: number | undefined;
  readonly json: boolean;
}

export const replayFlags: FlagsFor<ReplayValues> = {
  replay: text('FILE', 'recorded feed, gzip or plain: one "<19 digits> <JSON>" a line', undefined),
  venue,
  speed,
  tick: size('tick'),
  lot: size('lot'),
  duration: durationFlag,
  json,
};

export interface ExchangeValues {
  readonly port: number;
  readonly symbols: readonly string[];
  readonly rate: number;
  readonly seed: number;
  readonly duration: number | undefined;
  readonly json: boolean;
}

export const exchangeFlags: FlagsFor<ExchangeValues> = {
  port: whole('N', 'port to listen on (default: 9000; 0 for any free one)', 9_000, 0, 65_535),
  symbols,
  rate,
  seed,
  duration: durationFlag,
  json,
};

export const HELP: string = `perf-monitor watches a market: order books, candles, latency, gaps.

  perf-monitor                      an embedded exchange and the monitor on it, until Ctrl-C
  perf-monitor --connect URL        a Binance USD-M API at this address
  perf-monitor --replay FILE        a recorded feed, checked against the exchange's own best prices
  perf-monitor exchange             only the exchange, for any client to test against

watching
${describeFlags(watchFlags)}
replaying
${describeFlags(replayFlags)}
perf-monitor exchange
${describeFlags(exchangeFlags)}
NO_COLOR turns colours off. PERF_NATIVE=0 turns native code off.
Exit codes: 0 fine, 1 something failed or a book was not equal (the report says what), 2 wrong usage.
`;
