import { isDeepStrictEqual } from 'node:util';
import type { AnyColumns } from '../decoder/columns.ts';
import { decoder, type Decoder } from '../decoder/decoder.ts';
import { OK } from '../decoder/reasons.ts';
import { decoded } from '../decoder/testing/decoded.ts';
import { randomCase } from '../decoder/testing/random-case.ts';
import { isUnion, type Schema } from '../decoder/types.ts';
import { mutate, randomBelow } from '../testing/random.ts';
import type { NdjsonOptions } from './options.ts';
import { readNdjson, type NdjsonStream } from './read-ndjson.ts';
import { chunksOf, drained } from './testing/chunks.ts';
import {
  faultOf,
  naiveLines,
  naiveValues,
  type NaiveFault,
  type NaiveLines,
  type NaiveRow,
} from './testing/naive-lines.ts';
import { rowsOf } from './testing/rows.ts';
import { readWithoutNative } from './testing/without-native.ts';

const MAX_LINES = 40;

type Below = (bound: number) => number;

/**
 * Random lines, right and wrong, whole and damaged, in random chunks, batches and threads: the rows and the faults of the
 * naive twin, in order, and with `throw` what is before the first fault.
 */
export const fuzz: { name: string; run(seed: number, iterations: number): Promise<void> } = {
  name: 'json: readNdjson',
  async run(seed, iterations) {
    const below = randomBelow(seed);
    for (let round = 0; round < iterations; round += MAX_LINES) {
      const { schema, shape, message } = randomCase(below);
      if (isUnion(schema)) continue;
      const input = randomInput(below, message);
      const maxLineBytes = below(4) === 0 ? 1 + below(200) : 1 << 20;
      const { within, maxLevels, maxTextEntries } = shape;
      const limits = { within, maxLevels, maxTextEntries };
      const columns = decoder(schema, { ...limits, codeGeneration: below(4) > 0 });
      const options = { maxLineBytes, threads: below(4), compression: 'none' } as const;
      const batchRows = 1 + below(50);
      const source = (): Iterable<Uint8Array> | Uint8Array => {
        if (below(4) === 0) return input;
        const most = 1 + below([3, 2000, 50_000][below(3)]);
        return chunksOf(input, () => 1 + below(most));
      };
      try {
        const twin = oracle(input, maxLineBytes, decoder(schema, { ...limits, codeGeneration: false }));
        const rows = (batches: AnyColumns[]): NaiveRow[] => batches.flatMap((batch) => rowsOf(schema, batch));
        const read = below(2) === 0 ? readNdjson : readWithoutNative;
        await check(twin, rows, (more) => read(source(), { ...options, ...more, columns, batchRows }));
        await check(
          naiveValues(input, maxLineBytes),
          (values: unknown[]) => values,
          (more) => readNdjson(source(), { ...options, ...more }),
        );
      } catch (cause) {
        throw new Error(`seed ${seed}, round ${round}, input ${JSON.stringify(input.toString('latin1'))}`, { cause });
      }
    }
  },
};

/** By the scanner that has a naive twin of its own, on texts that no dictionary has yet. */
function oracle(input: Buffer, maxLineBytes: number, one: Decoder<Schema>): NaiveLines<NaiveRow> {
  const record = one.record();
  return naiveLines(input, maxLineBytes, (line) => {
    if (one.tryDecode(line, record) !== OK) return { fault: one.faultOf(line) as NaiveFault };
    return { row: decoded(one.schema, OK, record).values as NaiveRow };
  });
}

async function check<Row, Batch>(
  twin: NaiveLines<Row>,
  rowsOf: (batches: Batch[]) => Row[],
  read: (more: NdjsonOptions) => NdjsonStream<Batch>,
): Promise<void> {
  const collecting = read({ onBadLine: 'collect', maxBadLines: 100_000 });
  const all = await drained(collecting);
  if (all.error !== undefined) throw all.error;
  const { lines, rows, badLines, faults } = collecting.summary;
  equal('rows', rowsOf(all.batches), twin.rows);
  equal('faults', faults.map(faultOf), twin.faults);
  equal(
    'counts',
    { lines, rows, badLines },
    { lines: twin.lines, rows: twin.rows.length, badLines: twin.faults.length },
  );
  const strict = await drained(read({ onBadLine: 'throw' }));
  equal('rows before the fault', rowsOf(strict.batches), twin.rows.slice(0, twin.rowsBeforeFault));
  const fault = strict.error === undefined ? undefined : faultOf(strict.error as NaiveFault);
  equal('fault', fault, twin.faults[0]);
}

function equal(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${what}: ${show(actual)} instead of ${show(expected)}`);
}

function randomInput(below: Below, message: () => Buffer): Buffer {
  const pieces: Buffer[] = [];
  if (below(10) === 0) pieces.push(Buffer.from('\ufeff'));
  for (let count = below(MAX_LINES); count > 0; count--) {
    const whole = message();
    pieces.push(below(8) === 0 ? mutate(whole, below) : whole);
    pieces.push(Buffer.from(['\n', '\n', '\n', '\r\n', ' \r\n\t', '\n\n'][below(6)]));
  }
  if (below(3) === 0) pieces.push(message());
  const input = Buffer.concat(pieces);
  // Threads are given large blocks only.
  return below(8) === 0 ? Buffer.alloc(input.length * 8, input) : input;
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner)).slice(0, 2000);
}
