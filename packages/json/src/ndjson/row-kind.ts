import { columnsOf, type AnyColumns } from '../decoder/columns.ts';
import { decoder, type Decoder } from '../decoder/decoder.ts';
import { nativeLines } from '../decoder/native-lines.ts';
import type { ColumnsOf, Schema } from '../decoder/types.ts';
import type { Ahead } from './blocks-ahead.ts';
import { appendRows } from './column-rows.ts';
import type { LineDecoder, Rows } from './line-decoder.ts';
import { NativeAhead, NativeLineDecoder } from './native-lines.ts';
import { ParsedLines, ValueRows } from './parsed-lines.ts';
import { ScannedLines } from './scanned-lines.ts';
import type { SchemaSettings, Settings } from './settings.ts';

/** What lines are read into, and how. */
export interface RowKind<Into extends Rows, Batch> {
  readonly decoder: LineDecoder<Into>;
  /** Where there are threads to decode in. */
  readonly ahead: Ahead<Into> | undefined;
  make(capacity: number): Into;
  /** Appends rows from `start` on, as many as there is room for: how many. */
  append(from: Into, start: number, into: Into): number;
  batchOf(rows: Into): Batch;
}

export function valueRows({ maxLineBytes }: Settings): RowKind<ValueRows, unknown[]> {
  return {
    decoder: new ParsedLines(maxLineBytes),
    ahead: undefined,
    make: (capacity) => new ValueRows(capacity),
    append: () => 0,
    batchOf: ({ values }) => values,
  };
}

/** Natively where that is possible. */
export function columnRows<S extends Schema>(
  { columns, threads, maxLineBytes }: SchemaSettings,
  nativeOf: typeof nativeLines = nativeLines,
): RowKind<AnyColumns, ColumnsOf<S>> {
  const made = decoderOf(columns as Schema | Decoder<Schema>);
  const make = (capacity: number): AnyColumns => columnsOf(made, capacity) as unknown as AnyColumns;
  // Refuses a union now, not at the first line.
  make(1);
  const scanned = new ScannedLines(made, maxLineBytes);
  const native = nativeOf(made);
  return {
    decoder: native === undefined ? scanned : new NativeLineDecoder(native, scanned, maxLineBytes),
    ahead: native === undefined || threads === 0 ? undefined : new NativeAhead(native, made, maxLineBytes),
    make,
    append: appendRows,
    batchOf: (rows) => rows as unknown as ColumnsOf<S>,
  };
}

function decoderOf(columns: Schema | Decoder<Schema>): Decoder<Schema> {
  const isDecoder = typeof (columns as Partial<Decoder<Schema>>).tryDecode === 'function';
  return isDecoder ? (columns as Decoder<Schema>) : decoder(columns as Schema);
}
