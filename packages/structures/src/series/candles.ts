import { anyOption, choiceOption, functionOption, integerOption, readOptions } from '@perf/internal';
import { optionFault, StructuresError } from '../errors.ts';

/** One candle. Prices in ticks, volume in lots, time in ms since 1970 (UTC, start of the interval). */
export interface Candle {
  readonly startMs: number;
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly closeTicks: number;
  readonly volumeLots: number;
  readonly trades: number;
}

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

/** Numbers per candle in `latestInto`, in the order of `Candle`'s fields. */
export const CANDLE_FIELDS = 7;
// One slot more, so that a record is a cache line. It is not used.
const STRIDE = 8;
const START = 0;
const OPEN = 1;
const HIGH = 2;
const LOW = 3;
const CLOSE = 4;
const VOLUME = 5;
const TRADES = 6;

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
  /** Per interval the start of its open candle in `#records`, −1 before the first tick. */
  readonly #open: Int32Array;
  readonly #kept: Int32Array;
  /** Per interval the first ms that is not in the open candle. */
  readonly #ends: Float64Array;
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
    this.#open = new Int32Array(intervals).fill(-1);
    this.#kept = new Int32Array(intervals);
    this.#ends = new Float64Array(intervals);
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
    this.#check(timeMs, priceTicks, qtyLots);
    const records = this.#records;
    const ends = this.#ends;
    const open = this.#open;
    let closed: [Candle, number][] | undefined;
    for (let interval = 0; interval < open.length; interval++) {
      const at = open[interval];
      if (at >= 0 && timeMs < ends[interval]) {
        if (timeMs >= records[at + START]) {
          widen(records, at, priceTicks, qtyLots);
          records[at + CLOSE] = priceTicks;
        } else {
          this.#addLate(interval, timeMs, priceTicks, qtyLots);
        }
        continue;
      }
      if (this.#onClose !== undefined && at >= 0) closed = this.#collect(closed, interval, at);
      const length = this.intervalsMs[interval];
      const start = Math.floor(timeMs / length) * length;
      if (at >= 0 && this.#fill) closed = this.#fillTo(interval, start, closed);
      const next = this.#advance(interval);
      write(records, next, start, priceTicks, qtyLots, 1);
      ends[interval] = start + length;
    }
    if (closed !== undefined) for (const [candle, intervalMs] of closed) this.#onClose!(candle, intervalMs);
  }

  /** The candle that is still open, or undefined before the first tick. */
  current(intervalMs: number): Candle | undefined {
    const at = this.#open[this.#indexOf(intervalMs)];
    return at < 0 ? undefined : candleAt(this.#records, at);
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

  #check(timeMs: number, priceTicks: number, qtyLots: number): void {
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
    if (at < 0 || timeMs >= this.#ends[interval]) return -1;
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

  #fillTo(interval: number, start: number, closed: [Candle, number][] | undefined): [Candle, number][] | undefined {
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

  #collect(closed: [Candle, number][] | undefined, interval: number, at: number): [Candle, number][] {
    const entry: [Candle, number] = [candleAt(this.#records, at), this.intervalsMs[interval]];
    if (closed === undefined) return [entry];
    closed.push(entry);
    return closed;
  }

  /** Moves an interval to its next record, which drops the oldest when the ring is full. */
  #advance(interval: number): number {
    const first = interval * this.capacity * STRIDE;
    let next = this.#open[interval] + STRIDE;
    if (this.#open[interval] < 0 || next === first + this.capacity * STRIDE) next = first;
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

function widen(records: Float64Array, at: number, priceTicks: number, qtyLots: number): void {
  if (priceTicks > records[at + HIGH]) records[at + HIGH] = priceTicks;
  if (priceTicks < records[at + LOW]) records[at + LOW] = priceTicks;
  records[at + VOLUME] += qtyLots;
  records[at + TRADES]++;
}

function write(
  records: Float64Array,
  at: number,
  start: number,
  priceTicks: number,
  qtyLots: number,
  trades: number,
): void {
  records[at + START] = start;
  records[at + OPEN] = priceTicks;
  records[at + HIGH] = priceTicks;
  records[at + LOW] = priceTicks;
  records[at + CLOSE] = priceTicks;
  records[at + VOLUME] = qtyLots;
  records[at + TRADES] = trades;
}

function candleAt(records: Float64Array, at: number): Candle {
  return {
    startMs: records[at + START],
    openTicks: records[at + OPEN],
    highTicks: records[at + HIGH],
    lowTicks: records[at + LOW],
    closeTicks: records[at + CLOSE],
    volumeLots: records[at + VOLUME],
    trades: records[at + TRADES],
  };
}
