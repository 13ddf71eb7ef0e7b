import { decoder, rowReaderOf } from '../decoder/decoder.ts';
import type { Decoder } from '../decoder/decoder.ts';
import type { ColumnsOf, Schema } from '../decoder/types.ts';
import { readOf } from '../document/pointer.ts';
import type { JsonPointer } from '../document/pointer.ts';
import type { ByteSource } from '../source/byte-source.ts';
import { openSource } from '../source/open-source.ts';
import { ArrayReader } from './array-reader.ts';
import { BatchStream, ItemStream } from './array-stream.ts';
import type { ArrayStream } from './array-stream.ts';
import { ColumnTaker } from './column-taker.ts';
import type { ElementLimits, ElementTaker } from './element-taker.ts';
import { readArrayOptions } from './options.ts';
import type { ArraySettings, StreamArrayOptions, StreamColumnsOptions } from './options.ts';
import { ValueTaker } from './value-taker.ts';
import { Window } from './window.ts';

/**
 * The elements of one array in a JSON document of any size, from a file, bytes, a stream or an iterable, plain or compressed,
 * in bounded memory.
 *
 * The pointer says where the array is; `''` is the document itself. Without `columns`, elements come one by one, as `JSON.parse`
 * makes them; with, in batches of rows, each a set of typed columns made anew, as `columnsOf` makes them, decoded as by
 * `decoder`. The whole document is checked, before the array, inside and behind it: at its first fault the loop gets the
 * elements before the fault and then its error, with the code and `byteOffset` that `validate` has for the whole. It has no line
 * or column: nobody counted them.
 *
 * An element is delivered when the comma or bracket behind it has come. Of equal keys on the way the first counts, and a later
 * one is an error, since `JSON.parse` would have taken that. A value there that is no array, and a pointer that leads
 * nowhere, are errors as soon as that is known, before the rest is checked. A file is read up to the size it had when it was
 * opened. Leaving the loop early closes the source.
 *
 * Throws `ERR_PERF_JSON_OPTION`, `_INPUT` and `_POINTER`. Iterating rejects with `_SYNTAX`, `_UTF8`, `_DEPTH`; `_SIZE` for too large
 * an element, `_DECODE` for one that is not what the schema says, `_TYPE`, `_MISSING`, `_DUPLICATE_KEY`, `_SOURCE` where reading
 * or uncompressing fails, and `_ABORTED`.
 *
 * ```js
 * import { field, streamArray } from '@perf/json';
 *
 * const bytes = Buffer.from('{"time":1,"trades":[{"p":"61800.20"},{"p":"61799.90"}]}');
 * for await (const trade of streamArray(bytes, '/trades')) trade.p; // '61800.20', then '61799.90'
 *
 * const columns = { price: { path: 'p', type: field.ticks('0.10') } };
 * for await (const { length, fields } of streamArray(bytes, '/trades', { columns })) fields.price.subarray(0, length); // 618002, 617999
 * ```
 */
export function streamArray<S extends Schema>(
  source: ByteSource,
  pointer: string | JsonPointer,
  options: StreamColumnsOptions<S>,
): ArrayStream<ColumnsOf<S>>;
export function streamArray(
  source: ByteSource,
  pointer: string | JsonPointer,
  options?: StreamArrayOptions,
): ArrayStream<unknown>;
export function streamArray(
  source: ByteSource,
  pointer: string | JsonPointer,
  options?: StreamArrayOptions,
): ArrayStream<unknown> {
  const settings = readArrayOptions(options);
  const { columns, batchRows } = settings;
  if (columns === undefined) {
    return new ItemStream(batchesOf(source, pointer, settings, (limits) => new ValueTaker(limits)));
  }
  const rows: Decoder<Schema> =
    rowReaderOf(columns) === undefined ? decoder(columns as Schema) : (columns as Decoder<Schema>);
  // Refuses a union now, not at the first element.
  rowReaderOf(rows);
  return batchesOf(source, pointer, settings, (limits) => new ColumnTaker(rows, batchRows, limits));
}

function batchesOf<Batch>(
  source: ByteSource,
  pointer: string | JsonPointer,
  { compression, signal, maxDepth, maxElementBytes, onProgress }: ArraySettings,
  makeTaker: (limits: ElementLimits) => ElementTaker<Batch>,
): BatchStream<Batch> {
  const read = readOf(pointer);
  const pointerText = typeof pointer === 'string' ? pointer : pointer.text;
  return new BatchStream(signal, (end) => {
    const reader = openSource(source, { caller: 'streamArray', compression, signal: end });
    const onPiece = (elements: number): void => {
      onProgress?.({ bytesRead: reader.bytesRead, totalBytes: reader.totalBytes, elements });
    };
    async function* batches(): AsyncGenerator<Batch, void, undefined> {
      // Here, so that a stream that is never read takes no memory.
      const window = new Window(reader);
      const reading = { pointer: read, pointerText, maxDepth, maxElementBytes, makeTaker, onPiece };
      yield* new ArrayReader(window, reading).batches();
    }
    return { source: reader, batches: batches() };
  });
}
