import { percentiles, type Percentiles } from '../percentiles.ts';
import type { RejectionLog } from '../venues/rejection.ts';
import type { EmbeddedExchange } from './embedded-exchange.ts';
import type { LiveSession } from './live-session.ts';

/** What a live run did; the object that `--json` prints. Times and sizes in the unit of their names. */
export interface LiveReport {
  readonly mode: 'live';
  /** True where every book was equal to the exchange's at the end, nothing was refused and nothing was lost. */
  readonly ok: boolean;
  readonly url: string;
  readonly symbols: readonly string[];
  readonly ratePerSecond: number | null;
  readonly seed: number | null;
  readonly durationMs: number;
  /** Data messages the exchange sent; null where it is not ours to ask. */
  readonly sent: number | null;
  /** True where the exchange was killed, so that what it sent in its last 100 ms is not known. */
  readonly sentIsLowerBound: boolean;
  /** Data messages that arrived. */
  readonly received: number;
  readonly depthUpdates: number;
  readonly levelUpdates: number;
  readonly trades: number;
  readonly bookTickers: number;
  /** Books equal to the exchange's own at the end, of all. */
  readonly booksEqual: number;
  readonly booksTotal: number;
  readonly bookDifferences: readonly string[];
  /** Applied events compared with the exchange's own best bid and ask while running. */
  readonly bookChecks: number;
  readonly bookChecksEqual: number;
  readonly gaps: number;
  readonly resyncs: number;
  readonly reconnects: number;
  readonly exchangeRestarts: number;
  readonly frameToBookNs: Percentiles;
  readonly nsPerLevelUpdate: number | null;
  /** CPU of the monitor process, in percent of one core. */
  readonly cpuPercent: number;
  readonly rssMaxBytes: number;
  readonly rejected: ReturnType<RejectionLog['toJSON']>;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface LiveFacts {
  readonly url: string;
  readonly symbols: readonly string[];
  readonly ratePerSecond: number | null;
  readonly seed: number | null;
  /** Of the monitor process since it was connected. */
  readonly usage: { readonly elapsedMs: number; readonly cpuPercent: number; readonly rssMaxBytes: number };
  readonly session: LiveSession | undefined;
  readonly exchange: EmbeddedExchange | undefined;
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

export function liveReport(facts: LiveFacts): LiveReport {
  const { session, exchange, error } = facts;
  const pipeline = session?.pipeline;
  const watches = [...(pipeline?.watches.values() ?? [])];
  const verdicts = session?.verdicts ?? [];
  const booksEqual = verdicts.filter(({ equal }) => equal).length;
  const received = pipeline?.frames ?? 0;
  const sent = session?.sent ?? null;
  const restarts = exchange?.restarts ?? 0;
  const lost = sent !== null && restarts === 0 && sent !== received;
  const bookChecks = watches.reduce((sum, { check }) => sum + check.checks, 0);
  const bookChecksEqual = watches.reduce((sum, { check }) => sum + check.equal, 0);
  const rejected = pipeline?.rejections.toJSON() ?? { total: 0, byReason: {}, examples: [] };
  return {
    mode: 'live',
    ok:
      error === undefined &&
      booksEqual === facts.symbols.length &&
      bookChecks === bookChecksEqual &&
      rejected.total === 0 &&
      !lost,
    url: facts.url,
    symbols: facts.symbols,
    ratePerSecond: facts.ratePerSecond,
    seed: facts.seed,
    durationMs: Math.round(facts.usage.elapsedMs),
    sent,
    sentIsLowerBound: restarts > 0,
    received,
    depthUpdates: pipeline?.depthUpdates ?? 0,
    levelUpdates: pipeline?.levelUpdates ?? 0,
    trades: pipeline?.trades ?? 0,
    bookTickers: pipeline?.bookTickers ?? 0,
    booksEqual,
    booksTotal: facts.symbols.length,
    bookDifferences: verdicts.flatMap(({ symbol, difference }) =>
      difference === undefined ? [] : [`${symbol}: ${difference}`],
    ),
    bookChecks,
    bookChecksEqual,
    gaps: pipeline?.gaps ?? 0,
    resyncs: session?.resyncs ?? 0,
    reconnects: session?.reconnects ?? 0,
    exchangeRestarts: restarts,
    frameToBookNs: percentiles(pipeline?.frameToBook),
    nsPerLevelUpdate:
      pipeline === undefined || Number.isNaN(pipeline.nsPerLevelUpdate)
        ? null
        : Math.round(pipeline.nsPerLevelUpdate * 100) / 100,
    cpuPercent: Math.round(facts.usage.cpuPercent * 10) / 10,
    rssMaxBytes: facts.usage.rssMaxBytes,
    rejected,
    error: error ?? null,
  };
}
