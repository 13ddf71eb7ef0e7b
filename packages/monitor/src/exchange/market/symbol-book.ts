import { BookSide } from './book.ts';
import type { Instrument } from './instruments.ts';

/** Push intervals of the diff-depth streams: `@depth@0ms`, `@depth@100ms`, `@depth` (250 ms) and `@depth@500ms`. */
export const DEPTH_INTERVALS_MS: readonly number[] = [50, 100, 250, 500];

/** One depth interval of one symbol: what it has sent, and where its open batch begins in the change log. */
export interface DepthBatch {
  readonly intervalMs: number;
  /** First update id of the batch, `U`. */
  firstId: number;
  /** Last update id of the batch before, `pu`. */
  previousId: number;
  /** Logical time from which the next change closes this batch. */
  dueUs: number;
  /** Index of the batch's first change in the log. */
  logStart: number;
}

/** A closed batch is handed over while the book still is as the batch leaves it. */
export type DepthSink = (book: SymbolBook, batch: DepthBatch) => void;

const FIRST_LOG_CAPACITY = 1024;

// The change log of a symbol: one key (see book.ts) per level change, shared by all depth intervals.
//
//   log   [ k k k k k k k k k k k k k k ]
//             ^ 500 ms    ^ 250 ms  ^ 100 ms         each batch is the tail of the log from its start;
//                                                    quantities are read from the book when it closes
//
// A batch is closed by the first change *after* its time is up, not by the clock. So whenever anybody can look at the
// book, the open batch has at least one change: a REST snapshot always lies inside it (U <= lastUpdateId <= u), and a
// client that follows the published rules is in sync with its first event. Closed by the clock, a snapshot taken right
// after it would have `lastUpdateId` = the `u` just sent, and the next event, with U = lastUpdateId + 1, would be refused.

/** Both sides of one symbol, its update ids, and its open depth batches. */
export class SymbolBook {
  readonly instrument: Instrument;
  readonly bids: BookSide = new BookSide(1);
  readonly asks: BookSide = new BookSide(-1);
  readonly batches: readonly DepthBatch[];
  readonly startMs: number;
  /** Id of the last level change: `lastUpdateId` of a snapshot, `u` of a ticker. */
  updateId: number;
  /** Logical time since the market's start. */
  nowUs = 0;
  /** When the last change happened: `T` of a snapshot and of a depth event. */
  changedUs = 0;
  onDepth: DepthSink | undefined;

  #log = new Float64Array(FIRST_LOG_CAPACITY);
  #logLength = 0;
  #dueUs = Infinity;

  constructor(instrument: Instrument, firstUpdateId: number, startMs: number) {
    this.instrument = instrument;
    this.updateId = firstUpdateId - 1;
    this.startMs = startMs;
    this.batches = DEPTH_INTERVALS_MS.map((intervalMs) => ({
      intervalMs,
      firstId: 0,
      previousId: 0,
      dueUs: 0,
      logStart: 0,
    }));
  }

  /** Ends the filling of the book: what was set so far is history, depth batches begin here, `phaseUs` off the full interval. */
  open(phaseUs: number): void {
    this.#logLength = 0;
    for (const batch of this.batches) {
      batch.previousId = this.updateId;
      batch.logStart = 0;
      batch.dueUs = phaseUs % (batch.intervalMs * 1000);
      if (batch.dueUs === 0) batch.dueUs = batch.intervalMs * 1000;
    }
    this.#findDue();
  }

  /** Changes one level: one update id. 0 lots remove it. */
  set(side: BookSide, ticks: number, lots: number): void {
    if (this.nowUs >= this.#dueUs) this.#closeDue();
    const key = ticks * side.sign;
    side.set(key, lots);
    this.updateId++;
    this.changedUs = this.nowUs;
    if (this.#logLength === this.#log.length) this.#growLog();
    this.#log[this.#logLength++] = key;
  }

  /** Closes every open batch that has a change, due or not. */
  flush(): void {
    for (const batch of this.batches) this.#close(batch);
    this.#trimLog();
  }

  /** The keys changed in the open batch, ascending, each once: asks from the highest price down, then bids upwards. A fresh array. */
  changedKeys(batch: DepthBatch): Float64Array {
    const keys = this.#log.slice(batch.logStart, this.#logLength).sort();
    let kept = 0;
    for (let at = 0; at < keys.length; at++) {
      if (at === 0 || keys[at] !== keys[at - 1]) keys[kept++] = keys[at];
    }
    return keys.subarray(0, kept);
  }

  /** Logical wall time in milliseconds: `E` of whatever is sent now. */
  get nowMs(): number {
    return this.startMs + Math.floor(this.nowUs / 1000);
  }

  get changedMs(): number {
    return this.startMs + Math.floor(this.changedUs / 1000);
  }

  #closeDue(): void {
    for (const batch of this.batches) {
      if (this.nowUs < batch.dueUs) continue;
      this.#close(batch);
      const intervalUs = batch.intervalMs * 1000;
      // Boundaries stay on their grid, however late the change came that crossed one.
      batch.dueUs += intervalUs * (Math.floor((this.nowUs - batch.dueUs) / intervalUs) + 1);
    }
    this.#findDue();
    this.#trimLog();
  }

  #close(batch: DepthBatch): void {
    if (this.updateId === batch.previousId) return;
    batch.firstId = batch.previousId + 1;
    this.onDepth?.(this, batch);
    batch.previousId = this.updateId;
    batch.logStart = this.#logLength;
  }

  #findDue(): void {
    this.#dueUs = Infinity;
    for (const batch of this.batches) if (batch.dueUs < this.#dueUs) this.#dueUs = batch.dueUs;
  }

  /** Drops what no open batch needs, once that is at least half of the log. */
  #trimLog(): void {
    let start = this.#logLength;
    for (const batch of this.batches) if (batch.logStart < start) start = batch.logStart;
    if (start * 2 < this.#logLength) return;
    this.#log.copyWithin(0, start, this.#logLength);
    this.#logLength -= start;
    for (const batch of this.batches) batch.logStart -= start;
  }

  #growLog(): void {
    const log = new Float64Array(this.#log.length * 2);
    log.set(this.#log);
    this.#log = log;
  }
}
