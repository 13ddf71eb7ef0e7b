import { execFileSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { columnsOf } from '../decoder/columns.ts';
import { decoder } from '../decoder/decoder.ts';
import { textDictionary } from '../decoder/text-dictionary.ts';
import { field, union } from '../decoder/types.ts';
import { readNdjson } from '../ndjson/read-ndjson.ts';
import { randomBelow } from '../testing/random.ts';
import { thrown } from '../testing/thrown.ts';
import { jsonWriter, ndjsonWriter } from './columns-writer.ts';
import { randomDouble } from './testing/random-numbers.ts';

const symbols = textDictionary(['BTCUSDT', 'a"b\n']);
const trades = {
  symbol: { path: 's', type: field.text(symbols) },
  id: { path: 'a', type: field.i64() },
  time: { path: 'T', type: field.i64({ as: 'number' }) },
  price: { path: 'p', type: field.ticks('0.10') },
  quantity: { path: 'q', type: field.lots(3, { form: 'number' }) },
  isMaker: { path: 'm', type: field.bool() },
  side: { path: 'S', type: field.enum(['BUY', 'SELL']) },
} as const;
const columns = {
  length: 2,
  fields: {
    symbol: Int32Array.of(0, 1),
    id: BigInt64Array.of(9_007_199_254_740_993n, -1n),
    time: Float64Array.of(1_723_161_256_299, 0),
    price: Float64Array.of(618_002, 5),
    quantity: Float64Array.of(6, 1_000_000),
    isMaker: Uint8Array.of(1, 0),
    side: Uint8Array.of(1, 0),
  },
};
const ROWS = [
  '{"s":"BTCUSDT","a":9007199254740993,"T":1723161256299,"p":"61800.2","q":0.006,"m":true,"S":"SELL"}',
  '{"s":"a\\"b\\n","a":-1,"T":0,"p":"0.5","q":1000.000,"m":false,"S":"BUY"}',
];
const LINES = ROWS.map((row) => `${row}\n`).join('');

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const price = { price: { path: 'p', type: field.ticks(1) } } as const;
const prices = (...ticks: number[]) => ({ length: ticks.length, fields: { price: Float64Array.from(ticks) } });

describe.each([true, false])('a writer, code generation %s', (codeGeneration) => {
  const options = { codeGeneration };

  test('writes columns as lines and as an array', () => {
    const lines = ndjsonWriter(trades, options);
    expect(lines.isGenerated).toBe(codeGeneration);
    expect(text(lines.toBytes(columns))).toBe(LINES);
    expect(text(jsonWriter(trades, options).toBytes(columns))).toBe(`[${ROWS.join(',')}]`);
  });

  test('writes nothing, or an empty array, for no rows', () => {
    expect(text(ndjsonWriter(price, options).toBytes(prices()))).toBe('');
    expect(text(jsonWriter(price, options).toBytes(prices()))).toBe('[]');
    expect([...ndjsonWriter(price, options).chunks([])]).toEqual([]);
    expect([...jsonWriter(price, options).chunks([])].map(text)).toEqual(['[]']);
  });

  test('writes paths as nested keys, in the order of the first field that needs them', () => {
    const schema = {
      late: { path: ['d', 'z'], type: field.bool() },
      top: { path: '10', type: field.bool() },
      early: { path: ['d', '__proto__', '2'], type: field.bool() },
    } as const;
    const fields = { late: Uint8Array.of(0), top: Uint8Array.of(1), early: Uint8Array.of(1) };
    const writer = ndjsonWriter(schema, { ...options, within: ['data'] });
    expect(text(writer.toBytes({ length: 1, fields }))).toBe(
      '{"data":{"d":{"z":false,"__proto__":{"2":true}},"10":true}}\n',
    );
  });

  test('writes levels as pairs, and rows with none', () => {
    const schema = { bids: { path: 'b', type: field.levels({ price: field.ticks('0.5'), quantity: field.lots(0) }) } };
    const bids = {
      ticks: Float64Array.of(3, 4, 5),
      lots: Float64Array.of(1, 0, 2),
      starts: Uint32Array.of(0, 2, 2, 3),
    };
    expect(text(ndjsonWriter(schema, options).toBytes({ length: 3, fields: { bids } }))).toBe(
      '{"b":[["1.5","1"],["2.0","0"]]}\n{"b":[]}\n{"b":[["2.5","2"]]}\n',
    );
  });

  test('takes the scale of each row where it hangs on a text, also one that is added later', () => {
    const texts = textDictionary(['A']);
    const scales = [{ decimals: 1, step: 1 }];
    const schema = {
      symbol: { path: 's', type: field.text(texts) },
      price: { path: 'p', type: field.ticks({ by: 'symbol', scales }) },
    };
    const writer = ndjsonWriter(schema, options);
    const rows = (...symbol: number[]) => ({
      length: symbol.length,
      fields: { symbol: Int32Array.from(symbol), price: Float64Array.from(symbol, () => 15) },
    });
    expect(text(writer.toBytes(rows(0)))).toBe('{"s":"A","p":"1.5"}\n');
    const error = thrown(() => writer.toBytes(rows(0, 1)));
    expect(error).toMatchObject({ code: 'ERR_PERF_JSON_VALUE', row: 1, field: 'symbol' });
    texts.add('B');
    expect(thrown(() => writer.toBytes(rows(1)))).toMatchObject({
      code: 'ERR_PERF_JSON_VALUE',
      row: 0,
      field: 'price',
    });
    scales.push({ decimals: 3, step: 5 });
    expect(text(writer.toBytes(rows(1, 0)))).toBe('{"s":"B","p":"0.075"}\n{"s":"A","p":"1.5"}\n');
  });

  test.for([
    ['a fraction of a tick', 0.5],
    ['a negative count of an unsigned field', -1],
    ['a count beyond 2^53', 2 ** 53],
    ['NaN', Number.NaN],
  ] as const)('refuses %s, with row and field, once the rows before it are delivered', ([, bad]) => {
    const writer = ndjsonWriter(price, { ...options, chunkBytes: 64 });
    const chunks = writer.chunks(prices(1, 2, 3, 4, 5, bad, 7));
    let delivered = '';
    const error = thrown(() => {
      for (const chunk of chunks) delivered += text(chunk);
    });
    expect(error).toMatchObject({ code: 'ERR_PERF_JSON_VALUE', row: 5, field: 'price', found: String(bad) });
    expect(delivered).toBe('{"p":"0.1"}\n{"p":"0.2"}\n{"p":"0.3"}\n{"p":"0.4"}\n{"p":"0.5"}\n');
  });

  test('refuses NaN and infinities, or writes null for them', () => {
    const schema = { rate: { path: 'r', type: field.f64() }, count: { path: 'c', type: field.ticks(0) } } as const;
    const rows = {
      length: 2,
      fields: { rate: Float64Array.of(Infinity, -0), count: Float64Array.of(1, Number.NaN) },
    };
    expect(thrown(() => ndjsonWriter(schema, options).toBytes(rows))).toMatchObject({ row: 0, field: 'rate' });
    expect(text(ndjsonWriter(schema, { ...options, notFinite: 'null' }).toBytes(rows))).toBe(
      '{"r":null,"c":"1"}\n{"r":0,"c":null}\n',
    );
  });

  test('writes doubles with all their digits among short ones, over many chunks', () => {
    const schema = { rate: { path: 'r', type: field.f64() }, other: { path: 'o', type: field.f64() } } as const;
    const below = randomBelow(4);
    const column = () =>
      Float64Array.from({ length: 3000 }, (_, row) => (row % 700 < 300 ? randomDouble(below) : row / 4));
    const fields = { rate: column(), other: column() };
    fields.rate[500] = Number.NaN;
    fields.rate[10] = -Infinity;
    const rows = Array.from(fields.rate, (rate, row) => `${JSON.stringify({ r: rate, o: fields.other[row] })}\n`);
    const writer = ndjsonWriter(schema, { ...options, notFinite: 'null', chunkBytes: 1000 });
    expect(text(writer.toBytes({ length: 3000, fields }))).toBe(rows.join(''));
    const reused = { length: 3000, fields: { rate: fields.other, other: fields.rate } };
    fields.rate.set(fields.other.subarray(1));
    const again = Array.from(fields.other, (rate, row) => `${JSON.stringify({ r: rate, o: fields.rate[row] })}\n`);
    expect(text(writer.toBytes(reused))).toBe(again.join(''));
  });

  test('writes null for a default that has no text, so that it is read back', () => {
    const schema = {
      rate: { path: 'r', type: field.f64(), default: Number.NaN },
      symbol: { path: 's', type: field.text(symbols), default: -1 },
      size: { path: 'q', type: field.lots(0), default: -5 },
      other: { path: 'o', type: field.lots(0), default: 7 },
    } as const;
    const rows = {
      length: 1,
      fields: {
        rate: Float64Array.of(Number.NaN),
        symbol: Int32Array.of(-1),
        size: Float64Array.of(-5),
        other: Float64Array.of(7),
      },
    };
    const line = ndjsonWriter(schema, options).toBytes(rows);
    expect(text(line)).toBe('{"r":null,"s":null,"q":null,"o":"7"}\n');
    expect(decoder(schema).decode(line)).toEqual({ rate: Number.NaN, symbol: -1, size: -5, other: 7 });
  });

  test('refuses an enum place, a dictionary integer and levels that are none', () => {
    const schema = {
      side: { path: 'S', type: field.enum(['BUY']) },
      symbol: { path: 's', type: field.text(symbols) },
      asks: { path: 'a', type: field.levels({ price: field.ticks(0), quantity: field.lots(0) }) },
    } as const;
    const one = (side: number, symbol: number, lots: number, ends = 1) => ({
      length: 1,
      fields: {
        side: Uint8Array.of(side),
        symbol: Int32Array.of(symbol),
        asks: { ticks: Float64Array.of(1), lots: Float64Array.of(lots), starts: Uint32Array.of(0, ends) },
      },
    });
    const writer = jsonWriter(schema, options);
    expect(text(writer.toBytes(one(0, 0, 1)))).toBe('[{"S":"BUY","s":"BTCUSDT","a":[["1","1"]]}]');
    expect(thrown(() => writer.toBytes(one(1, 0, 1)))).toMatchObject({ field: 'side', found: '1' });
    expect(thrown(() => writer.toBytes(one(0, 99, 1)))).toMatchObject({ field: 'symbol', found: '99' });
    expect(thrown(() => writer.toBytes(one(0, 0, 0.5)))).toMatchObject({
      field: 'asks',
      found: '1 and 0.5 as entry 0',
    });
    expect(thrown(() => writer.toBytes(one(0, 0, 1, 3)))).toMatchObject({ field: 'asks' });
  });

  test('cuts rows that are longer than a chunk, and keeps chunks within their size', () => {
    const schema = { bids: { path: 'b', type: field.levels({ price: field.ticks(1), quantity: field.lots(0) }) } };
    const bids = {
      ticks: Float64Array.from({ length: 103 }, (_, entry) => entry),
      lots: new Float64Array(103),
      starts: Uint32Array.of(0, 1, 101, 102, 103),
    };
    for (const make of [ndjsonWriter, jsonWriter]) {
      const whole = text(make(schema, options).toBytes({ length: 4, fields: { bids } }));
      for (let chunkBytes = 64; chunkBytes < 200; chunkBytes++) {
        const chunks = [...make(schema, { ...options, chunkBytes }).chunks({ length: 4, fields: { bids } })];
        expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(chunkBytes);
        expect(chunks.map(text).join('')).toBe(whole);
      }
    }
  });

  test('writes into a target row by row, brackets included', () => {
    const writer = jsonWriter(price, options);
    const target = Buffer.alloc(130);
    const first = writer.writeInto(prices(1, 2, 3, 4, 5, 6, 7, 8), target);
    expect(first.row).toBeGreaterThan(0);
    expect(first.row).toBeLessThan(8);
    const head = target.toString('utf8', 0, first.byteLength);
    let { row } = first;
    let all = head;
    while (row < 8) {
      const next = writer.writeInto(prices(1, 2, 3, 4, 5, 6, 7, 8), target, row);
      all += target.toString('utf8', 0, next.byteLength);
      ({ row } = next);
    }
    expect(all).toBe(text(writer.toBytes(prices(1, 2, 3, 4, 5, 6, 7, 8))));
    expect(writer.writeInto(prices(1), target, 1)).toEqual({ row: 1, byteLength: 0 });
    expect(writer.writeInto(prices(), target)).toEqual({ row: 0, byteLength: 2 });
    expect(thrown(() => writer.writeInto(prices(1), Buffer.alloc(5)))).toMatchObject({
      code: 'ERR_PERF_JSON_SIZE',
      row: 0,
    });
    expect(thrown(() => writer.writeInto(prices(), Buffer.alloc(1))).code).toBe('ERR_PERF_JSON_SIZE');
    expect(thrown(() => writer.writeInto(prices(1), target, 2)).code).toBe('ERR_PERF_JSON_INPUT');
    expect(thrown(() => writer.writeInto(prices(1), [] as never)).code).toBe('ERR_PERF_JSON_INPUT');
  });

  test('delivers the rows before a fault by writeInto, then throws', () => {
    const writer = ndjsonWriter(price, options);
    const target = Buffer.alloc(1000);
    const rows = prices(1, Number.NaN);
    const written = writer.writeInto(rows, target);
    expect(written).toEqual({ row: 1, byteLength: 12 });
    expect(thrown(() => writer.writeInto(rows, target, written.row))).toMatchObject({ row: 1, field: 'price' });
  });

  test('writes several sets of columns as one text, each read before the next is asked for', async () => {
    const reused = prices(0, 0);
    function* batches() {
      for (let batch = 1; batch <= 3; batch++) {
        reused.fields.price.fill(batch);
        yield reused;
      }
    }
    const writer = jsonWriter(price, { ...options, chunkBytes: 64 });
    const wanted = '[{"p":"0.1"},{"p":"0.1"},{"p":"0.2"},{"p":"0.2"},{"p":"0.3"},{"p":"0.3"}]';
    expect([...writer.chunks(batches())].map(text).join('')).toBe(wanted);
    expect(text(await buffer(Readable.from(writer.stream(batches()))))).toBe(wanted);
  });
});

test('batches that are read from lines are written as they arrive', async () => {
  const lines = Array.from({ length: 500 }, (_, row) => `{"p":"${row}.5"}\n`).join('');
  const read = decoder(price);
  const batches = readNdjson(Buffer.from(lines), { columns: read, batchRows: 64 });
  expect(text(await buffer(Readable.from(ndjsonWriter(read).stream(batches))))).toBe(lines);
});

test('columns that shrink while they are written end there', () => {
  const rows = { ...prices(1, 2, 3), length: 3 };
  const chunks = ndjsonWriter(price, { chunkBytes: 64 }).chunks(rows);
  expect(text(chunks.next().value as Uint8Array)).toBe('{"p":"0.1"}\n');
  rows.length = 1;
  expect(Buffer.concat([...chunks]).toString()).toBe('');
});

describe('what a writer is made of', () => {
  test('a decoder gives its schema and the keys that its paths start from', () => {
    const read = decoder(price, { within: 'data' });
    const batch = columnsOf(read, 2);
    read.decodeBatch([Buffer.from('{"data":{"p":"1.5"}}')], batch);
    const writer = ndjsonWriter(read);
    expect(writer.schema).toBe(price);
    expect(text(writer.toBytes(batch))).toBe('{"data":{"p":"1.5"}}\n');
    expect(text(ndjsonWriter(read, { within: [] }).toBytes(batch))).toBe('{"p":"1.5"}\n');
    expectTypeOf(writer.toBytes).parameter(0).toEqualTypeOf<{
      readonly length: number;
      readonly fields: { readonly price: Float64Array };
    }>();
  });

  test('two fields cannot be written at one place', () => {
    const one = { path: 'p', type: field.bool() } as const;
    for (const path of [['p'], ['p', 'q']]) {
      const error = thrown(() => ndjsonWriter({ one, two: { path, type: field.bool() } }));
      expect(error).toMatchObject({ code: 'ERR_PERF_JSON_OPTION' });
      expect(error.message).toContain('"one" and "two"');
      expect(thrown(() => ndjsonWriter({ two: { path, type: field.bool() }, one })).code).toBe('ERR_PERF_JSON_OPTION');
    }
  });

  test('a union has no columns', () => {
    expect(thrown(() => ndjsonWriter(union('e', { trade: price }))).message).toContain('a union has no columns');
  });

  test.for([
    [{ chunkBytes: 63 }, 'chunkBytes'],
    [{ notFinite: 'zero' }, 'notFinite'],
    [{ within: 5 }, 'within'],
    [{ chunks: 5 }, 'chunks'],
  ] as const)('%o is an option error', ([options, named]) => {
    const error = thrown(() => jsonWriter(price, options as never));
    expect(error.code).toBe('ERR_PERF_JSON_OPTION');
    expect(error.message).toContain(named);
  });

  test.for([
    [null],
    [{ length: -1, fields: {} }],
    [{ length: 1, fields: null }],
    [{ length: 1, fields: {} }],
    [{ length: 1, fields: { price: [1] } }],
    [{ length: 1, fields: { price: new Float32Array(1) } }],
    [{ length: 2, fields: { price: new Float64Array(1) } }],
  ])('%o are not its columns', ([wrong]) => {
    expect(thrown(() => ndjsonWriter(price).toBytes(wrong as never)).code).toBe('ERR_PERF_JSON_INPUT');
  });

  test('levels need arrays of their own', () => {
    const schema = { bids: { path: 'b', type: field.levels({ price: field.ticks(0), quantity: field.lots(0) }) } };
    const bids = { ticks: new Float64Array(1), lots: new Float64Array(1), starts: new Uint32Array(1) };
    expect(thrown(() => ndjsonWriter(schema).toBytes({ length: 1, fields: { bids } })).message).toContain('2 elements');
    expect(thrown(() => ndjsonWriter(schema).toBytes({ length: 0, fields: {} } as never)).code).toBe(
      'ERR_PERF_JSON_INPUT',
    );
  });

  test('detached columns are an error, not zeros', () => {
    const rows = prices(1);
    structuredClone(rows.fields.price, { transfer: [rows.fields.price.buffer] });
    expect(thrown(() => ndjsonWriter(price).toBytes(rows)).code).toBe('ERR_PERF_JSON_INPUT');
  });

  test('closures take over where the process disallows generating code', () => {
    const source = `
      import { field, ndjsonWriter } from '@perf/json';
      const writer = ndjsonWriter({ price: { path: 'p', type: field.ticks(1) } });
      process.stdout.write(writer.isGenerated + ' ');
      process.stdout.write(writer.toBytes({ length: 1, fields: { price: Float64Array.of(15) } }));`;
    const flags = ['--conditions=@perf/source', '--disallow-code-generation-from-strings', '--input-type=module'];
    const output = execFileSync(process.execPath, [...flags, '--eval', source], {
      cwd: new URL('.', import.meta.url),
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect(output).toBe('false {"p":"1.5"}\n');
  });
});
