import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { decoder } from '../decoder/decoder.ts';
import { field, union } from '../decoder/types.ts';
import { pointer } from '../document/pointer.ts';
import { corpusFiles, whyNoCorpora } from '../testing/corpora.ts';
import { ACCEPTED, DOCUMENT, FAULTS } from '../testing/faults.ts';
import { thrown } from '../testing/thrown.ts';
import { validate } from '../validate.ts';
import { streamArray } from './stream-array.ts';
import { chunked } from './testing/chunked.ts';
import { brief, collected } from './testing/collected.ts';
import { naiveElements } from './testing/naive-array.ts';

const SIZES = [1, 2, 3, 7, 64, 1000];

const read = (text: string | Buffer, pointer = '', size = 1000) =>
  collected(streamArray(chunked(Buffer.from(text), size), pointer));

describe('elements', () => {
  test('come as JSON.parse makes them, whatever the sizes of the pieces', async () => {
    const elements = [1, 'a,]"\\', { b: [1, [2, {}]], __proto__x: null }, [], {}, -1.5e-3, true, false, null, '世界😀'];
    const forms = [JSON.stringify(elements), JSON.stringify(elements, null, 2), ` ${JSON.stringify(elements)}\r\n\t `];
    for (const text of forms) {
      for (const size of SIZES) expect(await read(text, '', size)).toEqual({ items: elements, error: undefined });
    }
  });

  test('are found where the pointer leads', async () => {
    const text = '{"x":[9],"a":{"skip":{"b":[1]},"b":[{"c":[]},{"c":[1,{"d":2}]},7]},"y":"]"}';
    for (const size of SIZES) {
      expect(await read(text, '/a/b', size)).toEqual({ items: [{ c: [] }, { c: [1, { d: 2 }] }, 7], error: undefined });
      expect(await read(text, '/a/b/1/c', size)).toEqual({ items: [1, { d: 2 }], error: undefined });
      expect(await read(text, '/a/b/0/c', size)).toEqual({ items: [], error: undefined });
    }
  });

  test('may be none', async () => {
    for (const text of ['[]', ' [ \n] ']) expect(await read(text, '', 1)).toEqual({ items: [], error: undefined });
  });

  test('have "__proto__" as a key of their own', async () => {
    const { items } = await read('[{"__proto__":{"a":1}}]');
    expect(Object.keys(items[0] as object)).toEqual(['__proto__']);
    expect((items[0] as { a?: unknown }).a).toBeUndefined();
  });

  test('are delivered as soon as what ends them has come', async () => {
    let given = '';
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (const piece of ['[1', '2', ',3', ',', '{"a":1}', ' ]', ' ']) {
        given += piece;
        yield Buffer.from(piece);
      }
    }
    const seen: string[] = [];
    for await (const element of streamArray(pieces(), '')) seen.push(`${JSON.stringify(element)} ${given}`);
    // One piece is read ahead.
    expect(seen).toEqual(['12 [12,3,', '3 [12,3,{"a":1}', '{"a":1} [12,3,{"a":1} ] ']);
  });

  test('larger than what is read at once are whole', async () => {
    const large = { text: 'x'.repeat(3_000_000), list: Array.from({ length: 100_000 }, (_, at) => at) };
    const elements = [1, large, 2, large.list, 3];
    expect(await read(JSON.stringify(elements), '', 100_000)).toEqual({ items: elements, error: undefined });
  });

  test('of a compiled pointer are the same', async () => {
    const stream = streamArray(Buffer.from('{"a":[1,2]}'), pointer('/a'));
    expect(await collected(stream)).toEqual({ items: [1, 2], error: undefined });
  });
});

describe('a fault', () => {
  const inside = [
    ...FAULTS.map(([input]) => Buffer.from(`[0,[1,2],${input}`, 'latin1')),
    ...FAULTS.map(([input]) => Buffer.from(`[0,[1,2],${input},3]`, 'latin1')),
    ...FAULTS.map(([input]) => Buffer.from(`[0,[1,2]]${input}`, 'latin1')),
    ...FAULTS.map(([input]) => Buffer.from(`[${input}]`, 'latin1')),
  ];

  test.for(inside.map((bytes) => ({ text: bytes.toString('latin1'), bytes })))(
    'in $text is the one that validate has, behind the elements before it',
    async ({ bytes }) => {
      const expected = { items: naiveElements(bytes), error: brief(validate(bytes)) };
      for (const size of [1, 2, 5, 1000]) {
        const { items, error } = await read(bytes, '', size);
        expect({ items, error: brief(error) }).toEqual(expected);
      }
    },
  );

  test('may be anywhere, or the end', async () => {
    const bytes = Buffer.from(`[${DOCUMENT},${ACCEPTED.join(',')},[[],{"a":[{}]}]]`);
    for (let length = 0; length < bytes.length; length += 3) {
      const cut = bytes.subarray(0, length);
      const expected = { items: naiveElements(cut), error: brief(validate(cut)) };
      const { items, error } = await read(cut, '', 1 + (length % 50));
      expect({ items, error: brief(error) }, `${length} bytes`).toEqual(expected);
    }
  });

  test('around the array is told too', async () => {
    const texts = ['{"x":[1,],"a":[1]}', '{"a":[1],"x":tru}', '{"a":[1]', '{"a":[1]]', '{"a":[1]}}', '\ufeff{"a":[1]}'];
    for (const text of texts) {
      for (const size of SIZES) {
        const { items, error } = await read(text, '/a', size);
        expect(brief(error)).toBe(brief(validate(text)));
        expect(error?.byteOffset).toBe(validate(text)?.byteOffset);
        expect(items).toEqual(/^\{"x|^\ufeff/.test(text) ? [] : [1]);
      }
    }
  });

  test('of UTF-8 before, inside and behind the array is the one that validate has', async () => {
    const texts = [
      '{"\xff":0,"a":[1]}',
      '{"a":[1,"\xe4"]}',
      '{"a":[1],"b":"\xc3"}',
      '{"a":[1]}\xa0',
      '{"a\xed\xa0\x80":0,"a":[1]}',
    ];
    for (const text of texts) {
      const bytes = Buffer.from(text, 'latin1');
      for (const size of SIZES) expect(brief((await read(bytes, '/a', size)).error)).toBe(brief(validate(bytes)));
    }
  });

  test('has a message that says where, and what stood before it', async () => {
    const { error } = await read('{"a":[{"b":1},{"b":}]}', '/a');
    expect(error?.message).toMatch(/^expected a value, found "\}" at byte 19 after `\{"a":\[\{"b":1\},\{"b":`: /);
    expect(error).toMatchObject({ byteOffset: 19 });
    expect(error).not.toHaveProperty('line');
  });

  test('of depth counts the brackets around the array', async () => {
    const text = '{"a":[[],[[]],[[[]]]]}';
    for (let maxDepth = 0; maxDepth <= 6; maxDepth++) {
      for (const size of SIZES) {
        const options = { maxDepth };
        const { error } = await collected(streamArray(chunked(Buffer.from(text), size), '/a', options));
        expect(brief(error)).toBe(brief(validate(text, options)));
      }
    }
  });
});

describe('a pointer that leads to no array', () => {
  const document = '{"a":{"b":5,"c":[]},"d":"x"}';

  test.for([
    ['', 'ERR_PERF_JSON_TYPE', 0],
    ['/a', 'ERR_PERF_JSON_TYPE', 5],
    ['/d', 'ERR_PERF_JSON_TYPE', 24],
    ['/x', 'ERR_PERF_JSON_MISSING', 27],
    ['/a/x', 'ERR_PERF_JSON_MISSING', 18],
    ['/d/x', 'ERR_PERF_JSON_MISSING', 24],
    ['/a/c/0', 'ERR_PERF_JSON_MISSING', 17],
  ] as const)('is an error: %j, %s at byte %d', async ([pointer, code, byteOffset]) => {
    for (const size of SIZES) {
      const { items, error } = await read(document, pointer, size);
      expect(items).toEqual([]);
      expect(error).toMatchObject({ name: 'JsonError', code, byteOffset });
    }
  });

  test('is refused where it is malformed', () => {
    expect(thrown(() => streamArray(Buffer.from('[]'), 'a'))).toMatchObject({ code: 'ERR_PERF_JSON_POINTER' });
  });

  test('is an error where a key on the way comes again', async () => {
    for (const text of ['{"a":{"b":[1]},"a":0}', '{"a":{"b":[1],"b":[2]}}', '{"a":{"b":[1],"\\u0062":[2]}}']) {
      for (const size of SIZES) {
        const { items, error } = await read(text, '/a/b', size);
        expect(items).toEqual([1]);
        expect(error).toMatchObject({
          code: 'ERR_PERF_JSON_DUPLICATE_KEY',
          byteOffset: text.lastIndexOf('"', text.lastIndexOf('":') - 1),
        });
      }
    }
  });
});

describe('an element that is larger than allowed', () => {
  const maxElementBytes = 10;
  const readLimited = (text: string, size: number) =>
    collected(streamArray(chunked(Buffer.from(text), size), '', { maxElementBytes }));

  test('is an error behind those before it', async () => {
    for (const text of ['[1,"12345678",2,"123456789",3]', '[1,"12345678",2,"123456789012345678901234567890']) {
      for (const size of SIZES) {
        const { items, error } = await readLimited(text, size);
        expect(items).toEqual([1, '12345678', 2]);
        expect(error).toMatchObject({ code: 'ERR_PERF_JSON_SIZE', byteOffset: 16 });
        expect(error?.message).toMatch(/element 3 has more than 10 bytes at byte 16: raise maxElementBytes/);
      }
    }
  });

  test('is one of the syntax where its first bytes are wrong', async () => {
    for (const size of SIZES) {
      expect(brief((await readLimited('[1,{"a":x,"b":"12345"}]', size)).error)).toBe('ERR_PERF_JSON_SYNTAX 8');
    }
  });
});

describe('columns', () => {
  const columns = {
    id: { path: 'id', type: field.i64({ as: 'number' }) },
    price: { path: 'p', type: field.ticks('0.10') },
  } as const;
  const rows = Array.from({ length: 100 }, (_, at) => ({ id: at * 1000, skip: { x: [at, 'ß'] }, p: `${at}.50` }));
  const expected = rows.map(({ id, p }) => [id, Math.round(Number(p) * 10)]);

  async function readColumns(
    text: string | Buffer,
    size: number,
    options: { batchRows?: number; maxDepth?: number; maxElementBytes?: number } = {},
  ) {
    const { items, error } = await collected(
      streamArray(chunked(Buffer.from(text), size), '/rows', { columns, ...options }),
    );
    const lengths = items.map(({ length }) => length);
    const read = items.flatMap(({ length, fields }) =>
      Array.from({ length }, (_, row) => [fields.id[row], fields.price[row]]),
    );
    return { lengths, read, error };
  }

  test('have a row per element, whatever the layout and the sizes of the pieces', async () => {
    const reordered = rows.map(({ id, skip, p }) => ({ p, skip, id }));
    const texts = [
      JSON.stringify({ rows, after: 1 }),
      JSON.stringify({ rows }, null, 1),
      JSON.stringify({ rows: reordered }),
      JSON.stringify({ rows }).replaceAll('},{', '} , {'),
      JSON.stringify({ rows }).replaceAll('"id"', String.raw`"\u0069d"`),
    ];
    for (const text of texts) {
      for (const size of [1, 10, 100, 1000, 100_000]) {
        expect(await readColumns(text, size, { batchRows: 30 })).toEqual({
          lengths: [30, 30, 30, 10],
          read: expected,
          error: undefined,
        });
      }
    }
  });

  test('of a decoder are the same as of its schema', async () => {
    const bytes = Buffer.from(JSON.stringify(rows));
    for (const given of [columns, decoder(columns), decoder(columns, { codeGeneration: false })]) {
      const { items } = await collected(streamArray(bytes, '', { columns: given }));
      expect(items.map(({ length }) => length)).toEqual([100]);
    }
  });

  test('of no elements are no batches', async () => {
    for (const text of ['{"rows":[]}', '{"rows":[ ] }'])
      expect(await readColumns(text, 1)).toMatchObject({ read: [], error: undefined });
  });

  test('are delivered before an element that is not what the schema says', async () => {
    const text = '{"rows":[{"id":1,"p":"1"},{"id":2,"p":"2"},{"id":3,"p":"3.05"},{"id":4,"p":"4"}]}';
    for (const size of [1, 20, 1000]) {
      const { read, error } = await readColumns(text, size);
      expect(read).toEqual([
        [1, 10],
        [2, 20],
      ]);
      expect(error).toMatchObject({
        code: 'ERR_PERF_JSON_DECODE',
        reason: 'precision',
        field: 'price',
        byteOffset: text.indexOf('"3.05"'),
      });
      expect(error?.message).toMatch(/^element 2 at byte 43: field "price": expected .*, found "3.05"/);
    }
  });

  test('have the faults of validate', async () => {
    const good = '{"id":1,"p":"1"}';
    const bad = [
      'x',
      '{"id":1,"p":"1"',
      '{"id":1,"p":"1",}',
      '{"id":01,"p":"1"}',
      '{"id":1,"p":"1"}}',
      '{"id":1,"p":"1","s":"\xff"}',
      '',
      ' ',
    ];
    const texts = [
      ...bad.map((element) => `{"rows":[${good},${element}]}`),
      ...bad.map((element) => `{"rows":[${element},${good}]}`),
      `{"rows":[${good}}`,
      `{"rows":[${good}`,
    ];
    for (const text of texts) {
      const bytes = Buffer.from(text, 'latin1');
      for (const size of [1, 20, 1000]) {
        const { read, error } = await readColumns(bytes, size);
        expect(brief(error), `${text}`).toBe(brief(validate(bytes)));
        expect(read).toEqual(text.startsWith(`{"rows":[${good},`) ? [[1, 10]] : []);
      }
    }
  });

  test('have the limits of elements', async () => {
    const text = '{"rows":[{"id":1,"p":"1"},{"id":2,"p":"2","x":[[[[]]]]}]}';
    for (const size of [1, 20, 1000]) {
      for (let maxDepth = 3; maxDepth < 9; maxDepth++) {
        const { read, error } = await readColumns(text, size, { maxDepth });
        expect(brief(error)).toBe(brief(validate(text, { maxDepth })));
        expect(read).toHaveLength(error === undefined ? 2 : 1);
      }
      const { read, error } = await readColumns(text, size, { maxElementBytes: 20 });
      expect(read).toEqual([[1, 10]]);
      expect(error).toMatchObject({ code: 'ERR_PERF_JSON_SIZE', byteOffset: 26 });
    }
  });

  test('of a union are refused at once', () => {
    const kinds = decoder(union('e', { a: columns }));
    const run = () => streamArray(Buffer.from('[]'), '', { columns: kinds as never });
    expect(thrown(run)).toMatchObject({ code: 'ERR_PERF_JSON_OPTION' });
  });
});

describe('a stream', () => {
  const source = (log: string[]) => ({
    async *[Symbol.asyncIterator]() {
      log.push('start');
      try {
        yield Buffer.from('[0');
        for (;;) yield Buffer.from(',1');
      } finally {
        log.push('end');
      }
    },
  });

  test('is not touched before it is iterated', () => {
    const log: string[] = [];
    streamArray(source(log), '');
    streamArray('/no/such/file', '');
    expect(log).toEqual([]);
  });

  test('is ended when the loop is left early', async () => {
    const log: string[] = [];
    for await (const element of streamArray(source(log), '')) if (element === 1) break;
    await vi.waitFor(() => expect(log).toEqual(['start', 'end']));
  });

  test('is ended by return, which may come before anything else and again', async () => {
    const log: string[] = [];
    const stream = streamArray(source(log), '');
    expect(await stream.next()).toEqual({ done: false, value: 0 });
    expect(await stream.return()).toEqual({ done: true, value: undefined });
    expect(await stream.return()).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    await vi.waitFor(() => expect(log).toEqual(['start', 'end']));
    const other = streamArray(Buffer.from('[1]'), '');
    await other.close();
    expect(await other.next()).toEqual({ done: true, value: undefined });
  });

  test('gives what is asked for at once in order', async () => {
    const stream = streamArray(chunked(Buffer.from('[1,2,3,4]'), 2), '');
    const results = await Promise.all(Array.from({ length: 6 }, () => stream.next()));
    expect(results.map(({ value }) => value)).toEqual([1, 2, 3, 4, undefined, undefined]);
    expect(results.map(({ done }) => done)).toEqual([false, false, false, false, true, true]);
  });

  test('ends a next that waits for a silent source', async () => {
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    const stream = streamArray(silent, '');
    const waiting = stream.next();
    await stream.close();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  test('is aborted by its signal, before and while it is read', async () => {
    const reason = new Error('enough');
    const log: string[] = [];
    const aborted = await collected(streamArray(source(log), '', { signal: AbortSignal.abort(reason) }));
    expect(aborted.error).toMatchObject({ code: 'ERR_PERF_JSON_ABORTED', cause: reason });
    expect(log).toEqual([]);

    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    const stream = streamArray(source(log), '', { signal: controller.signal });
    await stream.next();
    controller.abort(reason);
    const { error } = await collected(stream);
    expect(error).toMatchObject({ code: 'ERR_PERF_JSON_ABORTED', cause: reason });
    await vi.waitFor(() => expect(log).toEqual(['start', 'end']));
    expect(removed).toHaveBeenCalled();
  });

  test('tells how far it has come', async () => {
    const bytes = Buffer.from(`[${Array.from({ length: 200_000 }, (_, at) => at).join(',')}]`);
    const seen: { bytesRead: number; totalBytes: number | undefined; elements: number }[] = [];
    await collected(streamArray(bytes, '', { onProgress: (progress) => seen.push({ ...progress }) }));
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.at(-1)).toMatchObject({ bytesRead: bytes.length, totalBytes: bytes.length });
    expect(seen.every(({ elements }, at) => at === 0 || elements > seen[at - 1].elements)).toBe(true);
  });

  test('that fails in what it calls is released', async () => {
    const log: string[] = [];
    const onProgress = () => {
      throw new Error('no');
    };
    expect((await collected(streamArray(source(log), '', { onProgress }))).error).toMatchObject({ message: 'no' });
    await vi.waitFor(() => expect(log).toEqual(['start', 'end']));
  });
});

test('wrong options and sources are refused at once', () => {
  const bytes = Buffer.from('[]');
  expect(thrown(() => streamArray(bytes, '', { maxElementBytes: 0 }))).toMatchObject({ code: 'ERR_PERF_JSON_OPTION' });
  expect(thrown(() => streamArray(bytes, '', { batchrows: 1 } as never)).message).toMatch(/did you mean "batchRows"/);
  expect(thrown(() => streamArray(5 as never, ''))).toMatchObject({ code: 'ERR_PERF_JSON_INPUT' });
});

const missing = whyNoCorpora();
if (missing !== undefined) process.stderr.write(`stream-array.test.ts without real data: ${missing}\n`);

describe.skipIf(missing !== undefined)('on real data', () => {
  test('gives the elements of arrays in the corpora', { timeout: 60_000 }, async () => {
    const pointers: Record<string, string> = {
      'twitter.json': '/statuses',
      'canada.json': '/features/0/geometry/coordinates',
      'citm_catalog.json': '/performances',
      'github_events.json': '',
      'mesh.json': '/influences',
    };
    let files = 0;
    for (const { name, bytes } of corpusFiles('json')) {
      const at = pointers[name];
      if (at === undefined) continue;
      files++;
      let expected: unknown = JSON.parse(bytes.toString());
      for (const key of at.split('/').slice(1)) expected = (expected as Record<string, unknown>)[key];
      for (const size of [10_007, 1 << 20])
        expect(isDeepStrictEqual(await read(bytes, at, size), { items: expected, error: undefined }), `${name}`).toBe(
          true,
        );
    }
    expect(files).toBe(5);
  });
});
