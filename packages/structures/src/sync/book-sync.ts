import { anyOption, functionOption, integerOption, readOptions } from '@perf/internal';
import type { OptionRule } from '@perf/internal';
import { checkLevels } from '../book/levels.ts';
import { optionFault, StructuresError } from '../errors.ts';
import { sequenceRule } from '../venues/sequence-rules.ts';
import type { SequenceRule, UpdateIds } from '../venues/sequence-rule.ts';
import type { VenueId } from '../venues/venue.ts';
import type {
  BookSyncOptions,
  SequenceGap,
  SnapshotResult,
  SyncedBook,
  SyncState,
  SyncStats,
  UpdateResult,
} from './contract.ts';
import type { DepthSnapshot, DepthUpdate } from './depth.ts';
import { UpdateBuffer } from './update-buffer.ts';

const bookRule: OptionRule<SyncedBook | undefined> = anyOption<SyncedBook | undefined>(undefined, (value) => {
  const book = value as Partial<SyncedBook> | null;
  return typeof book === 'object' && typeof book?.apply === 'function' && typeof book.load === 'function'
    ? undefined
    : 'must have apply and load';
});

/**
 * Keeps a book in step with an exchange: feed it depth updates and snapshots in the order of arrival, it says what they
 * were. It does no I/O and holds no timer: whoever owns the connection reads `needsSnapshot` and fetches one.
 *
 * The book is exact while `trusted` is true. An update or snapshot that cannot be is refused with an error and leaves the
 * book as it was; a refused update counts as lost, so the book is stale afterwards.
 *
 * Errors: `ERR_PERF_STRUCTURES_OPTION`, `ERR_PERF_STRUCTURES_VENUE`, `ERR_PERF_STRUCTURES_SEQUENCE` (ids that the venue
 * cannot send), `ERR_PERF_STRUCTURES_SYMBOL`, `ERR_PERF_STRUCTURES_REENTRANT` (called from `onApply`), and what the book throws.
 *
 * @example
 * const book = new OrderBook();
 * const sync = new BookSync({ venue: 'binance-usdm', book });
 * sync.update(update);                                   // 'buffered'
 * if (sync.needsSnapshot) sync.snapshot(await fetchSnapshot()); // 'applied', with everything buffered since
 */
export class BookSync<Book extends SyncedBook = SyncedBook> {
  /** Counters since construction, live. */
  readonly stats: Readonly<SyncStats>;
  readonly book: Book;
  readonly #stats: SyncStats;
  readonly #rule: SequenceRule;
  readonly #onApply: ((update: DepthUpdate, book: Book) => void) | undefined;
  readonly #maxUpdates: number;
  readonly #maxLevels: number;
  readonly #buffer = new UpdateBuffer();
  /** Ids of the last applied update; before the first one, `lastId` is the snapshot's. */
  readonly #cursor = { firstId: Number.NaN, lastId: Number.NaN, previousId: Number.NaN };
  #bridged = false;
  #loaded = false;
  #state: SyncState = 'empty';
  #symbol: string | undefined;
  #lastGap: SequenceGap | undefined;
  #lastReset: string | undefined;
  #calling = false;

  constructor(options: BookSyncOptions<Book>) {
    const read = readOptions(
      'BookSync',
      options,
      {
        venue: anyOption<VenueId | undefined>(undefined),
        book: bookRule,
        symbol: anyOption<string | undefined>(undefined, (value) =>
          typeof value === 'string' && value !== '' ? undefined : 'must be a non-empty string',
        ),
        maxBufferedUpdates: integerOption(4096, 1, 2 ** 20),
        maxBufferedLevels: integerOption(2 ** 20, 1, 2 ** 26),
        onApply: functionOption<((update: DepthUpdate, book: Book) => void) | undefined>(undefined),
      },
      optionFault,
    );
    if (read.book === undefined) throw optionFault('BookSync: option "book" is required', 'book');
    if (read.venue === undefined) throw optionFault('BookSync: option "venue" is required', 'venue');
    this.book = read.book as Book;
    this.#rule = sequenceRule(read.venue);
    this.#symbol = read.symbol;
    this.#maxUpdates = read.maxBufferedUpdates;
    this.#maxLevels = read.maxBufferedLevels;
    this.#onApply = read.onApply;
    this.#stats = {
      applied: 0,
      buffered: 0,
      dropped: 0,
      gaps: 0,
      overflows: 0,
      snapshots: 0,
      staleSnapshots: 0,
      resets: 0,
      rejected: 0,
      levelUpdates: 0,
    };
    this.stats = this.#stats;
  }

  get state(): SyncState {
    return this.#state;
  }

  /** Whether the book is the exchange's, as far as this sequence shows. */
  get trusted(): boolean {
    return this.#state === 'live';
  }

  /** True until a snapshot is applied, and again after a gap, a refused update or a reset. */
  get needsSnapshot(): boolean {
    return this.#state !== 'live';
  }

  get venue(): VenueId {
    return this.#rule.venue;
  }

  /** The symbol of the book, once known. */
  get symbol(): string | undefined {
    return this.#symbol;
  }

  /** Id of the last applied update or snapshot, NaN before the first. */
  get lastId(): number {
    return this.#cursor.lastId;
  }

  /** Updates that wait for a snapshot. */
  get bufferedUpdates(): number {
    return this.#buffer.length;
  }

  /** The newest gap, kept after recovery. */
  get lastGap(): SequenceGap | undefined {
    return this.#lastGap;
  }

  /** Why the last `reset` was called. */
  get lastReset(): string | undefined {
    return this.#lastReset;
  }

  /** Takes the next update of the stream. O(levels); allocates only while it buffers. */
  update(update: DepthUpdate): UpdateResult {
    this.#checkIdle();
    this.#checkSymbol(update.symbol);
    const illegal = this.#rule.illegal(update);
    if (illegal !== undefined) this.#refuse(update, illegal);
    if (this.#state !== 'live') return this.#keep(update);
    const cursor = this.#cursor;
    const continuity = this.#bridged
      ? this.#rule.afterUpdate(cursor, update)
      : this.#rule.afterSnapshot(cursor.lastId, update);
    if (continuity === 'next') {
      this.#apply(update);
      return 'applied';
    }
    if (continuity === 'old') {
      this.#stats.dropped++;
      return 'stale';
    }
    this.#state = 'stale';
    this.#noteGap(cursor.lastId, update, 'sequence');
    this.#push(update);
    return 'gap';
  }

  /** Takes a snapshot and replays what was buffered since. */
  snapshot(snapshot: DepthSnapshot): SnapshotResult {
    this.#checkIdle();
    this.#checkSymbol(snapshot.symbol);
    const { lastId } = snapshot;
    if (!(Number.isSafeInteger(lastId) && lastId >= 0)) {
      this.#stats.rejected++;
      throw new StructuresError(
        'ERR_PERF_STRUCTURES_SEQUENCE',
        `snapshot of ${snapshot.symbol} has lastId ${lastId}: it was not applied`,
      );
    }
    const buffer = this.#buffer;
    let from = 0;
    while (from < buffer.length && this.#rule.afterSnapshot(lastId, buffer.idsAt(from)) === 'old') from++;
    const tooOld =
      this.#state === 'live'
        ? lastId < this.#cursor.lastId
        : from < buffer.length && this.#rule.afterSnapshot(lastId, buffer.idsAt(from)) === 'ahead';
    if (tooOld) {
      this.#stats.staleSnapshots++;
      return 'stale';
    }
    try {
      this.book.load(snapshot);
    } catch (error) {
      this.#stats.rejected++;
      throw error;
    }
    this.#stats.snapshots++;
    this.#cursor.firstId = lastId;
    this.#cursor.lastId = lastId;
    this.#cursor.previousId = Number.NaN;
    this.#bridged = false;
    this.#loaded = true;
    this.#state = 'live';
    this.#stats.dropped += from;
    this.#replay(from);
    return 'applied';
  }

  /** For a lost connection: forgets the buffer and stops vouching for the book, whose levels stay readable. */
  reset(reason = 'reset'): void {
    this.#stats.resets++;
    this.#lastReset = reason;
    this.#buffer.clear();
    this.#state = this.#loaded ? 'stale' : 'empty';
  }

  #apply(update: DepthUpdate): void {
    try {
      this.book.apply(update);
    } catch (error) {
      this.#stats.rejected++;
      this.#state = 'stale';
      throw error;
    }
    const cursor = this.#cursor;
    cursor.firstId = update.firstId;
    cursor.lastId = update.lastId;
    cursor.previousId = update.previousId;
    this.#bridged = true;
    this.#stats.applied++;
    this.#stats.levelUpdates += update.bids.length + update.asks.length;
    if (this.#onApply !== undefined) this.#call(this.#onApply, update);
  }

  #call(onApply: (update: DepthUpdate, book: Book) => void, update: DepthUpdate): void {
    this.#calling = true;
    try {
      onApply(update, this.book);
    } finally {
      this.#calling = false;
    }
  }

  /** The buffer is one chain that the snapshot has just been matched with, so every update in it applies. */
  #replay(from: number): void {
    const buffer = this.#buffer;
    const failures: unknown[] = [];
    // A reset in `onApply` empties the buffer, which ends the loop; a throwing `onApply` must not cost the rest.
    for (let index = from; index < buffer.length && this.#state === 'live'; index++) {
      try {
        this.#apply(buffer.at(index));
      } catch (error) {
        failures.push(error);
      }
    }
    buffer.clear();
    if (failures.length > 0) throw failures[0];
  }

  #keep(update: DepthUpdate): UpdateResult {
    const { last } = this.#buffer;
    const continuity = last === undefined ? 'next' : this.#rule.afterUpdate(last, update);
    if (continuity === 'old') {
      this.#stats.dropped++;
      return 'stale';
    }
    if (continuity === 'ahead') {
      this.#noteGap((last as UpdateIds).lastId, update, 'sequence');
      this.#buffer.clear();
      this.#push(update);
      return 'gap';
    }
    const levels = update.bids.length + update.asks.length;
    if (this.#buffer.length < this.#maxUpdates && this.#buffer.levels + levels <= this.#maxLevels) {
      this.#push(update);
      return 'buffered';
    }
    this.#noteGap(last === undefined ? Number.NaN : last.lastId, update, 'overflow');
    this.#buffer.clear();
    this.#push(update);
    return 'gap';
  }

  /** Levels are checked before they are kept, so that a replay cannot fail on them after the snapshot has been loaded. */
  #push(update: DepthUpdate): void {
    try {
      checkLevels('bid', update.bids);
      checkLevels('ask', update.asks);
    } catch (error) {
      this.#stats.rejected++;
      throw error;
    }
    // Larger than the whole buffer may be: it is lost, and the next update starts the buffer.
    if (update.bids.length + update.asks.length > this.#maxLevels) return;
    this.#buffer.push(update);
    this.#stats.buffered++;
    if (this.#state === 'empty') this.#state = 'buffering';
  }

  #noteGap(expected: number, update: DepthUpdate, reason: 'sequence' | 'overflow'): void {
    if (reason === 'sequence') this.#stats.gaps++;
    else this.#stats.overflows++;
    this.#lastGap = { expected, got: this.#rule.link(update), reason };
  }

  #checkIdle(): void {
    if (!this.#calling) return;
    throw new StructuresError(
      'ERR_PERF_STRUCTURES_REENTRANT',
      'update and snapshot must not be called from onApply: queue the message and pass it when the call has returned',
    );
  }

  #checkSymbol(symbol: string): void {
    if (symbol === this.#symbol) return;
    if (this.#symbol === undefined && typeof symbol === 'string') {
      this.#symbol = symbol;
      return;
    }
    this.#stats.rejected++;
    throw new StructuresError(
      'ERR_PERF_STRUCTURES_SYMBOL',
      `message for ${String(symbol)} reached the book of ${this.#symbol}: nothing was changed; use one BookSync per symbol`,
    );
  }

  #refuse(update: DepthUpdate, why: string): never {
    this.#stats.rejected++;
    if (this.#state === 'live') this.#state = 'stale';
    throw new StructuresError(
      'ERR_PERF_STRUCTURES_SEQUENCE',
      `depth update ${update.firstId}..${update.lastId} after ${update.previousId} for ${update.symbol}: ${why}; the book is stale until the next snapshot`,
    );
  }
}
