import { bookDigest } from '../book-digest.ts';
import type { MonitorError } from '../errors.ts';
import { percentiles, type Percentiles } from '../percentiles.ts';
import { scaleText, textFromCount } from '../venues/scale.ts';
import type { ReplayFeed } from './replay-feed.ts';

/** What a replay did; the object that `--replay FILE --json` prints. Times in the unit of their names. */
export interface ReplayReport {
  readonly mode: 'replay';
  /** True where the whole recording went through and every book check was equal. */
  readonly ok: boolean;
  readonly file: string;
  readonly venue: string;
  readonly symbol: string | null;
  readonly tick: string | null;
  readonly lot: string | null;
  readonly speed: 'max' | number;
  readonly interrupted: boolean;
  readonly durationMs: number;
  readonly lines: number;
  /** Bytes of text, decompressed. */
  readonly bytes: number;
  /** Depth events applied to the book. */
  readonly events: number;
  /** Depth events dropped because the snapshot already had them. */
  readonly staleEvents: number;
  readonly levelUpdates: number;
  readonly gaps: number;
  readonly snapshots: number;
  readonly trades: number;
  readonly bookTickers: number;
  /** Applied events that could be compared with the exchange's own best bid and ask, and how many were equal. */
  readonly bookChecks: number;
  readonly bookChecksEqual: number;
  readonly firstMismatch: string | null;
  readonly bidLevels: number;
  readonly askLevels: number;
  readonly bestBid: string | null;
  readonly bestAsk: string | null;
  readonly bookSha256: string | null;
  /** From frame bytes to the changed book, decoding included, divided by the level updates. */
  readonly nsPerLevelUpdate: number | null;
  /** The book's part of it. */
  readonly bookNsPerLevelUpdate: number | null;
  readonly frameToBookNs: Percentiles;
  readonly rejected: { readonly total: number; readonly byReason: Record<string, number>; readonly examples: string[] };
  readonly rssBytes: number;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface ReplayFacts {
  readonly file: string;
  readonly venue: string;
  readonly speed: 'max' | number;
  readonly feed: ReplayFeed;
  readonly lines: number;
  readonly bytes: number;
  readonly durationMs: number;
  readonly interrupted: boolean;
  readonly error: MonitorError | undefined;
}

export function replayReport(facts: ReplayFacts): ReplayReport {
  const { feed, error } = facts;
  const { pipeline, watch } = feed;
  const check = watch?.check;
  const rejected = merged(feed);
  const gaps = pipeline?.gaps ?? 0;
  const checks = check?.checks ?? 0;
  const equal = check?.equal ?? 0;
  return {
    mode: 'replay',
    ok: error === undefined && !facts.interrupted && gaps === 0 && checks === equal && rejected.total === 0,
    file: facts.file,
    venue: facts.venue,
    symbol: watch?.symbol ?? null,
    tick: watch === undefined ? null : scaleText(watch.instrument.tick),
    lot: watch === undefined ? null : scaleText(watch.instrument.lot),
    speed: facts.speed,
    interrupted: facts.interrupted,
    durationMs: Math.round(facts.durationMs * 10) / 10,
    lines: facts.lines,
    bytes: facts.bytes,
    events: watch?.appliedUpdates ?? 0,
    staleEvents: watch?.sync.stats.dropped ?? 0,
    levelUpdates: watch?.levelUpdates ?? 0,
    gaps,
    snapshots: feed.snapshots,
    trades: pipeline?.trades ?? 0,
    bookTickers: pipeline?.bookTickers ?? 0,
    bookChecks: checks,
    bookChecksEqual: equal,
    firstMismatch: check?.firstMismatch ?? null,
    bidLevels: watch?.book.bidLevels ?? 0,
    askLevels: watch?.book.askLevels ?? 0,
    bestBid: price(watch?.book.bestBidTicks, watch?.instrument.tick),
    bestAsk: price(watch?.book.bestAskTicks, watch?.instrument.tick),
    bookSha256: watch === undefined ? null : bookDigest(watch.book),
    nsPerLevelUpdate: rounded(pipeline?.nsPerLevelUpdate),
    bookNsPerLevelUpdate: rounded(pipeline?.bookNsPerLevelUpdate),
    frameToBookNs: percentiles(pipeline?.frameToBook),
    rejected,
    rssBytes: process.memoryUsage.rss(),
    error: error === undefined ? null : { code: error.code, message: error.message },
  };
}

function merged(feed: ReplayFeed): { total: number; byReason: Record<string, number>; examples: string[] } {
  const byReason: Record<string, number> = {};
  const examples: string[] = [];
  let total = 0;
  for (const log of [feed.refused, feed.pipeline?.rejections]) {
    if (log === undefined) continue;
    for (const [reason, count] of log.counts) byReason[reason] = (byReason[reason] ?? 0) + count;
    examples.push(...log.examples);
    total += log.total;
  }
  return { total, byReason, examples };
}

function price(ticks: number | undefined, tick: { decimals: number; step: number } | undefined): string | null {
  return ticks === undefined || tick === undefined || Number.isNaN(ticks) ? null : textFromCount(ticks, tick);
}

function rounded(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : Math.round(value * 100) / 100;
}
