import { types } from 'node:util';
import type { PlannedField } from '../decoder/plan.ts';
import type { FieldType } from '../decoder/types.ts';
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
  for (const { name, type } of fields) {
    const fault = columnFault(type, columns.fields[name], length);
    if (fault !== undefined) throw new JsonError('ERR_PERF_JSON_INPUT', `${caller}: field "${name}" needs ${fault}`);
  }
}

function columnFault(type: FieldType, column: unknown, length: number): string | undefined {
  switch (type.kind) {
    case 'bool':
    case 'enum':
      return arrayFault('Uint8Array', types.isUint8Array(column), column, length);
    case 'text':
      return arrayFault('Int32Array', types.isInt32Array(column), column, length);
    case 'levels': {
      const { ticks, lots, starts } = (column ?? {}) as { ticks?: unknown; lots?: unknown; starts?: unknown };
      const isLevels = types.isFloat64Array(ticks) && types.isFloat64Array(lots);
      return isLevels
        ? arrayFault('{ starts } as a Uint32Array', types.isUint32Array(starts), starts, length + 1)
        : '{ ticks, lots, starts } with two Float64Arrays';
    }
    case 'i64':
      if (type.as === 'bigint') return arrayFault('BigInt64Array', types.isBigInt64Array(column), column, length);
      return arrayFault('Float64Array', types.isFloat64Array(column), column, length);
    default:
      return arrayFault('Float64Array', types.isFloat64Array(column), column, length);
  }
}

function arrayFault(name: string, isOne: boolean, column: unknown, atLeast: number): string | undefined {
  if (isOne && (column as { readonly length: number }).length >= atLeast) return undefined;
  return `${name.startsWith('{') ? '' : 'a '}${name} of at least ${atLeast} elements`;
}
