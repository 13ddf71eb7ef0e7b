import { types } from 'node:util';
import { JsonError, optionError } from '../errors.ts';
import type { JsonPosition } from '../errors.ts';
import { findFault } from '../scan-document.ts';
import { faultError, START } from '../report.ts';
import { bytesOf, throwIfGone } from '../input.ts';
import { checkRow, rowWriter, type AnyColumns, type RowWriter } from './columns.ts';
import { checkColumns } from './check-columns.ts';
import { decodeError } from './fault.ts';
import { GeneralScanner } from './general.ts';
import { generate, generateRows, type GeneratedScanner } from './generate.ts';
import { NativeBatch } from './native-batch.ts';
import { nativeRowsOf } from './native-rows.ts';
import { planOf, type DecoderOptions, type Plan } from './plan.ts';
import type { Slots } from './read-value.ts';
import { recordOf } from './record.ts';
import { isStopped, staged } from './stage.ts';
import { OK, SYNTAX, UTF8 } from './reasons.ts';
import { isUnion, type AnySchema, type ColumnsOf, type RecordOf } from './types.ts';

/** Reads messages of a known shape into typed fields; made by {@link decoder}. */
export interface Decoder<S extends AnySchema> {
  readonly schema: S;
  /** The keys that all paths of the schema start from. */
  readonly within: readonly string[];
  /** Whether a scanner was generated; without it the results are the same, later. */
  readonly isGenerated: boolean;
  /** A record to decode into, again and again: numbers NaN, texts −1, levels empty. */
  record(): RecordOf<S>;
  /**
   * Reads `bytes[start, end)` into the record and returns it. Throws `ERR_PERF_JSON_DECODE`, `_SYNTAX` or `_UTF8`; what
   * the record holds then is not specified.
   */
  decode(bytes: Uint8Array, record?: RecordOf<S>, start?: number, end?: number): RecordOf<S>;
  /** The same without an exception: 0, or the place of the reason in `decodeReasons`. */
  tryDecode(bytes: Uint8Array, record: RecordOf<S>, start?: number, end?: number): number;
  /**
   * The error that `decode` throws for this message, or undefined. Its position counts from `origin`: the place of the
   * message's first byte in a longer input, by default line 1, column 1, byte 0.
   */
  faultOf(bytes: Uint8Array, start?: number, end?: number, origin?: JsonPosition): JsonError | undefined;
  /**
   * Reads a message into a row of columns made by `columnsOf`: the next row, or one that is filled, and then
   * `columns.length` is `row + 1`. The reason as from `tryDecode`; a refused message leaves the columns as they were.
   */
  decodeInto(bytes: Uint8Array, columns: ColumnsOf<S>, row: number): number;
  /**
   * Appends messages to columns until they are full, and returns how many of `frames` were taken. Refused ones have no
   * row; they are counted in `refused[reason]`, where it is given (one entry per entry of `decodeReasons`).
   */
  decodeBatch(frames: readonly Uint8Array[], columns: ColumnsOf<S>, refused?: Uint32Array): number;
}

type RowScanner = GeneratedScanner<AnyColumns>;

const ANY_DEPTH = 0xffff_ffff;
/** Fewer messages are read before native code is entered and left. A generated scanner is as quick for any number of them. */
const NATIVE_MIN_FRAMES = 8;

class SchemaDecoder<S extends AnySchema> implements Decoder<S> {
  readonly schema: S;
  readonly within: readonly string[];
  readonly isGenerated: boolean;
  readonly #plan: Plan;
  readonly #general: GeneralScanner;
  readonly #generated: GeneratedScanner<Slots>;
  #row: { readonly record: RecordOf<S>; readonly write: RowWriter } | undefined;
  #rowScanner: RowScanner | undefined;
  /** Null where native code does not read this schema, or is not there. */
  #native: NativeBatch | null | undefined;

  constructor(schema: S, options: DecoderOptions | undefined) {
    this.schema = schema;
    this.#plan = planOf(schema, options);
    this.within = this.#plan.within;
    this.#general = new GeneralScanner(this.#plan);
    const generated = this.#plan.codeGeneration ? generate(this.#plan) : undefined;
    this.isGenerated = generated !== undefined;
    this.#generated = generated ?? notGenerated;
  }

  record(): RecordOf<S> {
    return recordOf(this.#plan) as RecordOf<S>;
  }

  decode(bytes: Uint8Array, given?: RecordOf<S>, start = 0, end: number = endOf(bytes)): RecordOf<S> {
    const record = given ?? this.record();
    if (this.tryDecode(bytes, record, start, end) !== OK) throw this.faultOf(bytes, start, end) as JsonError;
    return record;
  }

  tryDecode(bytes: Uint8Array, record: RecordOf<S>, start = 0, end: number = endOf(bytes)): number {
    if (record === undefined) throw inputError('tryDecode', 'a record', record);
    if (this.isGenerated && isRange(bytes, start, end)) {
      const stage = staged(bytes, start, end);
      const length = end - start;
      if (this.#generated(stage.bytes, stage.view, 0, length, record as Slots) === length) return OK;
    }
    return this.#scan(bytes, record as Slots, start, end);
  }

  faultOf(
    bytes: Uint8Array,
    start = 0,
    end: number = endOf(bytes),
    origin: JsonPosition = START,
  ): JsonError | undefined {
    const reason = this.#scan(bytes, recordOf(this.#plan), start, end);
    if (reason === OK) return undefined;
    const message = bytesOf(bytes, 'decoder').subarray(start, end);
    if (reason === SYNTAX || reason === UTF8) {
      const fault = findFault(message, ANY_DEPTH);
      if (fault !== undefined) return faultError(message, fault, ANY_DEPTH, undefined, origin);
    }
    return decodeError(message, reason, this.#general.refusal, start, this.#plan, origin);
  }

  decodeInto(bytes: Uint8Array, columns: ColumnsOf<S>, row: number): number {
    throwIfNoColumns(columns as AnyColumns, 'decodeInto');
    checkRow(columns as AnyColumns, row);
    const { record, write } = this.#rows();
    const reason = this.tryDecode(bytes, record);
    if (reason !== OK) return reason;
    write(record as Slots, columns as AnyColumns, row);
    (columns as AnyColumns).length = row + 1;
    return OK;
  }

  decodeBatch(frames: readonly Uint8Array[], given: ColumnsOf<S>, refused?: Uint32Array): number {
    const columns = given as AnyColumns;
    const scan = this.#scanRows();
    if (!Array.isArray(frames)) throw inputError('decodeBatch', 'an array of Uint8Arrays', frames);
    throwIfNoColumns(columns, 'decodeBatch');
    const native = this.isGenerated || frames.length < NATIVE_MIN_FRAMES ? undefined : this.#nativeBatch();
    if (native !== undefined) {
      checkColumns(columns.fields, this.#plan.kinds[0].fields, columns.capacity, 'decodeBatch');
      native.begin();
    }
    let taken = 0;
    for (; taken < frames.length && columns.length < columns.capacity; taken++) {
      if (native !== undefined) {
        taken += native.decode(frames, taken, columns);
        // What it stops at is wrong or unusual, or the columns are full.
        if (taken === frames.length || columns.length === columns.capacity) break;
      }
      const frame = frames[taken];
      const reason = this.#readRow(scan, frame, 0, endOf(frame), columns);
      if (reason === OK) columns.length++;
      else if (refused !== undefined) refused[reason]++;
    }
    return taken;
  }

  /** Reads a message into the row behind those that are filled. */
  #readRow(scan: RowScanner, bytes: Uint8Array, start: number, end: number, columns: AnyColumns): number {
    if (this.isGenerated && isRange(bytes, start, end)) {
      const stage = staged(bytes, start, end);
      const length = end - start;
      if (scan(stage.bytes, stage.view, 0, length, columns) === length) return OK;
    }
    return this.#scanRow(bytes, start, end, columns);
  }

  /** The same by the general scanner. */
  #scanRow(bytes: Uint8Array, start: number, end: number, columns: AnyColumns): number {
    const { record, write } = this.#rows();
    const reason = this.#scan(bytes, record as Slots, start, end);
    if (reason === OK) write(record as Slots, columns, columns.length);
    return reason;
  }

  #scanRows(): RowScanner {
    if (isUnion(this.schema)) throw optionError('a union has no columns: make a decoder per kind');
    return (this.#rowScanner ??= (this.isGenerated ? generateRows(this.#plan) : undefined) ?? notGenerated);
  }

  #nativeBatch(): NativeBatch | undefined {
    if (this.#native === undefined) {
      const rows = nativeRowsOf(this.#plan);
      this.#native = rows === undefined ? null : new NativeBatch(rows);
    }
    return this.#native ?? undefined;
  }

  plan(): Plan {
    return this.#plan;
  }

  rowReader(): RowReader {
    const scan = this.#scanRows();
    let memory: Uint8Array | undefined;
    let view: DataView;
    const scanAt = (bytes: Uint8Array, start: number, end: number, columns: AnyColumns): number => {
      if (bytes !== memory) {
        memory = bytes;
        view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      }
      return scan(bytes, view, start, end, columns);
    };
    return {
      readPrefix: (bytes, start, end, columns) => {
        const after = isStopped(bytes, end) ? scanAt(bytes, start, end, columns) : -1;
        return after <= end ? after : -1;
      },
      read: (bytes, start, end, columns) => {
        if (!isStopped(bytes, end)) return this.#readRow(scan, bytes, start, end, columns);
        return scanAt(bytes, start, end, columns) === end ? OK : this.#scanRow(bytes, start, end, columns);
      },
    };
  }

  #rows(): { readonly record: RecordOf<S>; readonly write: RowWriter } {
    return (this.#row ??= { record: this.record(), write: rowWriter(this.schema, this.isGenerated) });
  }

  #scan(bytes: Uint8Array, record: Slots, start: number, end: number): number {
    if (!types.isUint8Array(bytes)) {
      throw inputError('decoder', 'a Uint8Array', bytes);
    }
    throwIfGone(bytes, 'decoder');
    if (!(start >= 0 && start <= end && end <= bytes.length)) {
      throw new JsonError('ERR_PERF_JSON_INPUT', `decoder: no range of ${bytes.length} bytes: ${start} to ${end}`);
    }
    return this.#general.scan(bytes, start, end, record);
  }
}

/** Whether the generated scanners may be given a range; what is none has its error from the general scanner. */
function isRange(bytes: Uint8Array, start: number, end: number): boolean {
  if (!(bytes instanceof Uint8Array)) return false;
  return start >= 0 && end > start && end <= bytes.length && Number.isInteger(start) && Number.isInteger(end);
}

/** Of what is no bytes at all the scanners say so. */
function endOf(bytes: Uint8Array | undefined): number {
  return bytes?.length ?? 0;
}

function throwIfNoColumns(columns: Partial<AnyColumns> | undefined, caller: string): void {
  if (typeof columns?.fields !== 'object') throw inputError(caller, 'columns made by columnsOf', columns);
}

function inputError(caller: string, expected: string, got: unknown): JsonError {
  const what = got === null ? 'null' : typeof got;
  return new JsonError('ERR_PERF_JSON_INPUT', `${caller}: expected ${expected}, got ${what}`);
}

function notGenerated(): number {
  return -1;
}

/**
 * Reads messages that stand one behind the other in the same bytes, each into the row behind those that are filled, and
 * leaves it to the caller to count it. Quickest where there is a stop at `end` (stage.ts): then nothing is copied.
 */
export interface RowReader {
  /**
   * Reads the message that starts at `start`, wherever before `end` it ends: the place behind it, or −1 (cut, or unusual,
   * or no stop).
   */
  readPrefix(bytes: Uint8Array, start: number, end: number, columns: AnyColumns): number;
  /** Reads `bytes[start, end)`: 0, or the place of the reason in `decodeReasons`. */
  read(bytes: Uint8Array, start: number, end: number, columns: AnyColumns): number;
}

/** The plan of a decoder made here; undefined for anything else. */
export function planOfDecoder(decoder: unknown): Plan | undefined {
  return decoder instanceof SchemaDecoder ? decoder.plan() : undefined;
}

/** The row reader of a decoder made here; undefined for anything else. Throws `ERR_PERF_JSON_OPTION` for a union. */
export function rowReaderOf(decoder: unknown): RowReader | undefined {
  return decoder instanceof SchemaDecoder ? decoder.rowReader() : undefined;
}

/**
 * Makes a decoder of messages of a known shape: fields by path, typed, without building objects.
 *
 * The generated scanner reads compact messages with the fields in the order of the schema; any other layout (order, white
 * space, escapes, repeated keys: the last one counts) is read by a general one, with the same results. Every message is
 * checked whole: what `JSON.parse` of strict UTF-8 refuses is refused. Decoding allocates nothing, but for new texts,
 * bigints and growing levels. Throws `ERR_PERF_JSON_OPTION`.
 *
 * ```js
 * import { decoder, field } from '@perf/json';
 *
 * const trades = decoder({
 *   price: { path: 'p', type: field.ticks('0.10') },
 *   isMaker: { path: 'm', type: field.bool() },
 * });
 * const record = trades.record();
 * trades.decode(Buffer.from('{"e":"trade","p":"61800.20","m":true}'), record);
 * record.price; // 618002
 * ```
 */
export function decoder<const S extends AnySchema>(schema: S, options?: DecoderOptions): Decoder<S> {
  return new SchemaDecoder(schema, options);
}
