import { describe, expect, expectTypeOf, test } from 'vitest';
import { decoder } from '../decoder/decoder.ts';
import { field } from '../decoder/types.ts';
import { readNdjsonColumns } from './read-ndjson-columns.ts';
import { chunksOf } from './testing/chunks.ts';
import { naiveColumns } from './testing/naive-lines.ts';
import { rowsOf } from './testing/rows.ts';
import { TRADE, tradeLines } from './testing/trades.ts';

const PRICE = { price: { path: 'p', type: field.f64() } };

describe.each([0, 2])('all rows of an input, %i threads', (threads) => {
  test('are those of its lines, of every type', async () => {
    const input = Buffer.from(tradeLines(3000));
    const expected = naiveColumns(input, TRADE).rows;
    for (const source of [input, chunksOf(input, () => 5000)]) {
      const { columns, summary } = await readNdjsonColumns(source, { columns: decoder(TRADE), threads });
      expect(rowsOf(TRADE, columns)).toEqual(expected);
      expect(columns.fields.time.length).toBe(3000);
      expect(summary).toMatchObject({ rows: 3000, lines: 3000 });
    }
  });

  test('may be none', async () => {
    const { columns } = await readNdjsonColumns(Buffer.from('\n'), { columns: TRADE, threads });
    expect([columns.length, columns.capacity, columns.fields.time.length]).toEqual([0, 0, 0]);
    expect(columns.fields.bids.starts).toEqual(new Uint32Array(1));
  });

  test('may be more than the first lines promise, from a source of known or unknown size', async () => {
    const long = Array.from({ length: 70_000 }, (_, at) => `{"p":${at},"x":"${'.'.repeat(60)}"}\n`);
    const short = Array.from({ length: 500_000 }, (_, at) => `{"p":${70_000 + at}}\n`);
    const input = Buffer.from([...long, ...short].join(''));
    for (const source of [input, chunksOf(input, () => 65_536)]) {
      const { columns } = await readNdjsonColumns(source, { columns: PRICE, threads });
      expect(columns.length).toBe(570_000);
      expect(columns.fields.price.every((price, at) => price === at)).toBe(true);
    }
  });

  test('are limited', async () => {
    const input = Buffer.alloc(800_000, '{"p":7}\n');
    const { columns } = await readNdjsonColumns(input, { columns: PRICE, threads, maxRows: 100_000 });
    expect(columns.length).toBe(100_000);
    await expect(readNdjsonColumns(input, { columns: PRICE, threads, maxRows: 99_999 })).rejects.toMatchObject({
      code: 'ERR_PERF_JSON_SIZE',
    });
  });

  test('fail at a bad line, or leave it out', async () => {
    const input = Buffer.from('{"p":1}\n{"p":\n{"p":3}\n');
    await expect(readNdjsonColumns(input, { columns: PRICE, threads })).rejects.toMatchObject({
      code: 'ERR_PERF_JSON_SYNTAX',
      line: 2,
      byteOffset: 13,
    });
    const { columns, summary } = await readNdjsonColumns(input, { columns: PRICE, threads, onBadLine: 'collect' });
    expect([...columns.fields.price]).toEqual([1, 3]);
    expect(summary).toMatchObject({ badLines: 1, faults: [{ line: 2 }] });
  });
});

test('options are checked', async () => {
  for (const wrong of [undefined, {}, { columns: PRICE, batchRows: 1 }, { columns: PRICE, maxRows: 0 }]) {
    await expect(readNdjsonColumns(Buffer.from(''), wrong as never)).rejects.toMatchObject({
      code: 'ERR_PERF_JSON_OPTION',
    });
  }
});

test('the types are those of the schema', async () => {
  const { columns } = await readNdjsonColumns(Buffer.from(''), { columns: TRADE });
  expectTypeOf(columns.fields.id).toEqualTypeOf<Float64Array>();
  expectTypeOf(columns.fields.time).toEqualTypeOf<BigInt64Array>();
});
