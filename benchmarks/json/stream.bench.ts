import { createReadStream, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bench, seeded } from '@perf/bench';
import type { BenchCase } from '@perf/bench';
import { aggTradeDocument } from './agg-trade-document.ts';

// Three fields of each element of an array in a file: what a file that is too large for JSON.parse is streamed for. Eight megabytes of it,
// because stream-json takes more than a minute for the 190 that are one value below; the rates do not depend on the length.

const ARRAY_BYTES = 8_000_000;
const FILE_BYTES = 190_000_000;

interface Trade {
  readonly a: number;
  readonly p: string;
  readonly q: string;
}

/** Sums of all fields, so that no contestant can leave one out. */
interface Sums {
  elements: number;
  ids: number;
  ticks: number;
  lots: number;
}

const noSums = (): Sums => ({ elements: 0, ids: 0, ticks: 0, lots: 0 });

function add(sums: Sums, { a, p, q }: Trade): void {
  sums.elements++;
  sums.ids += a;
  sums.ticks += Math.round(Number(p) * 10);
  sums.lots += Math.round(Number(q) * 1000);
}

let written = 0;

/** Not timed: the file is in the page cache, for every contestant alike. */
function fileOf(input: Buffer): { file: string; close: () => void } {
  const file = path.join(tmpdir(), `perf-bench-${process.pid}-${written++}.json`);
  writeFileSync(file, input);
  return { file, close: () => rmSync(file, { force: true }) };
}

function answer(input: Buffer): Sums {
  const sums = noSums();
  for (const trade of (JSON.parse(input.toString('latin1')) as { trades: Trade[] }).trades) add(sums, trade);
  return sums;
}

async function columns(input: Buffer) {
  const { decoder, field, streamArray } = await import('@perf/json');
  const trades = decoder({
    a: { path: 'a', type: field.i64({ as: 'number' }) },
    p: { path: 'p', type: field.ticks('0.10') },
    q: { path: 'q', type: field.lots('0.001') },
  });
  const { file, close } = fileOf(input);
  const run = async (): Promise<Sums> => {
    const sums = noSums();
    for await (const { length, fields } of streamArray(file, '/trades', { columns: trades })) {
      const { a, p, q } = fields;
      sums.elements += length;
      for (let row = 0; row < length; row++) {
        sums.ids += a[row];
        sums.ticks += p[row];
        sums.lots += q[row];
      }
    }
    return sums;
  };
  return { run, close };
}

async function elements(input: Buffer) {
  const { streamArray } = await import('@perf/json');
  const { file, close } = fileOf(input);
  const run = async (): Promise<Sums> => {
    const sums = noSums();
    for await (const trade of streamArray(file, '/trades')) add(sums, trade as Trade);
    return sums;
  };
  return { run, close };
}

async function wholeFile(input: Buffer) {
  const { parseFile } = await import('@perf/json');
  const { file, close } = fileOf(input);
  const run = async (): Promise<Sums> => {
    const sums = noSums();
    for (const trade of ((await parseFile(file)) as { trades: Trade[] }).trades) add(sums, trade);
    return sums;
  };
  return { run, close };
}

/** Not streamed: the floor where memory does not matter, and beyond 512 MB impossible. */
function parseWhole(input: Buffer) {
  const { file, close } = fileOf(input);
  const run = (): Sums => {
    const sums = noSums();
    for (const trade of (JSON.parse(readFileSync(file, 'utf8')) as { trades: Trade[] }).trades) add(sums, trade);
    return sums;
  };
  return { run, close };
}

async function streamparser(input: Buffer) {
  const { JSONParser } = await import('@streamparser/json');
  const { file, close } = fileOf(input);
  const run = async (): Promise<Sums> => {
    const sums = noSums();
    // As its own documentation advises for speed and memory.
    const parser = new JSONParser({ paths: ['$.trades.*'], keepStack: false, stringBufferSize: 64 * 1024 });
    parser.onValue = ({ value }) => add(sums, value as unknown as Trade);
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) parser.write(chunk as Uint8Array);
    return sums;
  };
  return { run, close };
}

async function streamJson(input: Buffer) {
  const { parseFile } = await import('stream-json/file/parser.js');
  const { pick } = await import('stream-json/filters/pick.js');
  const { streamArray } = await import('stream-json/streamers/stream-array.js');
  const { drain } = await import('stream-json/utils/drain.js');
  const { pipe } = await import('stream-json/utils/pipe.js');
  const { file, close } = fileOf(input);
  const run = async (): Promise<Sums> => {
    const sums = noSums();
    // Its quickest form: no streams of Node between the stages, and no tokens for parts of values.
    const stages = [
      parseFile({ streamValues: false, readBlockSize: 1 << 20 }),
      pick({ filter: 'trades', once: true }),
      streamArray(),
      ({ value }: { value: Trade }) => add(sums, value),
    ];
    await drain(pipe(stages)(file));
    return sums;
  };
  return { run, close };
}

const units = (input: Buffer) => ({ name: 'bytes', count: input.length });

const cases: BenchCase[] = [
  bench({
    name: '3 fields of each element of an array of 8 MB in a file',
    input: seeded(42, aggTradeDocument(ARRAY_BYTES)),
    units,
    answer,
    ours: { name: 'streamArray into columns', package: '@perf/json', setup: columns },
    peers: [
      { name: 'streamArray, values', package: '@perf/json', setup: elements },
      { name: 'stream-json', package: 'stream-json', setup: streamJson },
      { name: 'streamparser', package: '@streamparser/json', setup: streamparser },
      { name: 'readFileSync and JSON.parse', setup: parseWhole },
    ],
  }),
  bench({
    name: 'a file of 190 MB as one value',
    input: seeded(42, aggTradeDocument(FILE_BYTES)),
    units,
    answer,
    ours: { name: 'parseFile', package: '@perf/json', setup: wholeFile },
    peers: [{ name: 'readFileSync and JSON.parse', setup: parseWhole }],
  }),
];

export default cases;
