import { BUCKETS, MAX_VALUE, bucketFrom, bucketMiddle, bucketOf, bucketWidth, octaveEnd } from './buckets.ts';
import { ProfilingError, argumentError } from './errors.ts';
import { readHistogramJson } from './histogram-json.ts';

/** One non-empty bucket: `count` values in `[from, to]`, both whole and inclusive. */
export interface HistogramBucket {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** What {@link Histogram.toJSON} makes. Buckets are `[from, count]`, ascending, non-empty ones only. */
export interface HistogramJson {
  readonly type: 'perf-histogram';
  readonly version: 1;
  readonly count: number;
  readonly rejected: number;
  readonly sum: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly buckets: readonly (readonly [from: number, count: number])[];
}

// The running totals share one Float64Array, because a number field of an object is boxed by V8 once it is no small
// integer, and an update could then allocate.
const COUNT = 0;
const SUM = 1;
const MIN = 2;
const MAX = 3;
const REJECTED = 4;
const TOTALS = 5;

/** Up to 1 ms in nanoseconds: 14 KB. Larger values grow the table, by eight octaves or more at a time. */
const FIRST_BUCKETS = bucketOf(2 ** 20);
const GROWTH_OCTAVES = 8;

/**
 * Counts values by size and answers percentiles with a bounded error: every percentile is within 0.4 % of the recorded
 * value at that rank (exact below 256); `count`, `min` and `max` are exact.
 *
 * Values are whole, from 0 to 2^53 − 1, in any unit (nanoseconds in this package). A fraction counts for `sum`, `min` and
 * `max` and is dropped for the buckets. What is no such number (NaN, negative, larger, another type) is not recorded but
 * counted in {@link Histogram.rejected}: a probe must not throw into the code it measures.
 *
 * Cost: `record` is O(1), a few nanoseconds, and allocates nothing once the table covers the value; memory is 14 KB,
 * and 47 KB at most. A percentile walks the buckets: O(6,016), not for a hot path.
 *
 * @example
 * const latencies = new Histogram();
 * for (const ns of [120, 130, 95_000]) latencies.record(ns);
 * latencies.percentile(50); // 130
 */
export class Histogram {
  #counts: Float64Array = new Float64Array(FIRST_BUCKETS);
  readonly #totals: Float64Array = new Float64Array(TOTALS);

  constructor() {
    this.reset();
  }

  /** Adds one value. */
  record(value: number): void {
    const totals = this.#totals;
    if (typeof value !== 'number' || !(value >= 0 && value <= MAX_VALUE)) {
      totals[REJECTED]++;
      return;
    }
    const bucket = bucketOf(value);
    if (bucket >= this.#counts.length) this.#grow(bucket);
    this.#counts[bucket]++;
    totals[COUNT]++;
    totals[SUM] += value;
    // Adding zero turns −0 into 0.
    if (value < totals[MIN]) totals[MIN] = value + 0;
    if (value > totals[MAX]) totals[MAX] = value + 0;
  }

  /**
   * Adds `count` times the same value, in the time of one.
   *
   * Throws `ERR_PERF_PROFILING_ARGUMENT` when `count` is no safe integer from 0, or the total would pass 2^53 − 1.
   */
  recordMany(value: number, count: number): void {
    const totals = this.#totals;
    if (!Number.isSafeInteger(count) || count < 0) {
      throw argumentError(`Histogram.recordMany: count must be an integer from 0, got ${String(count)}`);
    }
    if (count === 0) return;
    if (typeof value !== 'number' || !(value >= 0 && value <= MAX_VALUE)) {
      totals[REJECTED] += count;
      return;
    }
    this.#checkRoom('recordMany', count);
    const bucket = bucketOf(value);
    if (bucket >= this.#counts.length) this.#grow(bucket);
    this.#counts[bucket] += count;
    totals[COUNT] += count;
    totals[SUM] += value * count;
    if (value < totals[MIN]) totals[MIN] = value + 0;
    if (value > totals[MAX]) totals[MAX] = value + 0;
  }

  /** How many values were recorded. Exact. */
  get count(): number {
    return this.#totals[COUNT];
  }

  /** How many were refused: NaN, negative, beyond 2^53 − 1, or no number. */
  get rejected(): number {
    return this.#totals[REJECTED];
  }

  /** The smallest value. Exact; NaN when empty. */
  get min(): number {
    return this.#totals[COUNT] === 0 ? Number.NaN : this.#totals[MIN];
  }

  /** The largest value. Exact; NaN when empty. */
  get max(): number {
    return this.#totals[COUNT] === 0 ? Number.NaN : this.#totals[MAX];
  }

  /** The sum. Exact for whole values while below 2^53, then as exact as a double. */
  get sum(): number {
    return this.#totals[SUM];
  }

  /** The mean, from the sum and not from the buckets; NaN when empty. */
  get mean(): number {
    return this.#totals[SUM] / this.#totals[COUNT];
  }

  /**
   * The value that `p` percent of the values do not exceed (nearest rank), within 0.4 %; 0 gives `min` and 100 gives
   * `max`, both exact. NaN when empty.
   *
   * Throws `ERR_PERF_PROFILING_ARGUMENT` when `p` is not from 0 to 100.
   */
  percentile(p: number): number {
    return this.percentiles([p])[0];
  }

  /** Several percentiles in one walk over the buckets, in the order asked for. */
  percentiles(list: readonly number[]): number[] {
    const count = this.#totals[COUNT];
    const ranks = list.map((p) => rankOf(p, count));
    const answers = new Array<number>(list.length).fill(Number.NaN);
    if (count === 0) return answers;
    const byRank = ranks.map((_, index) => index).sort((a, b) => ranks[a] - ranks[b]);
    const min = this.#totals[MIN];
    const max = this.#totals[MAX];
    let bucket = bucketOf(min);
    let seen = this.#counts[bucket];
    for (const index of byRank) {
      const rank = ranks[index];
      while (seen < rank) seen += this.#counts[++bucket];
      answers[index] = rank <= 1 ? min : rank >= count ? max : Math.min(max, Math.max(min, bucketMiddle(bucket)));
    }
    return answers;
  }

  /**
   * Adds everything that another histogram holds. The result is the one that recording all values here would have given:
   * buckets line up, so counts, `min`, `max` and percentiles are exactly equal.
   */
  merge(other: Histogram): this {
    if (!(other instanceof Histogram)) {
      throw argumentError('Histogram.merge: expected a Histogram; use Histogram.fromJSON for one from elsewhere');
    }
    const totals = this.#totals;
    const added = other.#totals;
    this.#checkRoom('merge', added[COUNT]);
    totals[REJECTED] += added[REJECTED];
    if (added[COUNT] === 0) return this;
    const first = bucketOf(added[MIN]);
    const last = bucketOf(added[MAX]);
    if (last >= this.#counts.length) this.#grow(last);
    for (let bucket = first; bucket <= last; bucket++) this.#counts[bucket] += other.#counts[bucket];
    totals[COUNT] += added[COUNT];
    totals[SUM] += added[SUM];
    if (added[MIN] < totals[MIN]) totals[MIN] = added[MIN];
    if (added[MAX] > totals[MAX]) totals[MAX] = added[MAX];
    return this;
  }

  /** Forgets everything; the table keeps its size. */
  reset(): void {
    this.#counts.fill(0);
    this.#totals.fill(0);
    this.#totals[MIN] = Number.POSITIVE_INFINITY;
    this.#totals[MAX] = -1;
  }

  /** The non-empty buckets, ascending. */
  *[Symbol.iterator](): Generator<HistogramBucket, void, undefined> {
    if (this.#totals[COUNT] === 0) return;
    const last = bucketOf(this.#totals[MAX]);
    for (let bucket = bucketOf(this.#totals[MIN]); bucket <= last; bucket++) {
      const count = this.#counts[bucket];
      if (count === 0) continue;
      const from = bucketFrom(bucket);
      yield { from, to: from + bucketWidth(bucket) - 1, count };
    }
  }

  /** A plain object for JSON, a message to another thread, or a file; {@link Histogram.fromJSON} restores it exactly. */
  toJSON(): HistogramJson {
    const empty = this.#totals[COUNT] === 0;
    return {
      type: 'perf-histogram',
      version: 1,
      count: this.#totals[COUNT],
      rejected: this.#totals[REJECTED],
      sum: this.#totals[SUM],
      min: empty ? null : this.#totals[MIN],
      max: empty ? null : this.#totals[MAX],
      buckets: Array.from(this, (bucket): [number, number] => [bucket.from, bucket.count]),
    };
  }

  /**
   * A histogram from what `toJSON` made. The input is checked, as it may come from a file or a peer: anything that no
   * histogram can have made throws `ERR_PERF_PROFILING_JSON`.
   */
  static fromJSON(json: HistogramJson): Histogram {
    const fault = readHistogramJson(json);
    if (fault !== undefined) {
      throw new ProfilingError('ERR_PERF_PROFILING_JSON', `Histogram.fromJSON: ${fault}; expected what toJSON makes`);
    }
    const histogram = new Histogram();
    if (json.max !== null && bucketOf(json.max) >= FIRST_BUCKETS) histogram.#grow(bucketOf(json.max));
    for (const [from, count] of json.buckets) histogram.#counts[bucketOf(from)] = count;
    const totals = histogram.#totals;
    totals[COUNT] = json.count;
    totals[REJECTED] = json.rejected;
    totals[SUM] = json.sum;
    if (json.min !== null) totals[MIN] = json.min;
    if (json.max !== null) totals[MAX] = json.max;
    return histogram;
  }

  #grow(bucket: number): void {
    const wanted = Math.max(octaveEnd(bucket), octaveEnd(this.#counts.length) + GROWTH_OCTAVES * 128);
    const grown = new Float64Array(Math.min(BUCKETS, wanted));
    grown.set(this.#counts);
    this.#counts = grown;
  }

  #checkRoom(method: string, count: number): void {
    if (this.#totals[COUNT] + count > Number.MAX_SAFE_INTEGER) {
      throw argumentError(`Histogram.${method}: more than 2^53 − 1 values cannot be counted exactly`);
    }
  }
}

/** The nearest rank, from 1. Products like 99.9 % of 1,000 must not step over a rank by a rounding error. */
function rankOf(p: number, count: number): number {
  if (typeof p !== 'number' || !(p >= 0 && p <= 100)) {
    throw argumentError(`Histogram.percentile: a percentile is a number from 0 to 100, got ${String(p)}`);
  }
  const exact = (p * count) / 100;
  const nearest = Math.round(exact);
  const rank = Math.abs(exact - nearest) <= exact * 2 ** -50 ? nearest : Math.ceil(exact);
  return Math.max(1, Math.min(count, rank));
}
