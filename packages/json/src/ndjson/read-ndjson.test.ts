import { getEventListeners, once } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { decoder } from '../decoder/decoder.ts';
import { textDictionary } from '../decoder/text-dictionary.ts';
import { field, union } from '../decoder/types.ts';
import { JsonError } from '../errors.ts';
import { thrown } from '../testing/thrown.ts';
import type { NdjsonProgress } from './options.ts';
import { readNdjson, type NdjsonStream } from './read-ndjson.ts';
import { chunksOf, drained } from './testing/chunks.ts';
import { faultOf, naiveColumns, naiveValues } from './testing/naive-lines.ts';
import { rowsOf } from './testing/rows.ts';
import { TRADE, tradeLine, tradeLines } from './testing/trades.ts';
import { readWithoutNative } from './testing/without-native.ts';

const PRICE = { price: { path: 'p', type: field.f64() } };

/** A price per line. */
function prices(count: number, from = 0): string {
  return Array.from({ length: count }, (_, at) => `{"p":${from + at}}\n`).join('');
}

async function read(input: string | Buffer): Promise<unknown[]> {
  const { batches, error } = await drained(readNdjson(Buffer.from(input as string)));
  if (error !== undefined) throw error;
  return batches;
}

describe('lines as values', () => {
  test('are what JSON.parse makes of them, in order', async () => {
    const input = '{"a":1}\n[2,"\u00fc"]\n"three"\n4\nnull\ntrue\n';
    expect(await read(input)).toEqual([{ a: 1 }, [2, '\u00fc'], 'three', 4, null, true]);
    expect((await read('{"__proto__":{"x":1},"a":1,"a":2}')).map((value) => Object.entries(value as object))).toEqual([
      [
        ['__proto__', { x: 1 }],
        ['a', 2],
      ],
    ]);
  });

  test('may be blank, have white space around them, end with \\r\\n or not at all, and follow a byte order mark', async () => {
    expect(await read('\ufeff1\n\n \t\r\n\r\n 2\t\r\n3')).toEqual([1, 2, 3]);
    for (const nothing of ['', '\n', '\r\n \n', '\ufeff', '\ufeff\n', ' ']) expect(await read(nothing)).toEqual([]);
  });

  test('are whole, whichever bytes their chunks end with', async () => {
    const input = Buffer.from('{"a":"\u{1f600}\u20ac"}\r\n\n[1.5e3]\n"\\u00e9"');
    for (let size = 1; size <= input.length; size++) {
      const { batches } = await drained(readNdjson(chunksOf(input, () => size)));
      expect(batches).toEqual(naiveValues(input).rows);
    }
  });

  test('refuse malformed UTF-8 with its place, and take the rest', async () => {
    const input = Buffer.concat([Buffer.from('"a"\n"b'), Buffer.from([0xff]), Buffer.from('"\n"c"\n')]);
    const reader = readNdjson(input, { onBadLine: 'collect' });
    const { batches } = await drained(reader);
    expect(batches).toEqual(['a', 'c']);
    expect(reader.summary.faults.map(faultOf)).toEqual([
      { code: 'ERR_PERF_JSON_UTF8', line: 2, column: 3, byteOffset: 6 },
    ]);
  });
});

const VARIANTS = [
  { threads: 0, native: false },
  { threads: 0, native: true },
  { threads: 1, native: true },
  { threads: 3, native: true },
];

describe.each(VARIANTS)('lines into columns, native $native, $threads threads', ({ threads, native }) => {
  const readLines = (native ? readNdjson : readWithoutNative) as typeof readWithoutNative;
  const input = Buffer.from(tradeLines(1000));

  test('are exact, in order, in batches made anew', async () => {
    const { batches, error } = await drained(readLines(input, { columns: TRADE, threads, batchRows: 64 }));
    expect(error).toBeUndefined();
    expect(batches.map(({ length }) => length)).toEqual([...Array.from({ length: 15 }, () => 64), 40]);
    expect(batches.flatMap((batch) => rowsOf(TRADE, batch))).toEqual(naiveColumns(input, TRADE).rows);
    expect(batches[0].fields.time[1]).toBe(1_723_161_255_030_314_668n);
    expect(batches[0].fields.bids.starts.length).toBe(65);
  });

  test('take a schema or a decoder, from a stream, an iterable or bytes', async () => {
    const columns = decoder(TRADE);
    const expected = naiveColumns(input, TRADE).rows;
    const sources = [
      () => input,
      () => new Uint8Array(input),
      () => Readable.from(chunksOf(input, () => 1000)),
      () => new Response(input).body,
      () => [input.subarray(0, 777), Buffer.alloc(0), input.subarray(777)],
      () => chunksOf(input, () => 13),
    ];
    for (const source of sources) {
      const { batches, error } = await drained(
        readLines(source() as unknown as Iterable<Uint8Array>, { columns, threads }),
      );
      expect(error).toBeUndefined();
      expect(batches.flatMap((batch) => rowsOf(TRADE, batch))).toEqual(expected);
    }
  });

  test('are the same with escapes, other orders and members between, which take another way', async () => {
    const lines = [
      tradeLine(0),
      tradeLine(1).replace('"p":', '"x":[{}],"\\u0070":'),
      tradeLine(2).replace('"p":', '"p":9999,"p":'),
      ` ${tradeLine(3).replaceAll(',"', ' , "')} \r`,
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(tradeLine(4)) as object).toReversed())).replace(
        /"T":\d+/,
        '"T":4',
      ),
      tradeLine(5),
    ];
    const mixed = Buffer.from(lines.join('\n'));
    const { batches, error } = await drained(readLines(mixed, { columns: TRADE, threads }));
    expect(error).toBeUndefined();
    expect(batches.flatMap((batch) => rowsOf(TRADE, batch))).toEqual(naiveColumns(mixed, TRADE).rows);
  });

  test('number new texts in the order of their lines', async () => {
    const names = Array.from({ length: 30_000 }, (_, at) => `N${(at * 7919) % 5000}`);
    const many = Buffer.from(names.map((name) => `{"n":"${name}","pad":"${'.'.repeat(100)}"}\n`).join(''));
    const dictionary = textDictionary();
    const columns = { name: { path: 'n', type: field.text(dictionary) } };
    const { batches, error } = await drained(readLines(many, { columns, threads }));
    expect(error).toBeUndefined();
    const texts = [...new Set(names)];
    expect(Array.from({ length: dictionary.size }, (_, index) => dictionary.textOf(index))).toEqual(texts);
    const read = batches.flatMap(({ length, fields }) => [...fields.name.subarray(0, length)]);
    expect(read.map((index) => texts[index])).toEqual(names);
  });

  test('stop at a bad line, with everything before it delivered', async () => {
    const bad = Buffer.from(`${prices(500)}\n{"p":1,}\n${prices(500)}`);
    const { batches, error } = await drained(readLines(bad, { columns: PRICE, threads, batchRows: 300 }));
    expect(batches.map(({ length }) => length)).toEqual([300, 200]);
    expect(batches.flatMap(({ length, fields }) => [...fields.price.subarray(0, length)])).toEqual(
      Array.from({ length: 500 }, (_, at) => at),
    );
    expect(error).toBeInstanceOf(JsonError);
    const byteOffset = Buffer.byteLength(`${prices(500)}\n{"p":1,`);
    expect(error).toMatchObject({ code: 'ERR_PERF_JSON_SYNTAX', line: 502, column: 8, byteOffset });
    expect((error as Error).message).toContain(`at line 502, column 8 (byte ${byteOffset})`);
  });

  test('stop at a bad line in the middle of a million', async () => {
    const half = Buffer.alloc(4_000_000, '{"p":7}\n');
    const bad = Buffer.concat([half, Buffer.from('{"p":"x"}\n'), half]);
    const reader = readLines(bad, { columns: PRICE, threads });
    let rows = 0;
    await expect(
      (async () => {
        for await (const { length } of reader) rows += length;
      })(),
    ).rejects.toMatchObject({
      code: 'ERR_PERF_JSON_DECODE',
      reason: 'number',
      field: 'price',
      line: 500_001,
      column: 6,
      byteOffset: half.length + 5,
    });
    expect(rows).toBe(500_000);
    expect(reader.summary).toMatchObject({ rows: 500_000, badLines: 1, lines: 500_001 });
  });

  test('pass over bad lines, and count them or keep the first of their errors', async () => {
    const bad = ['{}', '{"p":"1e400"}', '[', '{"p":true}'];
    const mixed = Buffer.from(`${prices(3)}${bad.join('\n')}\n${prices(3, 3)}${bad.join('\r\n')}`);
    const skipping = readLines(mixed, { columns: PRICE, threads, onBadLine: 'skip' });
    expect((await drained(skipping)).batches.map(({ length }) => length)).toEqual([6]);
    expect(skipping.summary).toMatchObject({ rows: 6, lines: 14, badLines: 8, faults: [] });
    const collecting = readLines(mixed, { columns: PRICE, threads, onBadLine: 'collect', maxBadLines: 5 });
    expect((await drained(collecting)).batches.map(({ length }) => length)).toEqual([6]);
    const { badLines, faults } = collecting.summary;
    expect(badLines).toBe(8);
    expect(faults.map(({ line, reason, code }) => [line, reason, code])).toEqual([
      [4, 'missing', 'ERR_PERF_JSON_DECODE'],
      [5, 'range', 'ERR_PERF_JSON_DECODE'],
      [6, undefined, 'ERR_PERF_JSON_SYNTAX'],
      [7, 'type', 'ERR_PERF_JSON_DECODE'],
      [11, 'missing', 'ERR_PERF_JSON_DECODE'],
    ]);
    expect(faults.map(faultOf)).toEqual(naiveColumns(mixed, PRICE).faults.slice(0, 5));
  });

  test.each([1, 3, 20, 1000])('refuse a line that is too long, from chunks of %i bytes', async (size) => {
    const long = `{"p":1${' '.repeat(100)}}`;
    const mixed = Buffer.from(`${prices(2)}${long}\n${prices(2)}\r\n${long}`);
    const options = { columns: PRICE, threads, onBadLine: 'collect', maxLineBytes: 50, maxWaitMs: 60_000 } as const;
    const reader = readLines(
      chunksOf(mixed, () => size),
      options,
    );
    const { batches } = await drained(reader);
    expect(batches.reduce((rows, { length }) => rows + length, 0)).toBe(4);
    expect(reader.summary.faults.map(faultOf)).toEqual([
      { code: 'ERR_PERF_JSON_SIZE', line: 3, column: 1, byteOffset: 16 },
      { code: 'ERR_PERF_JSON_SIZE', line: 7, column: 1, byteOffset: mixed.length - long.length },
    ]);
    const strict = await drained(
      readLines(
        chunksOf(mixed, () => size),
        { ...options, onBadLine: 'throw' },
      ),
    );
    expect(strict.error).toMatchObject({ code: 'ERR_PERF_JSON_SIZE', line: 3 });
    expect(strict.batches.map(({ length }) => length)).toEqual([2]);
  });

  test('end with an error where the input is too long', async () => {
    const { batches, error } = await drained(
      readLines(Buffer.from(prices(100)), { columns: PRICE, threads, maxBytes: 100 }),
    );
    expect(batches.reduce((rows, { length }) => rows + length, 0)).toBe(12);
    expect(error).toMatchObject({ code: 'ERR_PERF_JSON_SIZE', byteOffset: 100 });
  });

  test('tell how far they are', async () => {
    const large = Buffer.from(prices(400_000));
    const seen: NdjsonProgress[] = [];
    const onProgress = (progress: NdjsonProgress): void => void seen.push(progress);
    const reader = readLines(large, { columns: PRICE, threads, onProgress });
    await drained(reader);
    expect(seen.length).toBeGreaterThan(3);
    for (const [at, { bytesRead, totalBytes, rows }] of seen.entries()) {
      expect(totalBytes).toBe(large.length);
      if (at > 0) expect(bytesRead >= seen[at - 1].bytesRead && rows > seen[at - 1].rows).toBe(true);
    }
    expect(seen.at(-1)).toEqual({
      bytesRead: large.length,
      totalBytes: large.length,
      lines: 400_000,
      rows: 400_000,
      badLines: 0,
    });
    expect(reader.summary).toEqual({ ...seen.at(-1), faults: [] });
  });

  test('may be read by several readers at once, through one decoder', async () => {
    const columns = decoder(TRADE);
    const large = Buffer.from(tradeLines(20_000));
    const sums = await Promise.all(
      Array.from({ length: 4 }, async (_, at) => {
        let sum = 0;
        const source = at % 2 === 0 ? large : chunksOf(large, () => 50_000);
        for await (const { length, fields } of readLines(source, { columns, threads, batchRows: 1000 + at })) {
          for (let row = 0; row < length; row++) sum += fields.id[row];
        }
        return sum;
      }),
    );
    expect(sums).toEqual(sums.map(() => (20_000 * 19_999) / 2));
  });
});

describe('a reader', () => {
  /** Gives a chunk, then nothing until it is let go. */
  function silent(chunk: string): { source: AsyncGenerator<Uint8Array>; goOn: () => void; isClosed: () => boolean } {
    let goOn = (): void => undefined;
    const promise = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let closed = false;
    async function* chunks(): AsyncGenerator<Uint8Array> {
      try {
        yield Buffer.from(chunk);
        await promise;
        yield Buffer.from('{"p":2}\n');
      } finally {
        closed = true;
      }
    }
    return { source: chunks(), goOn, isClosed: () => closed };
  }

  test('delivers what a stream has given when it pauses', async () => {
    const { source, goOn } = silent('{"p":1}\n{"p":');
    const reader = readNdjson(source, { columns: PRICE, maxWaitMs: 0 });
    const first = await reader.next();
    expect(first.value).toMatchObject({ length: 1 });
    goOn();
    await expect(reader.next()).rejects.toMatchObject({ code: 'ERR_PERF_JSON_SYNTAX', line: 2 });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  test('does not wait for a silent stream when a line is bad', async () => {
    const { source } = silent('1\nx\n');
    const { batches, error } = await drained(readNdjson(Readable.from(source)));
    expect(batches).toEqual([1]);
    expect(error).toMatchObject({ code: 'ERR_PERF_JSON_SYNTAX', line: 2 });
  });

  test('gives each value as soon as its line has come', async () => {
    const { source, goOn } = silent('1\n2\n{"p"');
    const values = readNdjson(source);
    expect((await values.next()).value).toBe(1);
    expect((await values.next()).value).toBe(2);
    goOn();
    await values.close();
  });

  test('ends while it waits for a silent stream', async () => {
    const stream = new Readable({ read: () => undefined });
    const reader = readNdjson(stream);
    const waiting = reader.next();
    const closed = once(stream, 'close');
    await reader.close();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await closed;
    expect(stream.destroyed).toBe(true);
  });

  test('closes its source when the loop is left, even before it began', async () => {
    const begun = silent('1\n2\n');
    for await (const value of readNdjson(begun.source)) {
      expect(value).toBe(1);
      begun.goOn();
      break;
    }
    expect(begun.isClosed()).toBe(true);
    const stream = Readable.from([Buffer.from('1\n')]);
    await readNdjson(stream).return();
    expect(stream.destroyed).toBe(true);
    await readNdjson(Buffer.from('1'))[Symbol.asyncDispose]();
  });

  test('ends with an error when its signal aborts, before, while it waits and in between', async () => {
    const before = readNdjson(Buffer.from('1'), { signal: AbortSignal.abort(new Error('early')) });
    await expect(before.next()).rejects.toMatchObject({ code: 'ERR_PERF_JSON_ABORTED', cause: new Error('early') });

    const waiting = new AbortController();
    const stream = new Readable({ read: () => undefined });
    const next = readNdjson(stream, { signal: waiting.signal }).next();
    waiting.abort();
    await expect(next).rejects.toMatchObject({ code: 'ERR_PERF_JSON_ABORTED', cause: { name: 'AbortError' } });
    expect(stream.destroyed).toBe(true);
    expect(getEventListeners(waiting.signal, 'abort')).toEqual([]);

    const between = new AbortController();
    const reader = readNdjson(Buffer.from(prices(10)), { signal: between.signal, batchRows: 4, columns: PRICE });
    expect((await reader.next()).value).toMatchObject({ length: 4 });
    between.abort();
    await expect(reader.next()).rejects.toMatchObject({ code: 'ERR_PERF_JSON_ABORTED' });
    expect(getEventListeners(between.signal, 'abort')).toEqual([]);
  });

  test('leaves no listener on a signal that outlives it', async () => {
    const { signal } = new AbortController();
    await drained(readNdjson(Buffer.from('1'), { signal }));
    await drained(readNdjson(Buffer.from('x'), { signal }));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('gives the loop its turn at every megabyte', async () => {
    const large = Buffer.alloc(8_000_000, '{"p":7}\n');
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await drained(readNdjson(large, { threads: 0, columns: PRICE }));
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(7);
  });

  test('passes on what goes wrong in the caller and in the stream', async () => {
    const broken = new Error('broken');
    const onProgress = (): void => {
      throw broken;
    };
    expect((await drained(readNdjson(Buffer.from('1\n'), { onProgress }))).error).toBe(broken);
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('1\n2\n3');
      throw broken;
    }
    const { batches, error } = await drained(readNdjson(failing()));
    expect(batches).toEqual([1, 2]);
    expect(error).toMatchObject({ code: 'ERR_PERF_JSON_SOURCE', cause: broken });
    const text = await drained(readNdjson(['text'] as unknown as Iterable<Uint8Array>));
    expect(text.error).toMatchObject({ code: 'ERR_PERF_JSON_INPUT' });
  });

  test('has its options checked when it is made', () => {
    const code = (run: () => unknown): string => thrown(run).code;
    const bytes = Buffer.from('1');
    const inColumns = { columns: PRICE, batchRows: 0 };
    for (const wrong of [{ threads: -1 }, { onBadLine: 'ignore' }, { batchRows: 1 }, { columns: 1 }, inColumns, 1]) {
      expect(code(() => readNdjson(bytes, wrong as never))).toBe('ERR_PERF_JSON_OPTION');
    }
    const columns = decoder(union('e', { trade: PRICE })) as never;
    expect(code(() => readNdjson(bytes, { columns }))).toBe('ERR_PERF_JSON_OPTION');
    expect(code(() => readNdjson(5 as never))).toBe('ERR_PERF_JSON_INPUT');
  });

  test('has the types of its columns', () => {
    const reader = readNdjson(Buffer.from(''), { columns: TRADE });
    type Batch = typeof reader extends AsyncIterable<infer B> ? B : never;
    expectTypeOf<Batch['fields']['time']>().toEqualTypeOf<BigInt64Array>();
    expectTypeOf<Batch['fields']['price']>().toEqualTypeOf<Float64Array>();
    const byDecoder = readNdjson(Buffer.from(''), { columns: decoder(PRICE) });
    expectTypeOf(byDecoder).toEqualTypeOf(readNdjson(Buffer.from(''), { columns: PRICE }));
    expectTypeOf(readNdjson(Buffer.from(''))).toEqualTypeOf<NdjsonStream<unknown>>();
  });
});
