import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACCEPTED, FAULTS } from './testing/faults.ts';
import { thrown } from './testing/thrown.ts';
import { isValid, validate } from './validate.ts';

test('accepts what the engine accepts, as text and as bytes', () => {
  for (const text of ACCEPTED) {
    expect([text, isValid(text)]).toEqual([text, true]);
    expect([text, isValid(Buffer.from(text))]).toEqual([text, true]);
    expect([text, validate(Buffer.from(text))]).toEqual([text, undefined]);
  }
});

test('refuses the faults of the table, alone and far into a document', () => {
  for (const [input, byteOffset] of FAULTS) {
    const bytes = Buffer.from(input, 'latin1');
    expect([input, isValid(bytes)]).toEqual([input, false]);
    expect([input, validate(bytes)?.byteOffset]).toEqual([input, byteOffset]);
    if (input.startsWith('\xef\xbb')) continue;
    const behind = Buffer.concat([Buffer.from(`[${'"padding",'.repeat(50)}\n`), bytes]);
    // After a value of the array something may follow, and the closing bracket is missing: only "not before" holds.
    expect(validate(behind)?.byteOffset).toBeGreaterThanOrEqual(502 + byteOffset);
  }
});

test('agrees with the engine on any text', () => {
  const text = fc.string({ unit: fc.constantFrom(...'{}[]:,"\\ 0-1.e+tru\nnlfas\u00e9\ud800'), maxLength: 12 });
  fc.assert(
    fc.property(text, (given) => {
      let isJson = true;
      try {
        JSON.parse(given);
      } catch {
        isJson = false;
      }
      expect(isValid(given)).toBe(isJson);
    }),
    { numRuns: 3000 },
  );
});

test('accepts a lone surrogate in a string of text, as the engine does', () => {
  expect(isValid('"\ud800"')).toBe(true);
});

describe('validate', () => {
  test('returns limits as errors and throws mistakes of the caller', () => {
    expect(validate('[[]]', { maxDepth: 1 })?.code).toBe('ERR_PERF_JSON_DEPTH');
    expect(validate('[[]]', { maxBytes: 1 })?.code).toBe('ERR_PERF_JSON_SIZE');
    expect(thrown(() => validate('1', { maxDepth: -1 })).code).toBe('ERR_PERF_JSON_OPTION');
    expect(thrown(() => validate(1 as unknown as string)).code).toBe('ERR_PERF_JSON_INPUT');
    expect(thrown(() => isValid(1 as unknown as string)).code).toBe('ERR_PERF_JSON_INPUT');
  });
});
