import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NativeError } from './errors.ts';
import { findJsonValue } from './json-find.ts';
import { hasAddon } from './testing/addon.ts';

const available = hasAddon();

function found(text: string, pointer: string): string | undefined {
  const bytes = Buffer.from(text);
  const span = new Uint32Array(2);
  return findJsonValue(bytes, Buffer.from(pointer), span) ? bytes.subarray(span[0], span[1]).toString() : undefined;
}

/** Every pointer of a value with what it names. */
function* pointers(value: unknown, pointer = ''): Generator<[string, unknown]> {
  yield [pointer, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    yield* pointers(child, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  }
}

describe.skipIf(!available)('findJsonValue', () => {
  test('finds what RFC 6901 says', () => {
    const document = '{"foo":["bar","baz"],"":0,"a/b":1,"m~n":8,"k\\"l":6,"\\u00e9":7}';
    expect(found(document, '')).toBe(document);
    expect(found(document, '/foo')).toBe('["bar","baz"]');
    expect(found(document, '/foo/0')).toBe('"bar"');
    expect(found(document, '/')).toBe('0');
    expect(found(document, '/a~1b')).toBe('1');
    expect(found(document, '/m~0n')).toBe('8');
    expect(found(document, '/k"l')).toBe('6');
    expect(found(document, '/é')).toBe('7');
    for (const missing of ['/foo/2', '/foo/-', '/foo/00', '/bar', '/foo/0/x', 'foo']) {
      expect([missing, found(document, missing)]).toEqual([missing, undefined]);
    }
  });

  test('finds every value of any document, at any indentation', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, 4), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        for (const [pointer, expected] of pointers(JSON.parse(text))) {
          expect(JSON.parse(found(text, pointer) ?? 'missing')).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('takes the first of several equal keys', () => {
    expect(found('{"a":1,"a":2}', '/a')).toBe('1');
  });

  test('survives any depth, and bytes that are no document', () => {
    const depth = 1_000_000;
    expect(found(`[${'['.repeat(depth)}${']'.repeat(depth)},7]`, '/1')).toBe('7');
    expect(found('['.repeat(depth), '/1')).toBeUndefined();
    for (const text of ['', '{"a', '{"a":', '{"a":"', '{"a":[', '[1', '"\\', '{"a"}']) {
      expect([text, found(text, '/a')]).toEqual([text, undefined]);
    }
  });

  test.for([
    ['{}', Buffer.from(''), new Uint32Array(2)],
    [Buffer.from('{}'), '', new Uint32Array(2)],
    [Buffer.from('{}'), Buffer.from(''), new Uint32Array(1)],
    [Buffer.from('{}'), Buffer.from(''), new Float64Array(2)],
    [undefined, undefined, undefined],
  ])('refuses %o, %o and %o', (values) => {
    const expected = expect.objectContaining({ code: 'ERR_PERF_NATIVE_ARGUMENT' }) as NativeError;
    expect(() => (findJsonValue as (...values: unknown[]) => boolean)(...values)).toThrow(expected);
  });
});
