import { JsonError, optionError } from '../errors.ts';
import { isGone } from '../input.ts';
import { checkColumns } from './check-columns.ts';
import type { Decoder } from './decoder.ts';
import type { Slots } from './read-value.ts';
import {
  isUnion,
  type AnySchema,
  type ColumnsOf,
  type FieldType,
  type Levels,
  type LevelsColumn,
  type Schema,
} from './types.ts';

/** Room for so many levels per row is made at first. */
const FIRST_LEVELS_PER_ROW = 16;

/**
 * Empty columns for `capacity` rows of a decoder's messages: a typed array per field, made once and filled by
 * `decodeInto` and `decodeBatch`. Set `length` to 0 to fill them anew. Throws `ERR_PERF_JSON_OPTION` for a union, whose
 * kinds have different fields.
 */
export function columnsOf<S extends AnySchema>(decoder: Decoder<S>, capacity: number): ColumnsOf<S> {
  return columnsIn(ArrayBuffer, decoder, capacity);
}

/** The same on memory that threads can be given: it is never detached. */
export function sharedColumnsOf<S extends AnySchema>(decoder: Decoder<S>, capacity: number): ColumnsOf<S> {
  return columnsIn(SharedArrayBuffer, decoder, capacity);
}

type Memory = new (bytes: number) => ArrayBuffer | SharedArrayBuffer;

function columnsIn<S extends AnySchema>(memory: Memory, of: Decoder<S>, capacity: number): ColumnsOf<S> {
  const { schema } = (of ?? {}) as Partial<Decoder<S>>;
  if (schema === undefined) throw optionError('columnsOf: expected a decoder');
  if (isUnion(schema)) throw optionError('columnsOf: a union has no columns: make a decoder per kind');
  if (!Number.isSafeInteger(capacity) || capacity < 1) {
    throw optionError(`columnsOf: capacity must be a positive integer, got ${capacity}`);
  }
  const fields = Object.entries(schema).map(([name, { type }]) => [name, columnOf(memory, type, capacity)] as const);
  return { capacity, length: 0, fields: Object.fromEntries(fields) } as unknown as ColumnsOf<S>;
}

function columnOf(memory: Memory, type: FieldType, capacity: number): unknown {
  switch (type.kind) {
    case 'i64':
      return type.as === 'bigint' ? new BigInt64Array(new memory(8 * capacity)) : doubles(memory, capacity);
    case 'bool':
    case 'enum':
      return new Uint8Array(new memory(capacity));
    case 'text':
      return new Int32Array(new memory(4 * capacity));
    case 'levels': {
      const room = capacity * FIRST_LEVELS_PER_ROW;
      const starts = new Uint32Array(new memory(4 * (capacity + 1)));
      return { ticks: doubles(memory, room), lots: doubles(memory, room), starts };
    }
    default:
      return doubles(memory, capacity);
  }
}

function doubles(memory: Memory, length: number): Float64Array {
  return new Float64Array(new memory(8 * length));
}

/** Columns as they are written: what of them depends on the schema is checked by the types of the callers. */
export interface AnyColumns {
  readonly capacity: number;
  length: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * Writes a record into a row; how many are filled is for the caller. Throws `ERR_PERF_JSON_INPUT` where a column has no such
 * row (any more).
 */
export type RowWriter = (record: Slots, columns: AnyColumns, row: number) => void;

/** Generated for decoders that are: a call per field takes as long as reading it. */
export function rowWriter(schema: AnySchema, isGenerated: boolean): RowWriter {
  if (isUnion(schema)) throw optionError('a union has no columns: make a decoder per kind');
  if (isGenerated) return generatedWriter(schema);
  const fields = namedFields(schema);
  const writers = fields.map(({ name, type }) => fieldWriter(name, type));
  return (record, columns, row) => {
    checkColumns(columns.fields, fields, row + 1, 'columns');
    for (let place = 0; place < writers.length; place++) writers[place](record, columns, row);
  };
}

function generatedWriter(schema: Schema): RowWriter {
  const fields = namedFields(schema);
  const check = (columns: AnyColumns, row: number): void => checkColumns(columns.fields, fields, row + 1, 'columns');
  const known: unknown[] = [writeLevels, check];
  // One comparison per field; what is wrong is found out by the check.
  const rooms = fields.map(({ name, type }) => {
    const key = JSON.stringify(name);
    return type.kind === 'levels' ? `f[${key}].starts.length > row + 1` : `f[${key}].length > row`;
  });
  const lines = Object.entries(schema).map(([name, { type }]) => {
    const key = JSON.stringify(name);
    if (type.kind === 'levels') return `known[0](r[${key}], f[${key}], row);`;
    if (type.kind === 'bool') return `f[${key}][row] = r[${key}] ? 1 : 0;`;
    if (type.kind !== 'enum') return `f[${key}][row] = r[${key}];`;
    const place = known.push(type.values) - 1;
    return `f[${key}][row] = known[${place}].indexOf(r[${key}]);`;
  });
  const body = `return (r, columns, row) => {
    const f = columns.fields;
    if (!(${['true', ...rooms].join(' && ')})) known[1](columns, row);
    ${lines.join('\n')}
  };`;
  // Names of the schema as quoted literals, and nothing else that comes from outside.
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- as the scanner
  const build = new Function('known', body) as (known: readonly unknown[]) => RowWriter;
  return build(known);
}

function namedFields(schema: Schema): { readonly name: string; readonly type: FieldType }[] {
  return Object.entries(schema).map(([name, { type }]) => ({ name, type }));
}

function fieldWriter(name: string, type: FieldType): RowWriter {
  switch (type.kind) {
    case 'enum': {
      const places = new Map(type.values.map((value, place) => [value, place]));
      return (record, { fields }, row) => {
        (fields[name] as Uint8Array)[row] = places.get(record[name] as string) as number;
      };
    }
    case 'bool':
      return (record, { fields }, row) => {
        (fields[name] as Uint8Array)[row] = record[name] === true ? 1 : 0;
      };
    case 'levels':
      return (record, { fields }, row) => writeLevels(record[name] as Levels, fields[name] as LevelsColumn, row);
    case 'text':
      return (record, { fields }, row) => {
        (fields[name] as Int32Array)[row] = record[name] as number;
      };
    case 'i64':
      if (type.as === 'bigint') {
        return (record, { fields }, row) => {
          (fields[name] as BigInt64Array)[row] = record[name] as bigint;
        };
      }
      return writeDouble(name);
    default:
      return writeDouble(name);
  }
}

function writeDouble(name: string): RowWriter {
  return (record, { fields }, row) => {
    (fields[name] as Float64Array)[row] = record[name] as number;
  };
}

function writeLevels({ ticks, lots, length }: Levels, column: LevelsColumn, row: number): void {
  const start = column.starts[row];
  const end = start + length;
  if (end > column.ticks.length || end > column.lots.length) growLevelsColumn(column, end);
  for (let at = 0; at < length; at++) {
    column.ticks[start + at] = ticks[at];
    column.lots[start + at] = lots[at];
  }
  column.starts[row + 1] = end;
}

/**
 * Makes room for so many levels, or twice as many as there are, on memory of the same kind. Throws `ERR_PERF_JSON_INPUT`
 * where those that are there were detached.
 */
export function growLevelsColumn(column: LevelsColumn, atLeast: number): void {
  const length = Math.max(atLeast, column.ticks.length * 2);
  column.ticks = grown(column.ticks, length);
  column.lots = grown(column.lots, length);
}

function grown(from: Float64Array, length: number): Float64Array {
  if (isGone(from)) throw new JsonError('ERR_PERF_JSON_INPUT', 'columns: the levels are gone: they were detached');
  const to = doubles(from.buffer instanceof SharedArrayBuffer ? SharedArrayBuffer : ArrayBuffer, length);
  to.set(from);
  return to;
}

/** Throws unless the row continues the ones that are filled, or replaces the last. */
export function checkRow({ capacity, length }: AnyColumns, row: number): void {
  if (Number.isSafeInteger(row) && row >= 0 && row <= length && row < capacity) return;
  throw optionError(`decodeInto: row must be from 0 to ${Math.min(length, capacity - 1)}, got ${row}`);
}
