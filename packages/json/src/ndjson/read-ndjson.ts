import { types } from 'node:util';
import type { ColumnsOf, Schema } from '../decoder/types.ts';
import type { ByteSource } from '../source/byte-source.ts';
import { LineReader } from './line-reader.ts';
import type { Rows } from './line-decoder.ts';
import type { NdjsonBatchOptions, NdjsonSchema } from './options.ts';
import { columnRows, valueRows, type RowKind } from './row-kind.ts';
import { readBatchOptions, type BatchSettings } from './settings.ts';
import type { NdjsonSummary } from './summary.ts';

/** Batches of rows, in the order of the lines. To be iterated once. */
export interface NdjsonReader<Batch> extends AsyncIterable<Batch> {
  /** What was read so far: of everything that was delivered, and of what is in the batch that is being filled. */
  readonly summary: NdjsonSummary;
  next(): Promise<IteratorResult<Batch, undefined>>;
  /** Ends reading, also while a `next` waits, which then has no more batches, and releases the source. */
  return(): Promise<IteratorResult<Batch, undefined>>;
  /** The same as `return`. */
  close(): Promise<void>;
  [Symbol.asyncIterator](): NdjsonReader<Batch>;
  [Symbol.asyncDispose](): Promise<void>;
}

class BatchReader<Into extends Rows, Batch> implements NdjsonReader<Batch> {
  readonly summary: NdjsonSummary;
  readonly #lines: LineReader<Into, Batch>;
  readonly #batches: AsyncGenerator<Batch, undefined, undefined>;

  constructor(lines: LineReader<Into, Batch>) {
    this.summary = lines.tally;
    this.#lines = lines;
    this.#batches = lines.batches();
  }

  next(): Promise<IteratorResult<Batch, undefined>> {
    return this.#batches.next();
  }

  async return(): Promise<IteratorResult<Batch, undefined>> {
    this.#lines.stop();
    await this.#batches.return(undefined);
    // A generator that was never started has no end of its own.
    await this.#lines.close();
    return { done: true, value: undefined };
  }

  async close(): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

const BATCH_OF_COLUMNS = 16_384;
const BATCH_OF_VALUES = 1024;

/**
 * Reads newline-delimited JSON from a file, bytes, a stream or an iterable, plain or compressed, in batches of rows.
 *
 * With `columns`, a batch is a set of typed columns made anew, as `columnsOf` makes them; each line is decoded as by
 * `decoder`: validated whole, exact or refused. Without, a batch is an array of the values that `JSON.parse` makes of
 * strict UTF-8. Lines end with a line feed; blank ones are passed over, white space around a document ("\r" too) and a
 * byte order mark before the first line are no part of it. Memory is bounded by the options, whatever the input is.
 *
 * A bad line is an error with its `line` and `byteOffset` in the (uncompressed) input, and is handled as `onBadLine` says.
 * Before any error all rows before it are delivered, but not once the signal has aborted. A file is read up to the size it had when it
 * was opened. Leaving the loop early closes the source.
 *
 * Throws `ERR_PERF_JSON_OPTION` and `_INPUT`. Iterating rejects with `_SYNTAX`, `_UTF8`, `_DECODE` and `_SIZE` for a bad
 * line, `_SIZE` for too long an input, `_SOURCE` where reading or uncompressing fails, `_INPUT` for a chunk that is not
 * bytes, and `_ABORTED`.
 *
 * ```js
 * import { field, readNdjson } from '@perf/json';
 *
 * const columns = { time: { path: 'T', type: field.i64() }, price: { path: 'p', type: field.ticks('0.10') } };
 * const trades = readNdjson('trades.ndjson.gz', { columns, onBadLine: 'collect' });
 * for await (const { length, fields } of trades) {
 *   for (let row = 0; row < length; row++) console.log(fields.time[row], fields.price[row]);
 * }
 * console.log(trades.summary.badLines, trades.summary.faults);
 * ```
 */
export function readNdjson<const S extends Schema>(
  source: ByteSource,
  options: NdjsonBatchOptions & NdjsonSchema<S>,
): NdjsonReader<ColumnsOf<S>>;
export function readNdjson(source: ByteSource, options?: NdjsonBatchOptions): NdjsonReader<unknown[]>;
export function readNdjson(source: ByteSource, options?: NdjsonBatchOptions): NdjsonReader<unknown> {
  const settings = readBatchOptions(options);
  if (settings.columns === undefined) return readerOf(source, valueRows(settings), settings, BATCH_OF_VALUES);
  return readerOf(source, columnRows(settings), settings, BATCH_OF_COLUMNS);
}

function readerOf<Into extends Rows, Batch>(
  source: ByteSource,
  kind: RowKind<Into, Batch>,
  settings: BatchSettings,
  usualRows: number,
): NdjsonReader<Batch> {
  const { batchRows, maxWaitMs } = settings;
  const canPause = typeof source === 'object' && !(source instanceof URL) && !types.isUint8Array(source);
  const batching = {
    capacity: batchRows ?? usualRows,
    maxWaitMs: canPause ? maxWaitMs : undefined,
    grow: undefined,
  };
  return new BatchReader(new LineReader('readNdjson', source, kind, settings, batching));
}
