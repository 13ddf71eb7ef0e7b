import { types } from 'node:util';
import { anyOption, booleanOption, choiceOption, integerOption, readOptions } from '@perf/internal';
import type { Decoder } from '../decoder/decoder.ts';
import { planOf, type PlannedField } from '../decoder/plan.ts';
import { isUnion, type AnySchema, type FieldColumn, type Schema, type Union } from '../decoder/types.ts';
import { JsonError, optionError } from '../errors.ts';
import { ChunkedRows } from './chunked-rows.ts';
import { closureRows } from './closure-rows.ts';
import { generatedRows } from './generated-rows.ts';
import { layoutOf } from './layout.ts';
import { ARRAY, LINES, type RowFrame } from './row-frame.ts';
import { checkRows, RowsProgress, viewOf, type Rows, type RowsWriter } from './rows.ts';
import { Unwritable } from './unwritable.ts';
import { valueForms } from './value-form.ts';

/** Columns to write: those of `columnsOf`, or of the same types from elsewhere. A union has none. */
export type WritableColumns<S extends AnySchema> = S extends Union
  ? never
  : S extends Schema
    ? {
        readonly length: number;
        readonly fields: { readonly [Name in keyof S]: FieldColumn<S[Name]['type']> };
      }
    : never;

export interface ColumnsWriterOptions {
  /** The most bytes of a chunk, from 64. Default: 65,536. */
  readonly chunkBytes?: number | undefined;
  /** What becomes of NaN and infinities, which have no JSON text: an error (default), or null as in `JSON.stringify`. */
  readonly notFinite?: 'throw' | 'null' | undefined;
  /** The path of an object that the rows are put under. Default: that of the decoder; none for a schema. */
  readonly within?: string | readonly string[] | undefined;
  /** False: no code is generated. It is not where the process disallows it, either. Default: true. */
  readonly codeGeneration?: boolean | undefined;
}

/** What `writeInto` wrote. */
export interface WrittenRows {
  /** The row to go on with; the length of the columns when all are written. */
  readonly row: number;
  readonly byteLength: number;
}

/** Writes columns as JSON; made by {@link ndjsonWriter} or {@link jsonWriter}. Holds no state: one may serve many outputs. */
export interface ColumnsWriter<S extends AnySchema> {
  readonly schema: S;
  /** Whether code was generated; without it the bytes are the same, later. */
  readonly isGenerated: boolean;
  /** The whole text. */
  toBytes(columns: WritableColumns<S>): Uint8Array;
  /**
   * The text in chunks of at most `chunkBytes`, each with memory of its own. Nothing is written ahead: the columns are
   * read as far as the chunk that is asked for. Several sets of columns give one text; the next is asked for when the
   * rows of the one before are written, so they may be the same memory filled again.
   */
  chunks(columns: WritableColumns<S> | Iterable<WritableColumns<S>>): Generator<Uint8Array, void, undefined>;
  /** The same from columns that arrive over time: `pipeline(writer.stream(batches), createWriteStream(path))`. */
  stream(
    columns: AsyncIterable<WritableColumns<S>> | Iterable<WritableColumns<S>>,
  ): AsyncGenerator<Uint8Array, void, undefined>;
  /**
   * Writes whole rows into `target` from `row` on (default: 0), as long as the longest form of the next one fits. Called
   * again with the row that it returns until that is the length of the columns, it writes the text piece by piece,
   * brackets included. Throws `ERR_PERF_JSON_SIZE` where there is no room for one row.
   */
  writeInto(columns: WritableColumns<S>, target: Uint8Array, row?: number): WrittenRows;
}

const RULES = {
  chunkBytes: integerOption(65_536, 64, 0x4000_0000),
  notFinite: choiceOption('throw', ['throw', 'null']),
  within: anyOption<string | readonly string[] | undefined>(undefined),
  codeGeneration: booleanOption(true),
};

class SchemaWriter<S extends AnySchema> implements ColumnsWriter<S> {
  readonly schema: S;
  readonly isGenerated: boolean;
  readonly #caller: string;
  readonly #frame: RowFrame;
  readonly #chunkBytes: number;
  readonly #fields: readonly PlannedField[];
  readonly #write: RowsWriter;

  constructor(caller: string, frame: RowFrame, source: Decoder<S> | S, given: ColumnsWriterOptions | undefined) {
    const options = readOptions(caller, given, RULES, optionError);
    const decoder = isDecoder(source) ? source : undefined;
    this.schema = decoder === undefined ? (source as S) : decoder.schema;
    const plan = planOf(this.schema, { within: options.within ?? decoder?.within });
    if (isUnion(this.schema)) throw optionError(`${caller}: a union has no columns: make a writer per kind`);
    const { fields } = plan.kinds[0];
    const layout = layoutOf(fields, frame.lead, frame.tail, caller);
    const forms = valueForms(fields);
    const unwritable = new Unwritable(fields, options.notFinite, caller);
    const generated = options.codeGeneration ? generatedRows(layout, forms, unwritable) : undefined;
    this.isGenerated = generated !== undefined;
    this.#write = generated ?? closureRows(layout, forms, unwritable);
    this.#caller = caller;
    this.#frame = frame;
    this.#chunkBytes = options.chunkBytes;
    this.#fields = fields;
  }

  toBytes(columns: WritableColumns<S>): Uint8Array {
    const chunks = [...this.chunks(columns)];
    return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
  }

  *chunks(columns: WritableColumns<S> | Iterable<WritableColumns<S>>): Generator<Uint8Array, void, undefined> {
    const rows = new ChunkedRows(this.#write, this.#frame, this.#chunkBytes);
    for (const each of isIterable(columns) ? columns : [columns]) {
      rows.begin(this.#checked(each));
      for (let chunk = rows.next(); chunk !== undefined; chunk = rows.next()) yield chunk;
    }
    yield* rows.end();
  }

  async *stream(
    columns: AsyncIterable<WritableColumns<S>> | Iterable<WritableColumns<S>>,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const rows = new ChunkedRows(this.#write, this.#frame, this.#chunkBytes);
    for await (const each of columns) {
      rows.begin(this.#checked(each));
      for (let chunk = rows.next(); chunk !== undefined; chunk = rows.next()) yield chunk;
    }
    yield* rows.end();
  }

  writeInto(given: WritableColumns<S>, target: Uint8Array, from = 0): WrittenRows {
    const columns = this.#checked(given);
    const { length } = columns;
    if (!types.isUint8Array(target)) throw this.#inputError(`expected a Uint8Array, got ${typeof target}`);
    if (!(Number.isSafeInteger(from) && from >= 0 && from <= length)) {
      throw this.#inputError(`row must be from 0 to ${length}, got ${from}`);
    }
    const { open, close, empty } = this.#frame;
    if (from === length) {
      if (length > 0 || empty.length === 0) return { row: length, byteLength: 0 };
      if (target.length < empty.length) throw this.#sizeError(target, 0, empty.length);
      target.set(empty);
      return { row: 0, byteLength: empty.length };
    }
    const progress = new RowsProgress();
    progress.row = from;
    let at: number;
    try {
      // Room for what closes the text is always kept: which row is the last to fit shows only then.
      at = this.#write(columns, from, length, viewOf(target), 0, target.length - close.length, progress);
    } catch (error) {
      // What stands before the fault is delivered; the next call begins with the row that is refused.
      if (progress.row === from) throw error;
      at = progress.at;
    }
    const { row, room } = progress;
    if (row === from) throw this.#sizeError(target, from, room + close.length);
    if (from === 0 && open !== undefined) target[0] = open;
    if (row < length) return { row, byteLength: at };
    target.set(close, at);
    return { row, byteLength: at + close.length };
  }

  #checked(columns: unknown): Rows {
    checkRows(columns as Rows, this.#fields, this.#caller);
    return columns as Rows;
  }

  #inputError(message: string): JsonError {
    return new JsonError('ERR_PERF_JSON_INPUT', `${this.#caller}: ${message}`);
  }

  #sizeError(target: Uint8Array, row: number, room: number): JsonError {
    const what = `row ${row} may need ${room} bytes, the target has ${target.length}`;
    return new JsonError('ERR_PERF_JSON_SIZE', `${this.#caller}: ${what}: give it a larger one`, { row });
  }
}

/**
 * Makes a writer of columns as lines of JSON, one object per row: what a decoder with the same schema reads, its paths
 * being the keys.
 *
 * Counts are written as exact decimals at their scale and 64-bit integers with all digits; doubles have the text that
 * JavaScript gives them. A count whose field has the form 'number', and an integer whose field has not the form 'text', is
 * a JSON number, any other a text. An optional value that has no text is null where it is the field's default.
 *
 * Throws `ERR_PERF_JSON_OPTION`. The writer throws `ERR_PERF_JSON_VALUE`, with `row` and `field`, for a value that has no
 * text in the form of its field, once the rows before it are delivered; `ERR_PERF_JSON_INPUT` for columns that are not
 * those of the schema. O(bytes written), which is less than making objects for `JSON.stringify`.
 *
 * ```js
 * import { columnsOf, decoder, field, ndjsonWriter } from '@perf/json';
 *
 * const trades = decoder({ price: { path: 'p', type: field.ticks('0.10') }, id: { path: 'a', type: field.i64() } });
 * const columns = columnsOf(trades, 1000);
 * trades.decodeBatch([Buffer.from('{"p":"61800.20","a":9007199254740993}')], columns);
 * Buffer.from(ndjsonWriter(trades).toBytes(columns)).toString(); // '{"p":"61800.2","a":9007199254740993}\n'
 * ```
 */
export function ndjsonWriter<S extends AnySchema>(
  decoder: Decoder<S>,
  options?: ColumnsWriterOptions,
): ColumnsWriter<S>;
export function ndjsonWriter<const S extends AnySchema>(schema: S, options?: ColumnsWriterOptions): ColumnsWriter<S>;
export function ndjsonWriter<S extends AnySchema>(
  source: Decoder<S> | S,
  options?: ColumnsWriterOptions,
): ColumnsWriter<S> {
  return new SchemaWriter('ndjsonWriter', LINES, source, options);
}

/** The same as {@link ndjsonWriter} for one array of objects: `[{…},{…}]`. */
export function jsonWriter<S extends AnySchema>(decoder: Decoder<S>, options?: ColumnsWriterOptions): ColumnsWriter<S>;
export function jsonWriter<const S extends AnySchema>(schema: S, options?: ColumnsWriterOptions): ColumnsWriter<S>;
export function jsonWriter<S extends AnySchema>(
  source: Decoder<S> | S,
  options?: ColumnsWriterOptions,
): ColumnsWriter<S> {
  return new SchemaWriter('jsonWriter', ARRAY, source, options);
}

/** By a method: what a schema has under any name is an object. */
function isDecoder<S extends AnySchema>(source: Decoder<S> | S): source is Decoder<S> {
  return typeof (source as Partial<Decoder<S>> | null)?.tryDecode === 'function';
}

function isIterable<Columns>(columns: Columns | Iterable<Columns>): columns is Iterable<Columns> {
  return typeof (columns as Partial<Iterable<Columns>> | null)?.[Symbol.iterator] === 'function';
}
