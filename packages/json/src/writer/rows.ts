import { checkColumns } from '../decoder/check-columns.ts';
import type { PlannedField } from '../decoder/plan.ts';
import { JsonError } from '../errors.ts';

/** Columns as they are read: what of them depends on the schema is checked by `checkRows`. */
export interface Rows {
  readonly length: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How far writing came. */
export class RowsProgress {
  /** The first row that is not written. */
  row = 0;
  /** Where that row was begun, when it was refused. */
  at = 0;
  /** The bytes that it may need, when there was no room. */
  room = 0;
}

/**
 * Writes rows from `row` up to `end` into `view` from `at` on, as long as the longest form of the next one ends before
 * `limit`. Returns the end of what is written, and in `progress` the row to go on with. Throws `ERR_PERF_JSON_VALUE` for
 * a value that has no text, and then `progress` says where what is whole ends.
 */
export type RowsWriter = (
  columns: Rows,
  row: number,
  end: number,
  view: DataView,
  at: number,
  limit: number,
  progress: RowsProgress,
) => number;

/** The same memory, for stores of several bytes at once. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Throws `ERR_PERF_JSON_INPUT` unless every field has a column of its type with that many rows. O(fields). */
export function checkRows(columns: Rows, fields: readonly PlannedField[], caller: string): void {
  const length = columns?.length;
  if (!Number.isSafeInteger(length) || length < 0 || typeof columns.fields !== 'object' || columns.fields === null) {
    throw new JsonError('ERR_PERF_JSON_INPUT', `${caller}: expected columns, { length, fields }`);
  }
  checkColumns(columns.fields, fields, length, caller);
}
