import { describe, expect, test } from 'vitest';
import { errorClass, errorCode } from './error.ts';
import type { CodedError } from './error.ts';

type Code = 'ERR_PERF_TEST_ONE' | 'ERR_PERF_TEST_TWO';
interface TestError extends CodedError {
  readonly code: Code;
  readonly byteOffset?: number;
}
const TestError = errorClass<Code, { readonly byteOffset?: number }, TestError>('TestError');

describe('an error of a package', () => {
  test('is an Error of its class, with its name in the stack', () => {
    const error = new TestError('ERR_PERF_TEST_ONE', 'what, where, what to do');
    expect(error).toBeInstanceOf(TestError);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe('TestError: what, where, what to do');
    expect(error.stack).toMatch(/^TestError: what, where, what to do\n\s+at .*error\.test\.ts/);
  });

  test('carries its code and fields where logs and JSON see them, and nobody can change the code', () => {
    const error = new TestError('ERR_PERF_TEST_TWO', 'bad', { byteOffset: 7 });
    expect({ ...error }).toEqual({ code: 'ERR_PERF_TEST_TWO', byteOffset: 7 });
    expect(() => {
      (error as { code: string }).code = 'other';
    }).toThrow(TypeError);
  });

  test('keeps a cause, even an undefined one, and has none when none is given', () => {
    const cause = new Error('why');
    const error = new TestError('ERR_PERF_TEST_ONE', 'bad', { cause });
    expect(error.cause).toBe(cause);
    expect(Object.keys(error)).toEqual(['code']);
    expect(Object.hasOwn(new TestError('ERR_PERF_TEST_ONE', 'bad', { cause: undefined }), 'cause')).toBe(true);
    expect(Object.hasOwn(new TestError('ERR_PERF_TEST_ONE', 'bad', { byteOffset: 1 }), 'cause')).toBe(false);
    expect(Object.hasOwn(new TestError('ERR_PERF_TEST_ONE', 'bad'), 'cause')).toBe(false);
  });
});

test('the code of anything is its text, or undefined', () => {
  expect(errorCode(new TestError('ERR_PERF_TEST_ONE', 'bad'))).toBe('ERR_PERF_TEST_ONE');
  expect(errorCode({ code: 'ENOENT' })).toBe('ENOENT');
  for (const other of [undefined, null, 'ENOENT', 5, {}, { code: 20 }, new Error('plain')]) {
    expect(errorCode(other)).toBeUndefined();
  }
});
