import { growLevelsColumn, type AnyColumns } from '../decoder/columns.ts';
import type { LevelsColumn } from '../decoder/types.ts';

type Numbers = Float64Array | BigInt64Array | Int32Array | Uint8Array | Uint32Array;

/** Appends rows of `from`, from row `start` on, as many as there is room for. How many. */
export function appendRows(from: AnyColumns, start: number, into: AnyColumns): number {
  const count = Math.min(from.length - start, into.capacity - into.length);
  for (const [name, column] of Object.entries(from.fields)) {
    const target = into.fields[name];
    if (isLevels(column)) appendLevels(column, start, start + count, target as LevelsColumn, into.length);
    else copy(column as Numbers, start, start + count, target as Numbers, into.length);
  }
  into.length += count;
  return count;
}

function appendLevels(from: LevelsColumn, start: number, end: number, into: LevelsColumn, row: number): void {
  const first = from.starts[start];
  const last = from.starts[end];
  const shift = into.starts[row] - first;
  if (last + shift > into.ticks.length) growLevelsColumn(into, last + shift);
  copy(from.ticks, first, last, into.ticks, first + shift);
  copy(from.lots, first, last, into.lots, first + shift);
  for (let at = 1; at <= end - start; at++) into.starts[row + at] = from.starts[start + at] + shift;
}

/** The same rows with room for more, or with no more room than they need. */
export function withCapacity(columns: AnyColumns, capacity: number): AnyColumns {
  const fields = Object.entries(columns.fields).map(([name, column]) => [name, columnOf(column, capacity)] as const);
  return { capacity, length: columns.length, fields: Object.fromEntries(fields) };
}

function columnOf(column: unknown, capacity: number): unknown {
  if (!isLevels(column)) return resized(column as Numbers, capacity);
  const { ticks, lots, starts } = column;
  return { ticks, lots, starts: resized(starts, capacity + 1) };
}

/** The same numbers in an array of another length; a view where little memory would be saved by a copy. */
function resized<Array extends Numbers>(array: Array, length: number): Array {
  if (length <= array.length && length >= array.length - array.length / 4) return array.subarray(0, length) as Array;
  const other = new (array.constructor as new (length: number) => Array)(length);
  copy(array, 0, Math.min(length, array.length), other, 0);
  return other;
}

function copy(from: Numbers, start: number, end: number, into: Numbers, at: number): void {
  // Both are of one type, which the types cannot say.
  (into as Float64Array).set((from as Float64Array).subarray(start, end), at);
}

function isLevels(column: unknown): column is LevelsColumn {
  return !ArrayBuffer.isView(column);
}
