import { anyOption, choiceOption, functionOption, integerOption, readOptions } from '@perf/internal';
import { optionFault, StructuresError } from '../errors.ts';
import { CANDLE_FIELDS, candleAt, CLOSE, START, STRIDE, VOLUME, widen, write } from './candle.ts';
import type { Candle } from './candle.ts';

export interface CandlesOptions {
  /** Lengths of the intervals, at most 32, each an integer of at least 1 ms. */
  readonly intervalsMs: readonly number[];
  /** Candles kept per interval, the open one included; default 1,024. */
  readonly capacity?: number | undefined;
  /**
   * Intervals without a tick: `skip` (default) leaves them out, `fill` writes flat candles at the last close with no volume,
   * at most `capacity` of them at a time.
   */
  readonly gaps?: 'skip' | 'fill' | undefined;
  /**
   * Ticks of a candle that is closed already: `apply` (default) widens it by the price and adds the volume, open and close stay;
   * `refuse` leaves it. Both are counted, and `onClose` is not called again.
   */
  readonly late?: 'apply' | 'refuse' | undefined;
  /** After a tick has closed candles, oldest first; the tick itself is in the new candle already. */
  readonly onClose?: ((candle: Candle, intervalMs: number) => void) | undefined;
}

type Closed = [candle: Candle, intervalMs: number][];

/**
 * Ticks to OHLCV candles for several intervals at once, all in one Float64Array.
 *
 * Candles start at multiples of their length since 1970 UTC. Within the open candle the order of arrival decides what is
 * open and close. `add` is O(intervals) and allocates only when a candle closes and `onClose` is given.
 *
 * Errors: `ERR_PERF_STRUCTURES_OPTION`, `ERR_PERF_STRUCTURES_TICK` (a time, price or quantity that is no non-negative safe
 * integer, or a volume past 2^53; nothing is changed), `ERR_PERF_STRUCTURES_ARGUMENT` (an interval that is not kept).
 *
 * @example
 * const candles = new Candles({ intervalsMs: [1_000, 60_000] });
 * candles.add(Date.now(), 618_002, 15);
 * candles.current(60_000)?.highTicks; // 618002
 */
export class Candles {
  readonly intervalsMs: readonly number[];
  readonly capacity: number;
  readonly #fill: boolean;
  readonly #applyLate: boolean;
  readonly #onClose: ((candle: Candle, intervalMs: number) => void) | undefined;
  /** Per interval `capacity` records of `STRIDE` numbers, used as a ring. */
  readonly #records: Float64Array;
  /** Per interval the start of its open candle in `#records`. */
  readonly #open: Int32Array;
  readonly #kept: Int32Array;
  /** Per interval the first ms that is not in the open candle, −1 before the first tick. */
  readonly #ends: Float64Array;
  /** Time, price and quantity of the tick that is being added. */
  readonly #tick: Float64Array = new Float64Array(3);
  /** All lots ever given: while that is a safe integer, no candle's volume can pass one, and none has to be asked. */
  #lotsGiven = 0;
  #lateApplied = 0;
  #lateRefused = 0;
  #gapsCut = 0;

  constructor(options: CandlesOptions) {
    const read = readOptions(
      'Candles',
      options,
      {
        intervalsMs: anyOption<readonly number[]>([], intervalsFault),
        capacity: integerOption(1024, 1, 2 ** 20),
        gaps: choiceOption('skip', ['skip', 'fill']),
        late: choiceOption('apply', ['apply', 'refuse']),
        onClose: functionOption<((candle: Candle, intervalMs: number) => void) | undefined>(undefined),
      },
      optionFault,
    );
    if (read.intervalsMs.length === 0) throw optionFault('Candles: option "intervalsMs" is required', 'intervalsMs');
    this.intervalsMs = Object.freeze([...read.intervalsMs]);
    this.capacity = read.capacity;
    this.#fill = read.gaps === 'fill';
    this.#applyLate = read.late === 'apply';
    this.#onClose = read.onClose;
    const intervals = this.intervalsMs.length;
    this.#records = new Float64Array(intervals * read.capacity * STRIDE);
    this.#open = Int32Array.from(this.intervalsMs, (_, interval) => interval * read.capacity * STRIDE);
    this.#kept = new Int32Array(intervals);
    this.#ends = new Float64Array(intervals).fill(-1);
  }

  /** Late ticks that were added to a closed candle, counted per interval. */
  get lateApplied(): number {
    return this.#lateApplied;
  }

  /** Late ticks that were not: refused by policy, or their candle is not kept. Counted per interval. */
  get lateRefused(): number {
    return this.#lateRefused;
  }

  /** Empty intervals that `gaps: 'fill'` left out because there were more than `capacity` in a row. */
  get gapsCut(): number {
    return this.#gapsCut;
  }

  /** Adds one trade to every interval. */
  add(timeMs: number, priceTicks: number, qtyLots: number): void {
    // What is not the common way gets the tick through memory: numbers that a call takes as arguments are boxed before
    // it is known whether it is made, 16 bytes for every time of 13 digits.
    const tick = this.#tick;
    tick[0] = timeMs;
    tick[1] = priceTicks;
    tick[2] = qtyLots;
    const lotsGiven = this.#lotsGiven + qtyLots;
    if (!isCount(timeMs) || !isCount(priceTicks) || !isCount(qtyLots) || lotsGiven > Number.MAX_SAFE_INTEGER) {
      this.#check();
    } else {
      this.#lotsGiven = lotsGiven;
    }
    const records = this.#records;
    let closed: Closed | undefined;
    for (let interval = 0; interval < this.#open.length; interval++) {
      const at = this.#open[interval];
      if (timeMs < this.#ends[interval] && timeMs >= records[at + START]) {
        widen(records, at, priceTicks, qtyLots);
        records[at + CLOSE] = priceTicks;
      } else {
        closed = this.#leave(interval, closed);
      }
    }
    if (closed !== undefined) this.#report(closed);
  }

  /** The candle that is still open, or undefined before the first tick. */
  current(intervalMs: number): Candle | undefined {
    const interval = this.#indexOf(intervalMs);
    return this.#kept[interval] === 0 ? undefined : candleAt(this.#records, this.#open[interval]);
  }

  /** The newest `count` candles, oldest first; the last one is still open. */
  latest(intervalMs: number, count: number): Candle[] {
    const interval = this.#indexOf(intervalMs);
    const length = this.#countOf(interval, count);
    return Array.from({ length }, (_, at) => candleAt(this.#records, this.#recordAt(interval, length - 1 - at)));
  }

  /** The same into caller's memory, `CANDLE_FIELDS` numbers a candle; returns how many candles fitted. */
  latestInto(intervalMs: number, out: Float64Array, count: number): number {
    const interval = this.#indexOf(intervalMs);
    const length = Math.min(this.#countOf(interval, count), Math.floor(out.length / CANDLE_FIELDS));
    for (let candle = 0; candle < length; candle++) {
      const from = this.#recordAt(interval, length - 1 - candle);
      for (let field = 0; field < CANDLE_FIELDS; field++)
        out[candle * CANDLE_FIELDS + field] = this.#records[from + field];
    }
    return length;
  }

  /** Candles kept for an interval, the open one included. */
  count(intervalMs: number): number {
    return this.#kept[this.#indexOf(intervalMs)];
  }

  /** The tick is neither in the open candle nor is it the first one. */
  #leave(interval: number, closed: Closed | undefined): Closed | undefined {
    const timeMs = this.#tick[0];
    const priceTicks = this.#tick[1];
    const qtyLots = this.#tick[2];
    const at = this.#open[interval];
    if (timeMs < this.#ends[interval]) {
      this.#addLate(interval, timeMs, priceTicks, qtyLots);
      return closed;
    }
    if (this.#onClose !== undefined && this.#kept[interval] > 0) closed = this.#collect(closed, interval, at);
    const length = this.intervalsMs[interval];
    const start = Math.floor(timeMs / length) * length;
    if (this.#fill && this.#kept[interval] > 0) closed = this.#fillTo(interval, start, closed);
    write(this.#records, this.#advance(interval), start, priceTicks, qtyLots, 1);
    this.#ends[interval] = start + length;
    return closed;
  }

  #report(closed: Closed): void {
    for (const [candle, intervalMs] of closed) this.#onClose!(candle, intervalMs);
  }

  #check(): void {
    const timeMs = this.#tick[0];
    const priceTicks = this.#tick[1];
    const qtyLots = this.#tick[2];
    if (!isCount(timeMs) || !isCount(priceTicks) || !isCount(qtyLots)) {
      throw new StructuresError(
        'ERR_PERF_STRUCTURES_TICK',
        `tick of ${qtyLots} lots at ${priceTicks} ticks, time ${timeMs} ms: all must be integers from 0 to 2^53 - 1; it was not added`,
      );
    }
    for (let interval = 0; interval < this.#open.length; interval++) {
      const at = this.#recordFor(interval, timeMs);
      if (at >= 0 && this.#records[at + VOLUME] + qtyLots > Number.MAX_SAFE_INTEGER) {
        throw new StructuresError(
          'ERR_PERF_STRUCTURES_TICK',
          `${qtyLots} lots take the volume of the ${this.intervalsMs[interval]} ms candle past 2^53: the tick was not added`,
        );
      }
    }
  }

  /** Record of the candle that a tick would be added to, −1 when it would open one or be refused. */
  #recordFor(interval: number, timeMs: number): number {
    const at = this.#open[interval];
    if (timeMs >= this.#ends[interval]) return -1;
    if (timeMs >= this.#records[at + START]) return at;
    return this.#applyLate ? this.#findClosed(interval, timeMs) : -1;
  }

  #addLate(interval: number, timeMs: number, priceTicks: number, qtyLots: number): void {
    const at = this.#applyLate ? this.#findClosed(interval, timeMs) : -1;
    if (at < 0) {
      this.#lateRefused++;
      return;
    }
    widen(this.#records, at, priceTicks, qtyLots);
    this.#lateApplied++;
  }

  /** Starts ascend through the ring, so a binary search finds the candle: O(log capacity). */
  #findClosed(interval: number, timeMs: number): number {
    const length = this.intervalsMs[interval];
    const start = Math.floor(timeMs / length) * length;
    let newest = 0;
    let oldest = this.#kept[interval] - 1;
    while (newest <= oldest) {
      const back = (newest + oldest) >>> 1;
      const at = this.#recordAt(interval, back);
      const found = this.#records[at + START];
      if (found === start) return at;
      if (found > start) newest = back + 1;
      else oldest = back - 1;
    }
    return -1;
  }

  #fillTo(interval: number, start: number, closed: Closed | undefined): Closed | undefined {
    const length = this.intervalsMs[interval];
    const close = this.#records[this.#open[interval] + CLOSE];
    let from = this.#ends[interval];
    const missing = (start - from) / length;
    if (missing > this.capacity) {
      this.#gapsCut += missing - this.capacity;
      from = start - this.capacity * length;
    }
    for (; from < start; from += length) {
      const at = this.#advance(interval);
      write(this.#records, at, from, close, 0, 0);
      if (this.#onClose !== undefined) closed = this.#collect(closed, interval, at);
    }
    return closed;
  }

  #collect(closed: Closed | undefined, interval: number, at: number): Closed {
    const entry: [Candle, number] = [candleAt(this.#records, at), this.intervalsMs[interval]];
    if (closed === undefined) return [entry];
    closed.push(entry);
    return closed;
  }

  /** Moves an interval to its next record, which drops the oldest when the ring is full. */
  #advance(interval: number): number {
    const first = interval * this.capacity * STRIDE;
    let next = first;
    if (this.#kept[interval] > 0) {
      next = this.#open[interval] + STRIDE;
      if (next === first + this.capacity * STRIDE) next = first;
    }
    this.#open[interval] = next;
    if (this.#kept[interval] < this.capacity) this.#kept[interval]++;
    return next;
  }

  /** Start of the record `back` candles before the open one. */
  #recordAt(interval: number, back: number): number {
    const first = interval * this.capacity * STRIDE;
    const at = this.#open[interval] - back * STRIDE;
    return at < first ? at + this.capacity * STRIDE : at;
  }

  #indexOf(intervalMs: number): number {
    const index = this.intervalsMs.indexOf(intervalMs);
    if (index >= 0) return index;
    throw new StructuresError(
      'ERR_PERF_STRUCTURES_ARGUMENT',
      `no candles of ${intervalMs} ms: the intervals are ${this.intervalsMs.join(', ')}`,
    );
  }

  #countOf(interval: number, count: number): number {
    if (count >= 0) return Math.min(Math.trunc(count), this.#kept[interval]);
    throw new StructuresError('ERR_PERF_STRUCTURES_ARGUMENT', `count must not be negative, got ${String(count)}`);
  }
}

function intervalsFault(value: unknown): string | undefined {
  const sound =
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= 32 &&
    value.every((length) => Number.isSafeInteger(length) && (length as number) >= 1) &&
    new Set(value).size === value.length;
  return sound ? undefined : 'must be 1 to 32 different integers of at least 1 ms';
}

function isCount(value: number): boolean {
  return value >= 0 && value <= Number.MAX_SAFE_INTEGER && Math.floor(value) === value;
}
