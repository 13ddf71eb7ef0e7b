import { isDeepStrictEqual } from 'node:util';
import { columnsOf } from '../decoder/columns.ts';
import { decoder } from '../decoder/decoder.ts';
import type { LevelsColumn, Schema } from '../decoder/types.ts';
import { isValid } from '../validate.ts';
import { randomBelow } from '../testing/random.ts';
import { jsonWriter, ndjsonWriter, type ColumnsWriter } from './columns-writer.ts';
import type { Rows } from './rows.ts';
import { naiveRows } from './testing/naive-rows.ts';
import { randomColumns } from './testing/random-columns.ts';

/** Random schemas and columns: both writers must write what the twin does, in chunks of any size, and decoders read it back. */
export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'json: columns writer',
  run(seed, iterations) {
    const below = randomBelow(seed);
    for (let round = 0; round < iterations; round++) {
      const { schema, within, columns } = randomColumns(below);
      const rows = naiveRows(schema, columns, within);
      const lines = rows.map((row) => `${row}\n`).join('');
      const chunkBytes = 64 + below(400);
      for (const codeGeneration of [true, false]) {
        const options = { within, chunkBytes, codeGeneration };
        const ndjson = ndjsonWriter(schema, options);
        same('lines', Buffer.concat(inChunks(ndjson, columns, chunkBytes)).toString(), lines);
        same('lines in place', inPlace(ndjson, columns, 64 + below(4000)), lines);
        const json = jsonWriter(schema, options);
        const array = Buffer.concat(inChunks(json, columns, chunkBytes));
        same('array', array.toString(), `[${rows.join(',')}]`);
        same('array in place', inPlace(json, columns, 64 + below(4000)), `[${rows.join(',')}]`);
        if (!isValid(array)) throw new Error(`seed ${seed}, round ${round}: not JSON: ${array.toString()}`);
      }
      same('columns read back', readBack(schema, within, rows), seen(schema, columns));

      function same(what: string, actual: unknown, wanted: unknown): void {
        if (isDeepStrictEqual(actual, wanted)) return;
        throw new Error(`seed ${seed}, round ${round}, ${what}: ${show(actual)}, expected ${show(wanted)}`);
      }
    }
  },
};

function inChunks(writer: ColumnsWriter<Schema>, columns: Rows, chunkBytes: number): Uint8Array[] {
  const chunks = [...writer.chunks(columns as never)];
  const wrong = chunks.find(({ length }) => length > chunkBytes || length === 0);
  if (wrong !== undefined) throw new Error(`a chunk of ${wrong.length} bytes, chunkBytes is ${chunkBytes}`);
  return chunks;
}

/** By `writeInto`, into a target that grows where a row does not fit. */
function inPlace(writer: ColumnsWriter<Schema>, columns: Rows, firstBytes: number): string {
  let target = Buffer.alloc(firstBytes);
  let text = '';
  let row = 0;
  do {
    try {
      const written = writer.writeInto(columns as never, target, row);
      text += target.toString('utf8', 0, written.byteLength);
      row = written.row;
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_PERF_JSON_SIZE') throw error;
      target = Buffer.alloc(target.length * 2);
    }
  } while (row < columns.length);
  return text;
}

function readBack(schema: Schema, within: readonly string[], rows: readonly string[]): unknown {
  const read = decoder(schema, { within });
  const columns = columnsOf(read, Math.max(1, rows.length));
  for (const [row, text] of rows.entries()) {
    const bytes = Buffer.from(text);
    if (read.decodeInto(bytes, columns as never, row) !== 0) throw read.faultOf(bytes);
  }
  return seen(schema, columns as unknown as Rows);
}

/** The rows of columns in a form to compare. JSON text has no negative zero. */
function seen(schema: Schema, { length, fields }: Rows): unknown {
  const columns = Object.entries(schema).map(([name, { type }]) => {
    if (type.kind !== 'levels') return [...(fields[name] as Float64Array).subarray(0, length)].map(plainZero);
    const { ticks, lots, starts } = fields[name] as LevelsColumn;
    return Array.from({ length }, (_, row) => [
      [...ticks.subarray(starts[row], starts[row + 1])],
      [...lots.subarray(starts[row], starts[row + 1])],
    ]);
  });
  return { length, columns };
}

function plainZero(value: number | bigint): number | bigint {
  return value === 0 ? 0 : value;
}

function show(value: unknown): string {
  const text = JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner));
  return text.slice(0, 2000);
}
