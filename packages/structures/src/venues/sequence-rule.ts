import type { VenueId } from './venue.ts';

/** The ids of one depth event, as its venue numbers it. */
export interface UpdateIds {
  readonly firstId: number;
  readonly lastId: number;
  /** `lastId` of the event before it, NaN where the venue does not send it. */
  readonly previousId: number;
}

/**
 * What an event is to a book:
 * `next` continues it, `old` is contained in it already, `ahead` leaves a hole in between.
 */
export type Continuity = 'next' | 'old' | 'ahead';

/**
 * How one venue numbers its depth events. Pure functions of ids: buffering, states and counting are the same everywhere
 * and live in `BookSync`.
 */
export interface SequenceRule {
  readonly venue: VenueId;
  /** Why no event of this venue can look like this, or undefined. */
  illegal(update: UpdateIds): string | undefined;
  /** What an event is to a snapshot that has been taken at `snapshotId` and not been continued yet. */
  afterSnapshot(snapshotId: number, update: UpdateIds): Continuity;
  /** What an event is to the event `last` that came before it. */
  afterUpdate(last: UpdateIds, update: UpdateIds): Continuity;
  /** The id that `update` carries where the venue's rule expects `lastId` of the event before. */
  link(update: UpdateIds): number;
}
