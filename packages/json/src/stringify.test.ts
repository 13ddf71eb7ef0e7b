import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from './stringify.ts';
import { thrown } from './testing/thrown.ts';

test('writes what the engine writes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(stringify(value)).toBe(JSON.stringify(value));
    }),
  );
  expect(stringify({ at: new Date(0), gone: undefined, list: [undefined] })).toBe(
    '{"at":"1970-01-01T00:00:00.000Z","list":[null]}',
  );
});

describe('what has no text', () => {
  test.for([[undefined], [() => 1], [Symbol('s')], [{ toJSON: () => undefined }]])('%o is an error', ([value]) => {
    expect(thrown(() => stringify(value)).code).toBe('ERR_PERF_JSON_VALUE');
  });

  test('a BigInt is an error that says what to do', () => {
    const error = thrown(() => stringify({ id: 9007199254740993n }));
    expect(error).toMatchObject({ code: 'ERR_PERF_JSON_VALUE' });
    expect(error.message).toContain('convert it to a string');
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  test('a cycle is an error that shows it', () => {
    const node: { child?: object } = {};
    node.child = { parent: node };
    const error = thrown(() => stringify(node));
    expect(error).toMatchObject({ code: 'ERR_PERF_JSON_VALUE' });
    expect(error.message).toContain("'parent'");
  });

  test('nesting beyond the stack is an error', () => {
    // Through toJSON, because newer engines write plain arrays and objects without recursion.
    let value: object = [];
    for (let depth = 0; depth < 200_000; depth++) {
      const inner = value;
      value = { toJSON: () => [inner] };
    }
    expect(thrown(() => stringify(value)).code).toBe('ERR_PERF_JSON_DEPTH');
  });

  test('a text beyond the longest string is an error', () => {
    const part = 'x'.repeat(2 ** 27);
    expect(thrown(() => stringify([part, part, part, part])).code).toBe('ERR_PERF_JSON_SIZE');
  });

  test('errors of the caller’s own code pass through', () => {
    const mine = new TypeError('mine');
    const value = {
      toJSON() {
        throw mine;
      },
    };
    expect(thrown(() => stringify(value))).toBe(mine);
  });
});
