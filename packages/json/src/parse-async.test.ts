import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { JsonError } from './errors.ts';
import { parseAsync } from './parse-async.ts';
import type { ParseAsyncOptions, ParseOptions } from './parse/options.ts';
import { parse } from './parse.ts';
import { spelt } from './testing/naive-parse.ts';
import { thrown } from './testing/thrown.ts';

const run = promisify(execFile);

const RECORD = '{"id":9007199254740993,"name":"Müller","__proto__":[1.5,-0],"tags":["a","b"]}';
/** Large enough for the thread. */
const LARGE = `[\n${`${RECORD},\n`.repeat(10_000)}${RECORD}\n]`;

async function rejection(promise: Promise<unknown>): Promise<JsonError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof JsonError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parseAsync', () => {
  test.for<ParseOptions>([
    {},
    { numbers: 'bigint-if-unsafe', proto: 'remove' },
    { numbers: 'string', duplicateKeys: 'first', utf8: 'replace' },
    { duplicateKeys: 'error', maxDepth: 4, bom: 'strip' },
  ])('gives what parse gives, with %o', async (options) => {
    for (const text of [LARGE, RECORD, '7', `"${'é'.repeat(300_000)}"`]) {
      expect(spelt(await parseAsync(Buffer.from(text), options))).toBe(spelt(parse(text, options)));
    }
  });

  test.for<[what: string, text: string, options: ParseOptions]>([
    ['syntax', `${LARGE.slice(0, -1)},]`, {}],
    ['the end', LARGE.slice(0, -1), {}],
    ['depth', LARGE, { maxDepth: 1 }],
    ['size', LARGE, { maxBytes: 300_000 }],
    ['a repeated key', `${LARGE.slice(0, LARGE.lastIndexOf('"tags"'))}"id":1}]`, { duplicateKeys: 'error' }],
    ['__proto__', LARGE, { proto: 'error' }],
    ['a byte order mark', `\ufeff${LARGE}`, {}],
    ['a fault behind a byte order mark', `\ufeff${LARGE}x`, { bom: 'strip' }],
    ['a long integer', LARGE.replace('1.5', '1'.repeat(10_001)), { numbers: 'bigint-if-unsafe' }],
  ])('rejects as parse throws: %s', async ([, text, options]) => {
    const wanted = thrown(() => parse(Buffer.from(text), options));
    const { name, code, message, byteOffset, line, column, excerpt } = wanted;
    const error = await rejection(parseAsync(Buffer.from(text), options));
    expect(error).toMatchObject({ name, code, message });
    expect([error.byteOffset, error.line, error.column, error.excerpt]).toEqual([byteOffset, line, column, excerpt]);
  });

  test('rejects malformed UTF-8 far into a document', async () => {
    const bytes = Buffer.from(LARGE);
    bytes[400_000 + bytes.subarray(400_000).indexOf('a')] = 0xff;
    const wanted = thrown(() => parse(bytes));
    expect(await rejection(parseAsync(bytes))).toMatchObject({ code: wanted.code, byteOffset: wanted.byteOffset });
  });

  test('works on a copy: the bytes may be changed at once', async () => {
    const bytes = Buffer.from(LARGE);
    const value = parseAsync(bytes);
    bytes.fill(0);
    expect(spelt(await value)).toBe(spelt(parse(LARGE)));
  });

  test('takes the memory when that is allowed, and it is all theirs', async () => {
    const whole = new Uint8Array(Buffer.from(LARGE));
    const part = new Uint8Array(Buffer.from(`${LARGE} `)).subarray(0, -1);
    const shared = new Uint8Array(new SharedArrayBuffer(whole.length));
    shared.set(whole);
    const small = new Uint8Array(Buffer.from(RECORD));
    const values = [whole, part, shared, small].map((bytes) => parseAsync(bytes, { transfer: true }));
    expect(whole.length).toBe(0);
    for (const value of (await Promise.all(values)).slice(0, 3)) expect(spelt(value)).toBe(spelt(parse(LARGE)));
    expect([part.length, shared.length, small.length]).toEqual([
      LARGE.length + 10_001,
      LARGE.length + 10_001,
      RECORD.length + 1,
    ]);
  });

  test('is given up by its signal, before and meanwhile', async () => {
    const before = parseAsync(Buffer.from('[]'), { signal: AbortSignal.abort('never') });
    expect(await rejection(before)).toMatchObject({ code: 'ERR_PERF_JSON_ABORTED', cause: 'never' });
    const abort = new AbortController();
    const meanwhile = parseAsync(Buffer.from(LARGE), { signal: abort.signal });
    abort.abort('enough');
    expect(await rejection(meanwhile)).toMatchObject({ code: 'ERR_PERF_JSON_ABORTED', cause: 'enough' });
  });

  test('rejects wrong inputs and options', async () => {
    const wrong = parseAsync('[]' as unknown as Uint8Array);
    expect(await rejection(wrong)).toMatchObject({ code: 'ERR_PERF_JSON_INPUT' });
    expect(await rejection(parseAsync(null as unknown as Uint8Array))).toMatchObject({ code: 'ERR_PERF_JSON_INPUT' });
    const option = parseAsync(Buffer.from('[]'), { signal: 1 } as unknown as ParseAsyncOptions);
    expect(await rejection(option)).toMatchObject({ code: 'ERR_PERF_JSON_OPTION' });
  });

  test('keeps a process alive for the value, and no longer', async () => {
    const source = `
      import { parseAsync } from '@perf/json';
      const bytes = Buffer.from('[' + '1,'.repeat(200_000) + '2]');
      parseAsync(bytes, { signal: AbortSignal.abort() }).catch((error) => process.stdout.write(error.code + ' '));
      process.stdout.write((await parseAsync(bytes)).length + ' ');
      const started = performance.now();
      process.on('exit', () => process.stdout.write(performance.now() - started < 4000 ? 'ends' : 'lingers'));
    `;
    const { stdout } = await run(
      process.execPath,
      ['--conditions=@perf/source', '--input-type=module', '--eval', source],
      { cwd: import.meta.dirname },
    );
    expect(stdout).toBe('ERR_PERF_JSON_ABORTED 200001 ends');
  });
});
