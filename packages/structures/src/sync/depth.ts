import type { LevelColumns } from '../book/levels.ts';

/**
 * One depth event as a decoder hands it over. Owned by its producer until the call that took it returns: whoever keeps
 * levels copies them.
 */
export interface DepthUpdate {
  symbol: string;
  /** First and last id of the changes inside. */
  firstId: number;
  lastId: number;
  /** `lastId` of the event before, NaN where the venue has none. */
  previousId: number;
  /** Exchange time, ms since 1970. */
  eventTimeMs: number;
  bids: LevelColumns;
  asks: LevelColumns;
}

/** A whole book, as the venue's REST endpoint or its first message gives it. */
export interface DepthSnapshot {
  symbol: string;
  lastId: number;
  bids: LevelColumns;
  asks: LevelColumns;
}
