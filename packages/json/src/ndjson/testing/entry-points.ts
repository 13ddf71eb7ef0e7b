import { field } from '../../decoder/types.ts';
import type { EntryPoint } from '../../testing/entry-point.ts';
import { readNdjson } from '../read-ndjson.ts';
import { readNdjsonColumns } from '../read-ndjson-columns.ts';
import { chunksOf } from './chunks.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The document as a line: a carriage return is allowed, and forbidden, where a line feed is. Behind a blank one, as a byte order
 * mark is left out of the first.
 */
const inLine = (document: Buffer): Buffer =>
  Buffer.concat([Buffer.of(LINE_FEED), document.map((byte) => (byte === LINE_FEED ? CARRIAGE_RETURN : byte))]);

/** What documents have seldom enough: the verdict is about the rest of the line. */
const columns = { field: { path: 'field of the decoder', type: field.f64(), default: Number.NaN } };

function isOne({ rows, badLines }: { readonly rows: number; readonly badLines: number }): boolean {
  if (badLines > 1 || rows + badLines > 1) throw new Error(`${rows} rows and ${badLines} bad lines of one`);
  return rows === 1;
}

async function values(bytes: Buffer, size: number): Promise<boolean> {
  const reader = readNdjson(
    chunksOf(bytes, () => size),
    { onBadLine: 'skip' },
  );
  for await (const value of reader) void value;
  return isOne(reader.summary);
}

async function rows(bytes: Buffer, size: number, threads: number): Promise<boolean> {
  const reader = readNdjson(
    chunksOf(bytes, () => size),
    { onBadLine: 'skip', columns, threads },
  );
  for await (const batch of reader) void batch;
  return isOne(reader.summary);
}

async function allRows(bytes: Buffer, size: number): Promise<boolean> {
  const source = chunksOf(bytes, () => size);
  const { columns: read, summary } = await readNdjsonColumns(source, { onBadLine: 'skip', columns });
  if (read.length !== summary.rows) throw new Error(`${read.length} of ${summary.rows} rows`);
  return isOne(summary);
}

/** The ways in that read lines. */
export const LINE_ENTRY_POINTS: readonly EntryPoint[] = [
  { name: 'readNdjson', around: inLine, isChunked: true, accepts: values },
  { name: 'readNdjson into columns', around: inLine, isChunked: true, accepts: (bytes, size) => rows(bytes, size, 0) },
  {
    name: 'readNdjson into columns, in a thread',
    around: inLine,
    isChunked: true,
    accepts: (bytes, size) => rows(bytes, size, 1),
  },
  { name: 'readNdjsonColumns', around: inLine, isChunked: true, accepts: allRows },
];
