import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backend, javascript } from '../backend.ts';
import type { JsonError } from '../errors.ts';
import { ACCEPTED, DOCUMENT } from '../testing/faults.ts';
import { naiveGet, pointersOf, token } from '../testing/naive-document.ts';
import { thrown } from '../testing/thrown.ts';
import { validate } from '../validate.ts';
import { DocumentIndex } from './document-index.ts';
import type { Cursor, Document } from './document.ts';
import { open, openWith } from './open.ts';
import type { OpenOptions } from './open.ts';
import { pointer } from './pointer.ts';

const chosen = backend();
const builders = chosen === javascript ? [javascript] : [javascript, chosen];

const openText = (text: string, options?: OpenOptions): Document => open(Buffer.from(text), options);

describe.for(builders)('an open document, $backend', (builder) => {
  const openText = (text: string): Document => openWith(builder, Buffer.from(text));

  test('gives what the engine gives, for every pointer of any document', () => {
    const keys = fc.oneof(
      fc.string({ maxLength: 4 }),
      fc.constantFrom('__proto__', '', '0', '-', '01', 'a/b', '~', 'a.b'),
    );
    const { value: values } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 0 }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(keys, tie('value'), { maxKeys: 5 }),
      ),
    }));
    const property = fc.property(values, fc.nat(2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const document = openText(text);
      for (const [at, wanted] of pointersOf(JSON.parse(text))) {
        expect([at, document.get(at)]).toEqual([at, wanted]);
        expect(document.get(pointer(at))).toEqual(wanted);
        expect(document.has(at)).toBe(true);
        expect(JSON.parse(Buffer.from(document.slice(at) as Uint8Array).toString())).toEqual(wanted);
        if (typeof wanted === 'object' && wanted !== null) {
          expect(document.length(at)).toBe(Object.keys(wanted).length);
          const members = [...document.iterate(at)].map((cursor) => document.get('', cursor));
          expect(members).toEqual(Object.values(wanted).length === 0 ? [] : memberOrder(text, document, at, members));
        }
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  test('has nothing where the engine has nothing', () => {
    const document = openText('{"a":[1,[2]],"":{"":0},"s":"abc"}');
    const missing = [
      '/b',
      '/a/2',
      '/a/-',
      '/a/01',
      '/a/1/1',
      '/a/-1',
      '/a/1e0',
      '/a/',
      '/a/0/0',
      '/s/0',
      '/s/length',
      '//x',
    ];
    for (const at of [...missing, '/a/4294967296', '/a/99999999999999999999', '/__proto__', '/a/length']) {
      expect([at, document.has(at), document.get(at), document.type(at)]).toEqual([at, false, undefined, undefined]);
      expect(document.number(at)).toBeUndefined();
      expect(document.bigint(at)).toBeUndefined();
      expect(document.decimal(at, 2)).toBeUndefined();
      expect(document.string(at)).toBeUndefined();
      expect(document.boolean(at)).toBeUndefined();
      expect(document.length(at)).toBeUndefined();
      expect(document.slice(at)).toBeUndefined();
      expect([...document.iterate(at)]).toEqual([]);
    }
    expect(document.get('//')).toBe(0);
  });

  test('compares keys unescaped', () => {
    const text = String.raw`{"caf\u00e9":1,"a\/b":2,"\\":3,"\b":4,"\ud800":5,"\ud83d\ude00":6,"\u0000":7,"\"":8,"a\u0000b":9,"\u0061bc":10}`;
    const document = openText(text);
    for (const [key, wanted] of Object.entries(JSON.parse(text) as object)) {
      expect([key, document.get(token(key))]).toEqual([key, wanted]);
    }
    // What an escape is written as is no key, nor is what a lone surrogate is replaced by, nor the start of a key.
    for (const key of [
      String.raw`caf\u00e9`,
      String.raw`\\`,
      String.raw`\b`,
      '\ufffd',
      '\udc00',
      'a\0',
      'ab',
      'a',
      '😀x',
    ]) {
      expect([key, document.has(token(key))]).toEqual([key, false]);
    }
    expect(openText('{"\ufffd":1}').has(token('\ud800'))).toBe(false);
  });

  test('lets the last of equal keys count, however they are written', () => {
    expect(openText(String.raw`{"a":1,"b":2,"\u0061":3}`).get('/a')).toBe(3);
    expect(openText(String.raw`{"\u0061":1,"a":{"x":2}}`).get('/a/x')).toBe(2);
    expect(openText('{"a":{"x":1},"a":{}}').has('/a/x')).toBe(false);
    expect(openText('{"a":1,"a":2}').length('')).toBe(2);
    expect(openText('{"__proto__":{"isAdmin":true}}').get('/__proto__/isAdmin')).toBe(true);
  });

  test('refuses what validate refuses, with the same error', () => {
    for (const text of [DOCUMENT, ...ACCEPTED]) expect(openText(text).get('')).toEqual(JSON.parse(text));
    const bytes = Buffer.from(`{"data":[${DOCUMENT.repeat(5).replaceAll('} ', '}, ').trimEnd().slice(0, -1)}]}`);
    expect(bytes.length).toBeGreaterThan(2000);
    expect(openWith(builder, bytes).length('/data')).toBe(5);
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length);
      const error = thrown(() => openWith(builder, cut));
      const { message, byteOffset, line, column } = validate(cut) as JsonError;
      expect(error).toMatchObject({ message, byteOffset, line, column });
    }
  });

  test('is limited in depth and size', () => {
    expect(thrown(() => openWith(builder, Buffer.from('[[1]]'), { maxDepth: 1 })).code).toBe('ERR_PERF_JSON_DEPTH');
    expect(openWith(builder, Buffer.from('[[1]]'), { maxDepth: 2 }).get('/0/0')).toBe(1);
    expect(thrown(() => openWith(builder, Buffer.from('[1]'), { maxBytes: 2 })).code).toBe('ERR_PERF_JSON_SIZE');
    const deep = openWith(builder, Buffer.from('['.repeat(100_000) + ']'.repeat(100_000)));
    expect(deep.has('/0'.repeat(99_999))).toBe(true);
    expect(deep.has('/0'.repeat(100_000))).toBe(false);
    expect(deep.slice('/0'.repeat(99_990))?.length).toBe(20);
  });
});

/** Objects list keys that are numbers first; a document has them where they are written. */
function memberOrder(text: string, document: Document, at: string, members: unknown[]): unknown[] {
  const value = naiveGet(JSON.parse(text), at) as object;
  if (Array.isArray(value)) return value;
  return [...document.iterate(at)].map((cursor, place) => {
    expect(Object.keys(value)).toContain(document.key(cursor));
    expect(members[place]).toEqual((value as Record<string, unknown>)[document.key(cursor) as string]);
    return members[place];
  });
}

describe('values', () => {
  const document = openText(
    '{"n":-12.5e-3,"s":"caf\\u00e9","t":true,"f":false,"z":null,"o":{"a":[]},"i":"9007199254740993"}',
  );

  test('have a type', () => {
    const types = ['', '/n', '/s', '/t', '/f', '/z', '/o/a'].map((at) => document.type(at));
    expect(types).toEqual(['object', 'number', 'string', 'boolean', 'boolean', 'null', 'array']);
  });

  test('are read as what they are, or not at all', () => {
    expect(document.number('/n')).toBe(-0.0125);
    expect(document.string('/s')).toBe('café');
    expect(document.boolean('/t')).toBe(true);
    expect(document.boolean('/f')).toBe(false);
    expect(document.get('/z')).toBeNull();
    expect(document.bigint('/i')).toBe(9007199254740993n);
    expect(document.getMany(['/n', pointer('/t'), '/x'])).toEqual([-0.0125, true, undefined]);
    for (const read of [
      () => document.number('/s'),
      () => document.number('/z'),
      () => document.string('/n'),
      () => document.boolean('/z'),
      () => document.decimal('/t', 0),
      () => document.bigint('/o'),
    ]) {
      expect(thrown(read).code).toBe('ERR_PERF_JSON_TYPE');
    }
    expect(thrown(() => document.number('/s'))).toMatchObject({ byteOffset: 18, line: 1, column: 19 });
    expect(thrown(() => document.number('/s')).message).toMatchInlineSnapshot(
      `"expected a number, found a string at "/s", line 1, column 19 (byte 18): ask type() first"`,
    );
  });

  test('are scaled exactly or refused', () => {
    const numbers = openText(
      '{"p":"61800.20","q":0.00000001,"big":"123456789012345678901234567890.5","x":"12a","e":"\\u0031.5","h":1e9999}',
    );
    expect(numbers.decimal('/p', 2)).toBe(6_180_020);
    expect(numbers.decimal('/p', 1)).toBe(618_002);
    expect(numbers.decimal('/q', 8)).toBe(1);
    expect(numbers.decimal('/e', 1)).toBe(15);
    expect(numbers.decimalBigInt('/e', 1)).toBe(15n);
    expect(numbers.decimalBigInt('/big', 1)).toBe(1_234_567_890_123_456_789_012_345_678_905n);
    expect(numbers.number('/h')).toBe(Number.POSITIVE_INFINITY);
    for (const read of [
      () => numbers.decimal('/p', 0),
      () => numbers.decimal('/big', 1),
      () => numbers.decimal('/x', 1),
      () => numbers.bigint('/x'),
      () => numbers.bigint('/p'),
      () => numbers.bigint('/h'),
    ]) {
      expect(thrown(read).code).toBe('ERR_PERF_JSON_NUMBER');
    }
    expect(thrown(() => numbers.decimal('/p', 0)).message).toMatchInlineSnapshot(
      `""61800.20" has more than 0 decimals at "/p", line 1, column 6 (byte 5): nothing is rounded: ask for more decimals, or read the text"`,
    );
    for (const scale of [-1, 1.5, Number.NaN, 1001]) {
      expect(thrown(() => numbers.decimal('/p', scale)).code).toBe('ERR_PERF_JSON_OPTION');
    }
  });

  test('come from the part of memory that the array covers', () => {
    const memory = Buffer.from('xx{"a":[1]}yy');
    expect(open(new Uint8Array(memory.buffer, memory.byteOffset + 2, 9)).get('/a')).toEqual([1]);
    const slice = open(memory.subarray(2, 11)).slice('/a') as Uint8Array;
    expect(slice.buffer).toBe(memory.buffer);
    expect(Buffer.from(slice).toString()).toBe('[1]');
  });
});

describe('cursors', () => {
  const document = openText('{"rows":[{"id":1,"tag":"x"},{"id":2},{}],"names":["a","b"],"n":{"k":"a","a":1}}');

  test('start a pointer anywhere', () => {
    const id = pointer('/id');
    expect([...document.iterate('/rows')].map((row) => document.number(id, row))).toEqual([1, 2, undefined]);
    const [rows] = document;
    expect([...document.iterate('/1', rows)].map((cursor) => document.key(cursor))).toEqual(['id']);
    expect(document.length('', rows)).toBe(3);
    expect(document.materialize(undefined, rows)).toEqual([{ id: 1, tag: 'x' }, { id: 2 }, {}]);
  });

  test('know their key in an object and none in an array', () => {
    expect([...document].map((cursor) => document.key(cursor))).toEqual(['rows', 'names', 'n']);
    expect([...document.iterate('/names')].map((cursor) => document.key(cursor))).toEqual([undefined, undefined]);
    expect([...document.iterate('/n')].map((cursor) => document.key(cursor))).toEqual(['k', 'a']);
    expect(document.key(0 as Cursor)).toBeUndefined();
  });

  test('out of range are refused', () => {
    for (const cursor of [-1, 0.5, 1e9, Number.NaN, '1']) {
      expect(thrown(() => document.get('', cursor as Cursor)).code).toBe('ERR_PERF_JSON_POINTER');
    }
  });
});

describe('a reused index', () => {
  test('keeps its arrays and ends the document before', () => {
    const index = new DocumentIndex({ entries: 8 });
    const first = openText('{"a":1}', { index });
    const rest = first.iterate('');
    const arrays = (index as unknown as { offsets: Uint32Array }).offsets;
    const second = openText('{"a":[2,3]}', { index });
    expect((index as unknown as { offsets: Uint32Array }).offsets).toBe(arrays);
    expect(second.get('/a/1')).toBe(3);
    for (const read of [
      () => first.get('/a'),
      () => first.has(pointer('/a')),
      () => first.length(''),
      () => rest.next(),
    ]) {
      expect(thrown(read).code).toBe('ERR_PERF_JSON_STALE');
    }
    expect(() => openText('[', { index })).toThrow('the input ends');
    expect(thrown(() => second.get('/a')).code).toBe('ERR_PERF_JSON_STALE');
    expect(openText('[1]', { index }).get('/0')).toBe(1);
  });

  test('grows, and a compiled pointer does not take one document for another', () => {
    const index = new DocumentIndex();
    const last = pointer('/last');
    for (const length of [1, 100, 10, 5000]) {
      const values = Array.from({ length }, (_, place) => place);
      const document = openText(JSON.stringify({ values, last: length }), { index });
      expect(document.number(last)).toBe(length);
      expect(document.number(last)).toBe(length);
      expect(document.get('/values')).toEqual(values);
    }
    expect(index.entries).toBeGreaterThanOrEqual(5004);
    const nested = openText('{"last":1,"x":{"last":2}}');
    const [, inner] = nested;
    expect([nested.get(last), nested.get(last, inner), nested.get(last)]).toEqual([1, 2, 1]);
  });
});

describe('a trusted document', () => {
  test('gives the same values before and after it is indexed', () => {
    const value = JSON.parse(DOCUMENT) as unknown;
    for (const [at, wanted] of pointersOf(value)) {
      const document = openText(DOCUMENT, { trust: true });
      expect([at, document.get(at)]).toEqual([at, wanted]);
      expect([at, document.get(at)]).toEqual([at, wanted]);
      const sliced = openText(DOCUMENT, { trust: true }).slice(at) as Uint8Array;
      expect(JSON.parse(Buffer.from(sliced).toString())).toEqual(wanted);
    }
    for (const at of ['/x', '/data/b/2', '/data/b/-', '/data/a/0', '/stream/0', '/data/o/x']) {
      expect(openText(DOCUMENT, { trust: true }).has(at)).toBe(false);
    }
    expect(openText(DOCUMENT, { trust: true }).getMany(['/data/E', '/long'])).toHaveLength(2);
    expect(openText('[[1],[2]]', { trust: true }).length('/1')).toBe(1);
    expect(openText('[]', { trust: true }).materialize()).toEqual([]);
  });

  test('that is broken gives a typed error or an answer, never another error', () => {
    const bytes = Buffer.from(DOCUMENT.trimEnd());
    for (let length = 0; length < bytes.length; length++) {
      const document = open(bytes.subarray(0, length), { trust: true });
      const error = thrownOrNothing(() => document.get('/long'));
      if (error !== undefined) expect(error.message).toBe(validate(bytes.subarray(0, length))?.message);
      expect(thrown(() => document.get('/long')).code).toMatch(/^ERR_PERF_JSON_(SYNTAX|UTF8)$/);
    }
    expect(thrown(() => openText('{"a":[1 2]}', { trust: true }).get('/a')).byteOffset).toBe(8);
    expect(thrown(() => openText(String.raw`{"a":"\x"}`, { trust: true }).get('/a')).byteOffset).toBe(7);
  });
});

function thrownOrNothing(run: () => unknown): JsonError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error as JsonError;
  }
}

describe('what is given', () => {
  test('must be bytes, options and pointers', () => {
    expect(thrown(() => open('{}' as unknown as Uint8Array)).code).toBe('ERR_PERF_JSON_INPUT');
    expect(thrown(() => open(undefined as unknown as Uint8Array)).code).toBe('ERR_PERF_JSON_INPUT');
    expect(thrown(() => open(new Uint16Array(2) as unknown as Uint8Array)).code).toBe('ERR_PERF_JSON_INPUT');
    const index = {} as DocumentIndex;
    expect(thrown(() => openText('1', { index })).message).toBe(
      'open: option "index" must be a DocumentIndex, got an object',
    );
    expect(thrown(() => new DocumentIndex({ entries: -1 })).code).toBe('ERR_PERF_JSON_OPTION');
    for (const given of [1, null, undefined, {}]) {
      expect(thrown(() => openText('1').get(given as string)).code).toBe('ERR_PERF_JSON_POINTER');
    }
  });

  test('must not be detached or shrunk before or after', () => {
    const detached = new TextEncoder().encode('{"a":1}');
    const document = open(detached);
    structuredClone(detached, { transfer: [detached.buffer] });
    expect(thrown(() => document.get('/a')).code).toBe('ERR_PERF_JSON_STALE');
    expect(thrown(() => open(detached)).code).toBe('ERR_PERF_JSON_INPUT');

    // Newer than the types of the language level.
    const memory = Reflect.construct(ArrayBuffer, [7, { maxByteLength: 100 }]) as ArrayBuffer & {
      resize(length: number): void;
    };
    // One that follows its buffer is a document cut off; one of a length of its own is gone.
    for (const { length, code } of [
      { length: undefined, code: 'ERR_PERF_JSON_SYNTAX' },
      { length: 7, code: 'ERR_PERF_JSON_INPUT' },
    ]) {
      memory.resize(7);
      const bytes = new Uint8Array(memory, 0, length);
      bytes.set(Buffer.from('{"a":1}'));
      const resized = open(bytes);
      expect(resized.get('/a')).toBe(1);
      const rest = resized.iterate();
      memory.resize(6);
      expect(thrown(() => resized.get('/a')).code).toBe('ERR_PERF_JSON_STALE');
      expect(thrown(() => rest.next()).code).toBe('ERR_PERF_JSON_STALE');
      expect(thrown(() => open(bytes)).code).toBe(code);
    }
  });
});
