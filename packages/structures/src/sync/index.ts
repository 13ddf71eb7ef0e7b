export { StructuresError } from '../errors.ts';
export type { StructuresErrorCode, StructuresErrorFields } from '../errors.ts';
export type { LevelColumns } from '../book/levels.ts';
export type { BookEvent } from '../book/order-book.ts';
export { BookSync } from './book-sync.ts';
export type {
  BookSyncOptions,
  SequenceGap,
  SnapshotResult,
  SyncedBook,
  SyncState,
  SyncStats,
  UpdateResult,
} from './contract.ts';
export type { DepthSnapshot, DepthUpdate } from './depth.ts';
export type { VenueId } from '../venues/venue.ts';
