import { closeSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bench, seeded } from '@perf/bench';
import type { BenchCase } from '@perf/bench';
import { addColumns, aggTradeLines, noSums, ParsedColumns, type Sums } from './agg-trade-lines.ts';
import { duckdb, polars } from './ndjson-peers.ts';

// A file of newline-delimited JSON to four typed columns, one of them of 64-bit integers; the sums are over all rows.
// As many threads for each contestant, where it has threads.

const FILE_BYTES = 64_000_000;
const BLOCK_BYTES = 1 << 20;
const BATCH_ROWS = 16_384;

interface Lines {
  readonly file: string;
  close(): void;
}

let written = 0;

/** Not timed: the file is in the page cache, for every contestant alike. */
function fileOf(input: Buffer): Lines {
  const file = path.join(tmpdir(), `perf-bench-${process.pid}-${written++}.ndjson`);
  writeFileSync(file, input);
  return { file, close: () => rmSync(file, { force: true }) };
}

function answer(input: Buffer): Sums {
  const sums = noSums();
  const columns = new ParsedColumns(BATCH_ROWS, sums);
  for (const line of input.toString('latin1').split('\n')) if (line !== '') columns.push(line);
  columns.flush();
  return sums;
}

async function columnsFrom(input: Buffer, threads: number) {
  const { decoder, field, readNdjson } = await import('@perf/json');
  const columns = decoder({
    id: { path: 'a', type: field.i64({ as: 'number' }) },
    price: { path: 'p', type: field.ticks('0.10') },
    quantity: { path: 'q', type: field.lots('0.001') },
    time: { path: 'T', type: field.i64() },
  });
  const { file, close } = fileOf(input);
  const run = async (): Promise<Sums> => {
    const sums = noSums();
    for await (const { length, fields } of readNdjson(file, { columns, threads, batchRows: BATCH_ROWS })) {
      addColumns(sums, { length, ...fields });
    }
    return sums;
  };
  return { run, close };
}

function columnsFromJavaScript(input: Buffer) {
  // Read when native code is first wanted, which is later.
  process.env.PERF_NATIVE = '0';
  return columnsFrom(input, 0);
}

/** Blocks of the file cut at line feeds, each line parsed: what one writes without a library. */
function splitByHand(input: Buffer) {
  const { file, close } = fileOf(input);
  const buffer = Buffer.allocUnsafeSlow(2 * BLOCK_BYTES);
  const run = (): Sums => {
    const sums = noSums();
    const columns = new ParsedColumns(BATCH_ROWS, sums);
    const descriptor = openSync(file, 'r');
    let kept = 0;
    for (;;) {
      const count = readSync(descriptor, buffer, kept, BLOCK_BYTES, null);
      if (count === 0) break;
      const filled = kept + count;
      const end = buffer.subarray(0, filled).lastIndexOf(0x0a) + 1;
      const text = buffer.toString('utf8', 0, end);
      for (let from = 0; from < text.length;) {
        const lineFeed = text.indexOf('\n', from);
        columns.push(text.slice(from, lineFeed));
        from = lineFeed + 1;
      }
      buffer.copyWithin(0, end, filled);
      kept = filled - end;
    }
    closeSync(descriptor);
    columns.flush();
    return sums;
  };
  return { run, close };
}

/** What a database makes of the file. */
function queried(open: typeof duckdb, threads: number) {
  return async (input: Buffer) => {
    const lines = fileOf(input);
    const { run, close } = await open(lines.file, threads);
    const release = (): void => {
      close();
      lines.close();
    };
    return { run, close: release };
  };
}

const units = (input: Buffer) => ({ name: 'bytes', count: input.length });
const size = `${FILE_BYTES / 1e6} MB`;

const peers = (threads: number) => [
  { name: 'a splitter by hand and JSON.parse', setup: splitByHand },
  { name: 'DuckDB read_ndjson', package: '@duckdb/node-api', setup: queried(duckdb, threads) },
  { name: 'Polars scanJson', package: 'nodejs-polars', setup: queried(polars, threads) },
];

const cases: BenchCase[] = [
  bench({
    name: `NDJSON file of ${size} to 4 columns, 1 thread`,
    input: seeded(42, aggTradeLines(FILE_BYTES)),
    units,
    answer,
    ours: { name: 'readNdjson', package: '@perf/json', setup: (input) => columnsFrom(input, 1) },
    peers: [
      {
        name: 'readNdjson in the calling thread',
        package: '@perf/json',
        setup: (input) => columnsFrom(input, 0),
      },
      { name: 'readNdjson in JavaScript', package: '@perf/json', setup: columnsFromJavaScript },
      ...peers(1),
    ],
  }),
  bench({
    name: `NDJSON file of ${size} to 4 columns, 2 threads`,
    input: seeded(42, aggTradeLines(FILE_BYTES)),
    units,
    answer,
    ours: { name: 'readNdjson', package: '@perf/json', setup: (input) => columnsFrom(input, 2) },
    peers: peers(2),
  }),
];

export default cases;
