// One array of many gigabytes through streamArray, generated as it is read, in bounded memory:
//
//   pnpm -C benchmarks/json run streamed 10
//
// The number is gigabytes, 4 by default. Ends with exit code 1 where an element is missing or wrong, or memory grew by more than 64 MB.
import { seeded } from '@perf/bench';
import { decoder, field, streamArray } from '@perf/json';
import { aggTradeElements, HEAD, TAIL } from './agg-trade-document.ts';

const MOST_MEGABYTES = 64;
const gigabytes = Number(process.argv[2] ?? 4);
const elements = await seeded(42, aggTradeElements(1_000_000)).load();
const chunks = Math.ceil((gigabytes * 1e9) / elements.length);

function* document(): Generator<Uint8Array> {
  yield Buffer.from(HEAD);
  for (let left = chunks - 1; left > 0; left--) yield elements;
  yield elements.subarray(0, -1);
  yield Buffer.from(TAIL);
}

interface Sums {
  rows: number;
  ticks: number;
  lots: number;
}

/** What `chunks` of the elements come to. */
function expected(): Sums {
  const trades = JSON.parse(`[${elements.toString('latin1', 0, elements.length - 1)}]`) as { p: string; q: string }[];
  const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
  return {
    rows: chunks * trades.length,
    ticks: chunks * sum(trades.map(({ p }) => Math.round(Number(p) * 10))),
    lots: chunks * sum(trades.map(({ q }) => Math.round(Number(q) * 1000))),
  };
}

const trades = decoder({
  a: { path: 'a', type: field.i64({ as: 'number' }) },
  p: { path: 'p', type: field.ticks('0.10') },
  q: { path: 'q', type: field.lots('0.001') },
});
const wanted = JSON.stringify(expected());
const sums: Sums = { rows: 0, ticks: 0, lots: 0 };
const before = process.memoryUsage().rss;
const started = performance.now();
for await (const { length, fields } of streamArray(document(), '/trades', { columns: trades })) {
  sums.rows += length;
  for (let row = 0; row < length; row++) {
    sums.ticks += fields.p[row];
    sums.lots += fields.q[row];
  }
}
const seconds = (performance.now() - started) / 1000;
const megabytes = (chunks * elements.length) / 1e6;
const grown = (process.resourceUsage().maxRSS * 1024 - before) / 1e6;

const gb = (megabytes / 1000).toFixed(1);
const rate = Math.round(megabytes / seconds);
process.stdout.write(`${gb} GB, ${sums.rows} elements, 3 fields each: ${seconds.toFixed(1)} s, ${rate} MB/s, `);
process.stdout.write(`peak resident memory ${grown.toFixed(0)} MB above that before\n`);
if (JSON.stringify(sums) !== wanted) throw new Error(`read ${JSON.stringify(sums)} instead of ${wanted}`);
if (grown > MOST_MEGABYTES) throw new Error(`memory grew by more than ${MOST_MEGABYTES} MB`);
