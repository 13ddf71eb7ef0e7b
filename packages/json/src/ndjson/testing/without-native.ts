import type { ColumnsOf, Schema } from '../../decoder/types.ts';
import type { ByteSource } from '../../source/byte-source.ts';
import type { NdjsonBatchOptions } from '../options.ts';
import type { NdjsonStream } from '../read-ndjson.ts';
import { columnRows } from '../row-kind.ts';
import { RowStream } from '../row-stream.ts';
import { readBatchOptions } from '../settings.ts';

/** `readNdjson` into columns as where native code is not available. */
export function readWithoutNative<S extends Schema>(
  source: ByteSource,
  options: NdjsonBatchOptions<S>,
): NdjsonStream<ColumnsOf<S>> {
  const settings = readBatchOptions(options);
  const kind = columnRows<S>(settings, () => undefined);
  const { batchRows: capacity, maxWaitMs } = settings;
  return new RowStream('readNdjson', source, kind, settings, { capacity, maxWaitMs, grow: undefined });
}
