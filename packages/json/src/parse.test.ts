import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonError } from './errors.ts';
import type { JsonLimits } from './limits.ts';
import { parse } from './parse.ts';
import { thrown } from './testing/thrown.ts';
import { validate } from './validate.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('values', () => {
  test('are what the engine makes of text, Buffers and Uint8Arrays', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const expected = JSON.parse(text);
        expect(parse(text)).toEqual(expected);
        expect(parse(Buffer.from(text))).toEqual(expected);
        expect(parse(bytesOf(text))).toEqual(expected);
      }),
    );
  });

  test('come from the part of memory that the array covers', () => {
    const memory = Buffer.from('xx{"a":1}yy');
    expect(parse(memory.subarray(2, 9))).toEqual({ a: 1 });
    expect(parse(new Uint8Array(memory.buffer, memory.byteOffset + 2, 7))).toEqual({ a: 1 });
  });

  test('keep "__proto__" as a key of their own', () => {
    const value = parse('{"__proto__":{"isAdmin":true}}') as { isAdmin?: boolean };
    expect(value.isAdmin).toBeUndefined();
    expect(Object.keys(value)).toEqual(['__proto__']);
  });

  test('keep U+FEFF and U+FFFD inside strings', () => {
    expect(parse(bytesOf('"\ufeff\ufffd"'))).toBe('\ufeff\ufffd');
  });

  test('are built at any depth', () => {
    let value = parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown[];
    let depth = 1;
    for (; value.length > 0; value = value[0] as unknown[]) depth++;
    expect(depth).toBe(100_000);
  });
});

describe('errors', () => {
  test('say what, where and what to do', () => {
    const error = thrown(() => parse(bytesOf('{\n  "bid": "61800.20",\n  "größe": 1.,\n}')));
    expect(error).toBeInstanceOf(JsonError);
    expect(error).toMatchObject({ code: 'ERR_PERF_JSON_SYNTAX', byteOffset: 38, line: 3, column: 14 });
    expect(error.message).toMatchInlineSnapshot(
      `"malformed number: found "," at line 3, column 14 (byte 38) after \`…id": "61800.20",\\n  "größe": 1.\`: digits are required there, leading zeros are not allowed"`,
    );
  });

  test('keep the engine’s own error as their cause', () => {
    expect(thrown(() => parse('[1,]')).cause).toBeInstanceOf(SyntaxError);
  });

  test('refuse malformed UTF-8 instead of replacing it', () => {
    const latin1 = Buffer.from('{"name":"Müller"}', 'latin1');
    expect(thrown(() => parse(latin1))).toMatchObject({
      code: 'ERR_PERF_JSON_UTF8',
      byteOffset: 10,
      line: 1,
      column: 11,
    });
  });

  test('refuse a byte order mark and say so', () => {
    for (const input of ['\ufeff{}', bytesOf('\ufeff{}')]) {
      const error = thrown(() => parse(input));
      expect(error).toMatchObject({ code: 'ERR_PERF_JSON_SYNTAX', byteOffset: 0, line: 1, column: 1 });
      expect(error.message).toContain('byte order mark');
    }
  });

  test.for([
    ['text', '["é", "𝄞", x]'],
    ['bytes', bytesOf('["é", "𝄞", x]')],
  ] as const)('count bytes in the offset and characters in the column of %s', ([, input]) => {
    expect(thrown(() => parse(input))).toMatchObject({ byteOffset: 15, line: 1, column: 12 });
  });

  test('are those of validate', () => {
    for (const text of ['', '[', '{"a":1,}', 'tru', '"\n"', '1 1']) {
      const { code, message, byteOffset } = thrown(() => parse(text));
      expect(validate(text)).toMatchObject({ code, message, byteOffset });
    }
  });

  test.for([[1], [null], [undefined], [{}], [[]], [new ArrayBuffer(2)], [new Uint16Array(2)]])(
    'refuse %s as an input',
    ([input]) => {
      expect(thrown(() => parse(input as unknown as string)).code).toBe('ERR_PERF_JSON_INPUT');
    },
  );
});

describe('limits', () => {
  test('let a document through that just fits', () => {
    const text = '[[{"a":[1]}]]';
    expect(parse(text, { maxDepth: 4, maxBytes: text.length })).toEqual([[{ a: [1] }]]);
    expect(parse(bytesOf(text), { maxDepth: 4, maxBytes: text.length })).toEqual([[{ a: [1] }]]);
  });

  test.for([
    { input: '[[1]]', maxDepth: 1, byteOffset: 1 },
    { input: '[[1]', maxDepth: 1, byteOffset: 1 },
    { input: '[', maxDepth: 0, byteOffset: 0 },
    { input: `[${' '.repeat(100)}[]]`, maxDepth: 1, byteOffset: 101 },
    { input: '{"a":{"b":{}}}', maxDepth: 2, byteOffset: 10 },
  ])('stop at the bracket that is one too many: $input', ({ input, maxDepth, byteOffset }) => {
    for (const form of [input, bytesOf(input)]) {
      expect(thrown(() => parse(form, { maxDepth }))).toMatchObject({ code: 'ERR_PERF_JSON_DEPTH', byteOffset });
    }
  });

  test('report the fault that comes first, depth or syntax', () => {
    expect(thrown(() => parse('[x[[[]]]]', { maxDepth: 1 }))).toMatchObject({
      code: 'ERR_PERF_JSON_SYNTAX',
      byteOffset: 1,
    });
    expect(thrown(() => parse('[[x]]', { maxDepth: 1 }))).toMatchObject({ code: 'ERR_PERF_JSON_DEPTH', byteOffset: 1 });
  });

  test('count the size of text in UTF-8', () => {
    expect(parse('"é"', { maxBytes: 4 })).toBe('é');
    expect(thrown(() => parse('"é"', { maxBytes: 3 })).code).toBe('ERR_PERF_JSON_SIZE');
    expect(thrown(() => parse(bytesOf('"é"'), { maxBytes: 3 })).code).toBe('ERR_PERF_JSON_SIZE');
  });

  test('accept undefined as left out', () => {
    expect(parse('[[]]', { maxDepth: undefined, maxBytes: undefined })).toEqual([[]]);
  });

  test.for<[JsonLimits, string]>([
    [{ maxDepth: -1 }, 'maxDepth'],
    [{ maxDepth: 1.5 }, 'maxDepth'],
    [{ maxBytes: Number.NaN }, 'maxBytes'],
    [{ maxbytes: 1 } as JsonLimits, 'did you mean "maxBytes"'],
  ])('refuse %o', ([options, words]) => {
    const error = thrown(() => parse('1', options));
    expect(error.code).toBe('ERR_PERF_JSON_OPTION');
    expect(error.message).toContain(words);
  });
});
