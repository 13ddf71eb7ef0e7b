import type { AnyColumns } from '../decoder/columns.ts';
import type { ColumnsOf, Schema } from '../decoder/types.ts';
import { JsonError } from '../errors.ts';
import type { ByteSource } from '../source/byte-source.ts';
import { withCapacity } from './column-rows.ts';
import type { NdjsonColumnsOptions } from './options.ts';
import { columnRows } from './row-kind.ts';
import { RowStream } from './row-stream.ts';
import { readColumnsOptions } from './settings.ts';
import type { NdjsonSummary, Tally } from './summary.ts';

/** All rows of an input, and what was read for them. */
export interface NdjsonColumns<S extends Schema> {
  /** `capacity` is `length`. */
  readonly columns: ColumnsOf<S>;
  readonly summary: NdjsonSummary;
}

/** Room at first, so that there has been something to estimate the rest by when it is used up. */
const FIRST_ROWS = 65_536;

/** Added to the rows that the lines so far promise for the rest. */
const ESTIMATE_MARGIN = 1.15;

/**
 * Reads all lines of newline-delimited JSON into one set of columns: `readNdjson` without the batches, for inputs whose
 * columns fit memory. Rejects with its errors, and with `ERR_PERF_JSON_SIZE` for more than `maxRows` rows; what was read
 * before is then lost.
 *
 * ```js
 * import { field, readNdjsonColumns } from '@perf/json';
 *
 * const { columns, summary } = await readNdjsonColumns('trades.ndjson', {
 *   columns: { price: { path: 'p', type: field.f64() } },
 *   onBadLine: 'skip',
 * });
 * console.log(columns.fields.price.length, summary.badLines);
 * ```
 */
export async function readNdjsonColumns<const S extends Schema>(
  source: ByteSource,
  options: NdjsonColumnsOptions<S>,
): Promise<NdjsonColumns<S>> {
  const settings = readColumnsOptions(options);
  const { maxRows } = settings;
  const kind = columnRows<S>(settings);
  const rows = new RowStream('readNdjsonColumns', source, kind, settings, {
    capacity: Math.min(FIRST_ROWS, maxRows),
    maxWaitMs: undefined,
    grow: (full, tally) => withCapacity(full, grownCapacity(full, tally, maxRows)),
  });
  let columns = withCapacity(kind.make(1), 0);
  // At most one.
  for await (const batch of rows) {
    const all = batch as unknown as AnyColumns;
    columns = withCapacity(all, all.length);
  }
  return { columns: columns as unknown as ColumnsOf<S>, summary: rows.summary };
}

/** Room for what the rest of the input promises to have, where its size is known; else for twice as many. */
function grownCapacity({ capacity }: AnyColumns, { bytesRead, totalBytes }: Tally, maxRows: number): number {
  if (capacity >= maxRows) {
    const advice = 'raise maxRows, or read batches with readNdjson';
    throw new JsonError('ERR_PERF_JSON_SIZE', `readNdjsonColumns: the input has more than ${maxRows} rows: ${advice}`);
  }
  if (totalBytes === undefined) return Math.min(maxRows, capacity * 2);
  const estimate = Math.ceil(((capacity * totalBytes) / bytesRead) * ESTIMATE_MARGIN);
  // Compressed bytes are read ahead of their rows, and lines may become shorter: the estimate may be little more than what
  // is full.
  return Math.min(maxRows, Math.max(estimate, Math.ceil(capacity * 1.5)));
}
