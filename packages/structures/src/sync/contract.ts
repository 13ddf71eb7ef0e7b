import type { BookEvent } from '../book/order-book.ts';
import type { VenueId } from '../venues/venue.ts';
import type { DepthUpdate } from './depth.ts';

/** The book that is kept in step: an `OrderBook`, or anything that takes events like one. */
export interface SyncedBook {
  /** Applies an event or throws and stays as it was. */
  apply(event: BookEvent): void;
  /** Replaces all levels or throws and stays as it was. */
  load(snapshot: BookEvent): void;
}

export interface BookSyncOptions<Book extends SyncedBook = SyncedBook> {
  readonly venue: VenueId;
  readonly book: Book;
  /** Only this symbol is accepted; default: the first one seen. */
  readonly symbol?: string | undefined;
  /** Updates kept while a snapshot is awaited; default 4,096. */
  readonly maxBufferedUpdates?: number | undefined;
  /** Levels in them, 16 bytes each; default 2^20. */
  readonly maxBufferedLevels?: number | undefined;
  /**
   * After every update that the book has taken, also those replayed after a snapshot; never before a snapshot. It may
   * call `reset`, no other method that changes the state. What it throws reaches the caller of `update` or `snapshot`,
   * with the update applied.
   */
  readonly onApply?: ((update: DepthUpdate, book: Book) => void) | undefined;
}

/**
 * - `empty`: nothing received;
 * - `buffering`: updates are kept until the first snapshot;
 * - `live`: the book is the exchange's;
 * - `stale`: the book has missed something and shows old levels; updates are kept until the next snapshot.
 */
export type SyncState = 'empty' | 'buffering' | 'live' | 'stale';

/**
 * - `applied`: the book has taken it;
 * - `buffered`: a copy waits for a snapshot;
 * - `stale`: the book has it already, nothing changed;
 * - `gap`: something before it is missing (or the buffer was full): it starts a new buffer, and the next snapshot must be newer.
 */
export type UpdateResult = 'applied' | 'buffered' | 'stale' | 'gap';

/** `stale`: older than what is buffered or applied, nothing changed: ask again. */
export type SnapshotResult = 'applied' | 'stale';

export interface SequenceGap {
  /** Id that the update had to continue. */
  readonly expected: number;
  /** Id that it says it continues. */
  readonly got: number;
  /** `overflow`: the buffer reached its limit and was restarted. */
  readonly reason: 'sequence' | 'overflow';
}

export interface SyncStats {
  /** Updates applied, replayed ones included. */
  applied: number;
  /** Updates copied to the buffer. */
  buffered: number;
  /** Updates that the book had already, in the stream or in a snapshot. */
  dropped: number;
  gaps: number;
  /** Times the buffer was restarted because it was full. */
  overflows: number;
  snapshots: number;
  /** Snapshots that were older than the updates. */
  staleSnapshots: number;
  resets: number;
  /** Updates and snapshots refused with an error. */
  rejected: number;
  /** Levels in the applied updates. */
  levelUpdates: number;
}
