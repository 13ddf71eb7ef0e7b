import { types } from 'node:util';
import type { ColumnsOf, Schema } from '../decoder/types.ts';
import type { ByteSource } from '../source/byte-source.ts';
import type { ArrayStream } from '../stream/array-stream.ts';
import type { NdjsonBatchOptions, NdjsonOptions } from './options.ts';
import { columnRows, valueRows } from './row-kind.ts';
import { hasColumns, readBatchOptions, readValueOptions } from './settings.ts';
import { RowStream, ValueStream } from './row-stream.ts';
import type { NdjsonSummary } from './summary.ts';

/** The values of lines, or batches of rows, in order. To be iterated once. */
export interface NdjsonStream<T> extends ArrayStream<T> {
  /** What was read so far: of everything that was delivered, and somewhat more. */
  readonly summary: NdjsonSummary;
  [Symbol.asyncIterator](): NdjsonStream<T>;
}

/** Values that are made at once. */
const VALUES_AT_ONCE = 1024;

/**
 * Reads newline-delimited JSON from a file, bytes, a stream or an iterable, plain or compressed.
 *
 * Without `columns`, it gives the values of lines one by one, as `JSON.parse` makes them of strict UTF-8; with, batches of
 * rows, each a set of typed columns made anew, as `columnsOf` makes them, decoded as by `decoder`: every line validated
 * whole, exact or refused. Lines end with a line feed; blank ones are passed over, white space around a document ("\r"
 * too) and a byte order mark before the first line are no part of it. Memory is bounded by the options, whatever the
 * input is.
 *
 * A bad line is an error with its `line` and `byteOffset` in the (uncompressed) input, and is handled as `onBadLine` says.
 * Before any error all rows before it are delivered, but not once the signal has aborted. A file is read up to the size it
 * had when it was opened. Leaving the loop early closes the source.
 *
 * Throws `ERR_PERF_JSON_OPTION` and `_INPUT`. Iterating rejects with `_SYNTAX`, `_UTF8`, `_DECODE` and `_SIZE` for a bad
 * line, `_SIZE` for too long an input, `_SOURCE` where reading or uncompressing fails, `_INPUT` for a chunk that is not
 * bytes, and `_ABORTED`.
 *
 * ```js
 * import { field, readNdjson } from '@perf/json';
 *
 * for await (const trade of readNdjson('trades.ndjson')) console.log(trade.p);
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
  options: NdjsonBatchOptions<S>,
): NdjsonStream<ColumnsOf<S>>;
export function readNdjson(source: ByteSource, options?: NdjsonOptions): NdjsonStream<unknown>;
export function readNdjson(source: ByteSource, options?: NdjsonOptions): NdjsonStream<unknown> {
  if (!hasColumns(options)) {
    const settings = readValueOptions(options);
    // What a chunk of a stream has is delivered with it: no value waits for another.
    const batching = { capacity: VALUES_AT_ONCE, maxWaitMs: 0, grow: undefined };
    return new ValueStream(new RowStream('readNdjson', source, valueRows(settings), settings, batching));
  }
  const settings = readBatchOptions(options);
  const { batchRows, maxWaitMs } = settings;
  const canPause = typeof source === 'object' && !(source instanceof URL) && !types.isUint8Array(source);
  const batching = { capacity: batchRows, maxWaitMs: canPause ? maxWaitMs : undefined, grow: undefined };
  return new RowStream('readNdjson', source, columnRows(settings), settings, batching);
}
