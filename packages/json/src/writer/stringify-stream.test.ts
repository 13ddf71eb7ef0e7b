import { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { thrown } from '../testing/thrown.ts';
import { isValid } from '../validate.ts';
import { stringifyStream } from './stringify-stream.ts';
import { isLarge, LARGE_TEXT, largePieces } from './value-pieces.ts';

const joined = (chunks: Iterable<Uint8Array>): string => Buffer.concat([...chunks]).toString();

async function* later<T>(values: Iterable<T>): AsyncGenerator<T> {
  for (const value of values) yield Promise.resolve(value);
}

describe('a sequence', () => {
  const rows = [{ bid: '61800.20' }, [1, null], 'ü', -0, new Date(0)];

  test('becomes one array, from arrays, generators and async iterables alike', async () => {
    const wanted = JSON.stringify(rows);
    expect(joined(stringifyStream(rows))).toBe(wanted);
    expect(joined(stringifyStream(new Set(rows)))).toBe(wanted);
    expect(await textOf(Readable.from(stringifyStream(later(rows))))).toBe(wanted);
    expect(await textOf(Readable.from(stringifyStream(Readable.from(rows))))).toBe(wanted);
    expectTypeOf(stringifyStream(rows)).toEqualTypeOf<Generator<Uint8Array, void, undefined>>();
    expectTypeOf(stringifyStream(later(rows))).toEqualTypeOf<AsyncGenerator<Uint8Array, void, undefined>>();
  });

  test('becomes a line per element', async () => {
    const wanted = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    expect(joined(stringifyStream(rows, { lines: true }))).toBe(wanted);
    expect(await textOf(Readable.from(stringifyStream(later(rows), { lines: true })))).toBe(wanted);
  });

  test('without elements is an empty array, or nothing', async () => {
    expect(joined(stringifyStream([]))).toBe('[]');
    expect(joined(stringifyStream([], { lines: true }))).toBe('');
    expect(await textOf(Readable.from(stringifyStream(later([]))))).toBe('[]');
  });

  test('is read no further than the chunk that is asked for, and closed when no more are', () => {
    let taken = 0;
    let isClosed = false;
    function* endless() {
      try {
        for (;;) yield { index: taken++ };
      } finally {
        isClosed = true;
      }
    }
    const chunks = stringifyStream(endless(), { chunkBytes: 100 });
    expect(taken).toBe(0);
    expect(chunks.next().value).toHaveLength(100);
    expect(taken).toBeLessThan(12);
    chunks.return();
    expect(isClosed).toBe(true);
  });

  test('fills chunks to their size, but never cuts a character', () => {
    const elements = ['ü'.repeat(500), '😀'.repeat(500), 'a'.repeat(500)];
    for (let chunkBytes = 64; chunkBytes < 80; chunkBytes++) {
      const chunks = [...stringifyStream(elements, { chunkBytes })];
      for (const chunk of chunks.slice(0, -1)) {
        expect(chunk.length).toBeLessThanOrEqual(chunkBytes);
        expect(chunk.length).toBeGreaterThan(chunkBytes - 4);
      }
      expect(chunks.map((chunk) => new TextDecoder('utf-8', { fatal: true }).decode(chunk)).join('')).toBe(
        JSON.stringify(elements),
      );
    }
  });

  const node: { child?: unknown } = {};
  node.child = [node];
  const large: unknown[] = Array.from({ length: LARGE_TEXT }, () => 'x');
  large.push({ large });

  test.for([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a BigInt', 5n],
    ['a BigInt inside', { id: [5n] }],
    ['toJSON that returns nothing', { toJSON: () => undefined }],
    ['a cycle', node],
    ['a cycle through a large array', large],
    ['a BigInt at the end of a large array', [...large.slice(0, -1), 5n]],
  ] as const)('with %s ends there, with the index, after what stands before it', async ([, bad]) => {
    for (const lines of [false, true]) {
      let delivered = '';
      const error = thrown(() => {
        for (const chunk of stringifyStream([1, 'two', bad, 4], { lines })) delivered += Buffer.from(chunk).toString();
      });
      expect(error).toMatchObject({ code: 'ERR_PERF_JSON_VALUE', index: 2 });
      expect(error.message).toMatch(/^element 2: /);
      expect(delivered.startsWith(lines ? '1\n"two"\n' : '[1,"two"')).toBe(true);
      const failing = textOf(Readable.from(stringifyStream(later([1, bad]), { lines })));
      await expect(failing).rejects.toMatchObject({ code: 'ERR_PERF_JSON_VALUE', index: 1 });
    }
  });

  test('passes on what its source or a toJSON throws, after what stands before it', async () => {
    const mine = new RangeError('mine');
    function* failing() {
      yield 1;
      throw mine;
    }
    const chunks = stringifyStream(failing());
    expect(Buffer.from(chunks.next().value as Uint8Array).toString()).toBe('[1');
    expect(thrown(() => chunks.next())).toBe(mine);
    const toJSON = (): never => {
      throw mine;
    };
    expect(thrown(() => joined(stringifyStream([{ toJSON }])))).toBe(mine);
    await expect(textOf(Readable.from(stringifyStream(later([{ toJSON }]))))).rejects.toBe(mine);
  });

  test('tells toJSON the index', () => {
    const element = { toJSON: (key: string) => `at ${key}` };
    expect(joined(stringifyStream([element, element]))).toBe('["at 0","at 1"]');
  });
});

describe('a value that is no sequence', () => {
  test('is written as the engine writes it', () => {
    const values = [
      { a: 1, b: [undefined], c: undefined },
      'text',
      5,
      null,
      true,
      new Date(0),
      { toJSON: (key: string) => key },
    ];
    for (const value of values) {
      expect(joined(stringifyStream(value))).toBe(JSON.stringify(value));
      expect(joined(stringifyStream(value, { lines: true }))).toBe(`${JSON.stringify(value)}\n`);
    }
  });

  test('has no index in its errors', () => {
    const error = thrown(() => joined(stringifyStream({ id: 5n })));
    expect(error.code).toBe('ERR_PERF_JSON_VALUE');
    expect(error).not.toHaveProperty('index');
  });

  test('is written in pieces where it is large, deep inside and with toJSON too', () => {
    const rows = Array.from({ length: 5000 }, (_, index) => ({
      index,
      text: 'ü',
      at: new Date(index),
      gone: undefined,
    }));
    const value = {
      head: 1,
      skipped: () => 1,
      body: { rows, 'key "': [rows, undefined], custom: { toJSON: () => rows } },
    };
    const chunks = [...stringifyStream(value, { chunkBytes: 1000 })];
    expect(Buffer.concat(chunks).toString()).toBe(JSON.stringify(value));
    expect(isLarge(value, LARGE_TEXT)).toBe(true);
    const longest = Math.max(...[...largePieces({ rows }, LARGE_TEXT)].map(({ length }) => length));
    expect(longest).toBeLessThan(200);
  });

  test('may be nested deeper than a stack, and longer than a string', () => {
    let deep: unknown[] = [];
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(joined(stringifyStream({ deep })).length).toBe(200_002 + '{"deep":}'.length);

    const part = 'x'.repeat(2 ** 20);
    let bytes = 0;
    for (const chunk of stringifyStream({ parts: Array.from({ length: 520 }, () => part) })) bytes += chunk.length;
    expect(bytes).toBe(520 * (part.length + 3) + '{"parts":]}'.length);
  });
});

test('any JSON value is written as by the engine, and is valid', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.integer({ min: 64, max: 200 }), (values, chunkBytes) => {
      const bytes = Buffer.concat([...stringifyStream(values, { chunkBytes })]);
      expect(bytes.toString()).toBe(JSON.stringify(values));
      expect(isValid(bytes)).toBe(true);
    }),
  );
});

test.for([[{ chunkBytes: 5 }], [{ chunkBytes: '64' }], [{ line: true }], [{ lines: 1 }]])(
  '%o is an option error',
  ([options]) => {
    expect(thrown(() => stringifyStream([], options as never)).code).toBe('ERR_PERF_JSON_OPTION');
  },
);
