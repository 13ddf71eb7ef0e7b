import { expect, test } from 'vitest';
import { thrown } from '../testing/thrown.ts';
import { readParseOptions } from './options.ts';
import type { ParseOptions } from './options.ts';

const read = (options: unknown): unknown => readParseOptions(options as ParseOptions, 'parse');

test('options that were read before are read alike', () => {
  const first = read({ maxDepth: 3, numbers: 'string' });
  expect(read({ numbers: 'string', maxDepth: 3 })).toBe(first);
  expect(read({ numbers: 'string', maxDepth: 3, proto: undefined })).toEqual(first);
  expect(read({ numbers: 'string' })).toMatchObject({ numbers: 'string', maxDepth: 0xffff_ffff });
  expect(read({ maxDepth: 3, numbers: 'double' })).toMatchObject({ numbers: 'double', maxDepth: 3 });
});

test('mistakes are seen however the options before them looked', () => {
  for (const before of [{ maxDepth: 3 }, {}, { maxDepth: undefined }, { maxDepth: 3, proto: undefined }]) {
    for (const wrong of [{ maxDeph: 3 }, { maxDepth: 3, x: 1 }, { x: undefined }, [], [3], 'text', null, 3]) {
      read(before);
      expect(thrown(() => read(wrong)).code).toBe('ERR_PERF_JSON_OPTION');
    }
  }
});
