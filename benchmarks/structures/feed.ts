// The beginning of the recorded feed, decoded once per process. Of the compressed file only a part is unpacked, and nothing
// is imported from the packages: both sides of a comparison read their input by this same code.

import { constants, gunzipSync } from 'node:zlib';
import { corpus, type InputSource } from '@perf/bench';
import type { LevelColumns } from '@perf/structures';

/** Depth events on the snapshot. A book takes them in a few milliseconds: a launch has to hold many runs of it. */
const EVENTS = 1_000;
export const TRADES = 2_000;
/** Of the compressed file: unpacked some 4.5 MB, with a few events and trades to spare. */
const COMPRESSED_BYTES = 600_000;
const TICKS_PER_UNIT = 10;
const LOTS_PER_UNIT = 1_000;

export interface Levels {
  readonly bids: LevelColumns;
  readonly asks: LevelColumns;
}

export interface RecordedFeed {
  readonly snapshot: Levels;
  /** Those that belong on the snapshot, in order. */
  readonly events: readonly Levels[];
  /** Levels in all events. */
  readonly levelUpdates: number;
  /**
   * Bid ticks, bid lots, ask ticks and ask lots, each summed over the exchange's own best prices after each event. They
   * come from another stream than the levels, so they are a key to them.
   */
  readonly sumsOfBest: readonly number[];
  /** As columns. */
  readonly trades: { readonly timesMs: Float64Array; readonly ticks: Float64Array; readonly lots: Float64Array };
}

const FILE: InputSource<Buffer> = corpus('feeds/btcusdt_20240808.gz');

export const feed: InputSource<RecordedFeed> = {
  label: `${FILE.label}, ${EVENTS} events and ${TRADES} trades`,
  load: async () => decode(await FILE.load()),
};

type Pairs = [price: string, quantity: string][];
interface Line {
  stream?: string;
  data: { u: number; b: Pairs & string; a: Pairs & string; B: string; A: string; T: number; p: string; q: string };
  lastUpdateId: number;
  bids: Pairs;
  asks: Pairs;
}
interface Event extends Levels {
  readonly lastId: number;
}
/** Three of four lines are tickers, and fewer than one of ten is asked: it is read when it is. */
interface Ticker {
  readonly updateId: number;
  readonly line: string;
}

const TICKER = '{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":';

function decode(file: Buffer): RecordedFeed {
  // What is cut off in the middle is unpacked as far as it goes.
  const text = gunzipSync(file.subarray(0, COMPRESSED_BYTES), { finishFlush: constants.Z_SYNC_FLUSH }).toString(
    'latin1',
  );
  const snapshots: Event[] = [];
  const events: Event[] = [];
  const tickers: Ticker[] = [];
  const trades = { timesMs: new Float64Array(TRADES), ticks: new Float64Array(TRADES), lots: new Float64Array(TRADES) };
  let traded = 0;
  // A line that is cut off has no end and is not looked at.
  for (let start = 0, end = 0; (end = text.indexOf('\n', start)) !== -1; start = end + 1) {
    const from = text.indexOf(' ', start) + 1;
    if (text.startsWith(TICKER, from)) {
      const idAt = from + TICKER.length;
      tickers.push({ updateId: Number(text.slice(idAt, text.indexOf(',', idAt))), line: text.slice(from, end) });
      continue;
    }
    const line = JSON.parse(text.slice(from, end)) as Line;
    const { stream, data } = line;
    if (stream === undefined) {
      snapshots.push({ lastId: line.lastUpdateId, bids: columns(line.bids), asks: columns(line.asks) });
    } else if (stream.includes('@depth')) {
      events.push({ lastId: data.u, bids: columns(data.b), asks: columns(data.a) });
    } else if (traded < TRADES) {
      trades.timesMs[traded] = data.T;
      trades.ticks[traded] = ticks(data.p);
      trades.lots[traded++] = lots(data.q);
    }
  }
  const [snapshot] = snapshots;
  if (snapshot === undefined || traded < TRADES)
    throw new Error('the beginning of the feed has no snapshot or too few trades');
  const applied = events.filter((event) => event.lastId >= snapshot.lastId).slice(0, EVENTS);
  return {
    snapshot: levelsOf(snapshot),
    events: applied.map(levelsOf),
    levelUpdates: applied.reduce((sum, { bids, asks }) => sum + bids.length + asks.length, 0),
    sumsOfBest: sumsOfBest(applied, tickers),
    trades,
  };
}

function sumsOfBest(events: readonly Event[], tickers: readonly Ticker[]): number[] {
  const last = events[EVENTS - 1];
  // Tickers are late: the right one can stand after its event.
  if (last === undefined || tickers.at(-1)!.updateId <= last.lastId)
    throw new Error('the beginning of the feed has too few events');
  const sums = [0, 0, 0, 0];
  let next = 0;
  for (const event of events) {
    while (tickers[next].updateId <= event.lastId) next++;
    const { data } = JSON.parse(tickers[next - 1].line) as Line;
    sums[0] += ticks(data.b);
    sums[1] += lots(data.B);
    sums[2] += ticks(data.a);
    sums[3] += lots(data.A);
  }
  return sums;
}

const levelsOf = ({ bids, asks }: Event): Levels => ({ bids, asks });

function columns(pairs: Pairs): LevelColumns {
  const { length } = pairs;
  const made = { ticks: new Float64Array(length), lots: new Float64Array(length), length };
  for (let at = 0; at < length; at++) {
    made.ticks[at] = ticks(pairs[at][0]);
    made.lots[at] = lots(pairs[at][1]);
  }
  return made;
}

// Exact: at these sizes the product is far nearer to its integer than to the next one.
const ticks = (price: string): number => Math.round(Number(price) * TICKS_PER_UNIT);
const lots = (quantity: string): number => Math.round(Number(quantity) * LOTS_PER_UNIT);
