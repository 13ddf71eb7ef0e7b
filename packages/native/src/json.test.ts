import { Worker } from 'node:worker_threads';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NativeError } from './errors.ts';
import { findJsonFault, validateJson } from './json.ts';
import type { JsonFaultReason } from './json.ts';
import { hasAddon } from './testing/addon.ts';

const available = hasAddon();
const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

function thrown(run: () => unknown): NativeError {
  try {
    run();
  } catch (error) {
    return error as NativeError;
  }
  throw new Error('nothing was thrown');
}

test.skipIf(available)('throws the reason where there is no addon', () => {
  const error = thrown(() => validateJson(bytesOf('[]')));
  expect(error).toBeInstanceOf(NativeError);
  expect(error.code).toBe('ERR_PERF_NATIVE_UNAVAILABLE');
  expect(error.stack).toContain('json.test.ts');
});

describe.skipIf(!available)('validateJson', () => {
  test('is -1 for a document', () => {
    for (const text of ['{}', ' [1, 2.5e-3, "\\ud800", null]\n', '1e400', '"\xc3\xa9"']) {
      expect([text, validateJson(bytesOf(text)), findJsonFault(bytesOf(text))]).toEqual([text, -1, undefined]);
    }
  });

  // One per reason, so that the words stay in step with the discriminants in Rust; the full table is tested there.
  test.for<[string, number, JsonFaultReason]>([
    ['"a\xff"', 2, 'utf8'],
    ['\xef\xbb\xbf{}', 0, 'byte-order-mark'],
    ['[1', 2, 'end'],
    ['[1,]', 3, 'value'],
    ['{1:2}', 1, 'key'],
    ['{"a" 1}', 5, 'colon'],
    ['[1 2]', 3, 'separator'],
    ['1 2', 2, 'trailing'],
    ['trux', 3, 'literal'],
    ['01', 1, 'number'],
    ['"\\x"', 2, 'escape'],
    ['"\n"', 1, 'control'],
  ])('%j is wrong at byte %i: %s', ([text, byteOffset, reason]) => {
    expect(validateJson(bytesOf(text))).toBe(byteOffset);
    expect(findJsonFault(bytesOf(text))).toEqual({ byteOffset, reason });
  });

  test('stops at the bracket that is one too many', () => {
    expect(validateJson(bytesOf('[[1]]'), 2)).toBe(-1);
    expect(findJsonFault(bytesOf('[[1]]'), 1)).toEqual({ byteOffset: 1, reason: 'depth' });
    expect(findJsonFault(bytesOf('[]'), 0)).toEqual({ byteOffset: 0, reason: 'depth' });
  });

  test('agrees with the engine on any bytes', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const byte = fc.constantFrom(...Buffer.from('{}[]:,"\\ 0-1.e+tru\nnlfas\xc3\xa9\xff', 'latin1'));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 14 }), (bytes) => {
        const input = Uint8Array.from(bytes);
        let isJson = true;
        try {
          JSON.parse(decoder.decode(input));
        } catch {
          isJson = false;
        }
        expect(validateJson(input) === -1).toBe(isJson);
      }),
      { numRuns: 5000 },
    );
  });

  test('reads the part of memory that the array covers, and no more', () => {
    const memory = bytesOf('[[1]]');
    expect(validateJson(memory.subarray(1, 4))).toBe(-1);
    expect(validateJson(memory.subarray(1, 5))).toBe(3);
    expect(validateJson(new Uint8Array(memory.buffer, memory.byteOffset + 1, 3))).toBe(-1);
  });

  test('takes shared memory, empty arrays and detached ones', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(2));
    shared.set(bytesOf('{}'));
    expect(validateJson(shared)).toBe(-1);
    expect(validateJson(new Uint8Array(0))).toBe(0);
    const detached = new Uint8Array(8);
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    expect(validateJson(detached)).toBe(0);
  });

  test('survives any depth', () => {
    expect(validateJson(bytesOf('['.repeat(1_000_000)))).toBe(1_000_000);
    expect(validateJson(bytesOf('['.repeat(1_000_000) + ']'.repeat(1_000_000)))).toBe(-1);
  });

  test('works in a worker thread beside this one', async () => {
    const worker = new Worker(
      `import('@perf/native').then(({ nativeStatus, validateJson }) => {
        const { parentPort } = process.getBuiltinModule('node:worker_threads');
        parentPort.postMessage([nativeStatus().available, validateJson(Buffer.from('[1,]'))]);
      })`,
      { eval: true, execArgv: ['--conditions=@perf/source'] },
    );
    const answer = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await worker.terminate();
    expect(answer).toEqual([true, 3]);
    expect(validateJson(bytesOf('[1,]'))).toBe(3);
  });

  test.for([['[]'], [[]], [null], [new Uint16Array(1)], [new DataView(new ArrayBuffer(1))], [new ArrayBuffer(1)]])(
    'refuses %o',
    ([input]) => {
      const error = thrown(() => validateJson(input as unknown as Uint8Array));
      expect(error.code).toBe('ERR_PERF_NATIVE_ARGUMENT');
      expect(error.message).toContain('Uint8Array');
    },
  );

  test.for([[-1], [1.5], [2 ** 32], [Number.NaN], ['1']])('refuses a depth of %o', ([maxDepth]) => {
    const error = thrown(() => validateJson(bytesOf('[]'), maxDepth as number));
    expect(error.code).toBe('ERR_PERF_NATIVE_ARGUMENT');
    expect(error.message).toContain('maxDepth');
  });
});
