// How long one document takes, by its size, against the times that people ask for: under 1 KB 0.1 ms, 1 MB 10 ms, 100 MB
// 500 ms. Prints the table of the README:
//
//   pnpm -C benchmarks/json run field-targets
//
// The fourth, 10 GB in bounded memory, is streamed.ts.
import { seeded } from '@perf/bench';
import { decoder, field, isValid, open, parse, streamArray } from '@perf/json';
import { aggTradeDocument } from './agg-trade-document.ts';

const SIZES = [
  { name: 'under 1 KB', bytes: 600, targetMs: 0.1, runs: 20_000 },
  { name: '1 MB', bytes: 1_000_000, targetMs: 10, runs: 60 },
  { name: '100 MB', bytes: 100_000_000, targetMs: 500, runs: 5 },
];

const trades = decoder({
  a: { path: 'a', type: field.i64({ as: 'number' }) },
  p: { path: 'p', type: field.ticks('0.10') },
  q: { path: 'q', type: field.lots('0.001') },
});

const WAYS: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
  '`isValid`': (bytes) => isValid(bytes),
  '`open` and 3 values': (bytes) => open(bytes).getMany(['/symbol', '/trades/0/p', '/trades/1/q']),
  '`streamArray`, 3 columns': async (bytes) => {
    let rows = 0;
    for await (const { length } of streamArray(bytes, '/trades', { columns: trades })) rows += length;
    return rows;
  },
  '`parse`': (bytes) => parse(bytes),
  '`JSON.parse` of `toString()`': (bytes) => JSON.parse(bytes.toString()) as unknown,
};

/** The median of so many calls, in milliseconds, after a third as many that are not counted. */
async function medianMs(call: (bytes: Buffer) => unknown, bytes: Buffer, runs: number): Promise<number> {
  const times: number[] = [];
  for (let run = -Math.ceil(runs / 3); run < runs; run++) {
    const started = performance.now();
    await call(bytes);
    if (run >= 0) times.push(performance.now() - started);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(runs / 2)];
}

const lines = [
  `| a document of | asked for | ${Object.keys(WAYS).join(' | ')} |`,
  `| --- | ---: |${Object.keys(WAYS)
    .map(() => ' ---: |')
    .join('')}`,
];
for (const { name, bytes, targetMs, runs } of SIZES) {
  const document = await seeded(42, aggTradeDocument(bytes)).load();
  const cells: string[] = [];
  for (const call of Object.values(WAYS)) {
    const ms = await medianMs(call, document, runs);
    cells.push(`${ms < 10 ? ms.toPrecision(2) : ms.toFixed(0)} ms`);
  }
  lines.push(`| ${name} | ${targetMs} ms | ${cells.join(' | ')} |`);
}
process.stdout.write(`${lines.join('\n')}\n`);
