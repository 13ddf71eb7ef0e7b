import { getEventListeners } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { readParseOptions } from './options.ts';
import { CheckingThread } from './thread.ts';
import type { ThreadRequest } from './thread.ts';

const entry = new URL('thread-entry.ts', import.meta.url);
const reading = { caller: 'parseAsync', signal: undefined };
const settings = readParseOptions(undefined, 'parse');

const request = (text: string): ThreadRequest => ({ bytes: new Uint8Array(Buffer.from(text)), settings });
const program = (source: string): URL => new URL(`data:text/javascript,${encodeURIComponent(source)}`);

describe('the checking thread', () => {
  test('indexes documents and refuses others, each as its own', async () => {
    const thread = new CheckingThread(entry, 1);
    const results = await Promise.allSettled(
      ['[1,2]', '[1,', '{"a":"b"}', '[x]'].map((text) => thread.check(request(text), reading)),
    );
    expect(results).toMatchObject([
      { value: { count: 3 } },
      { reason: { name: 'JsonError', code: 'ERR_PERF_JSON_SYNTAX', byteOffset: 3, excerpt: '[1,\n   ^' } },
      { value: { count: 3 } },
      { reason: { code: 'ERR_PERF_JSON_SYNTAX', byteOffset: 1 } },
    ]);
    await vi.waitFor(() => expect(thread.isRunning).toBe(false));
  });

  test('is started again after it was ended for being idle', async () => {
    const thread = new CheckingThread(entry, 1);
    for (let round = 0; round < 2; round++) {
      await expect(thread.check(request('[]'), reading)).resolves.toMatchObject({ count: 1 });
      await vi.waitFor(() => expect(thread.isRunning).toBe(false));
    }
  });

  test('takes the memory of the bytes', async () => {
    const thread = new CheckingThread(entry, 1);
    const { bytes } = request('[1]');
    const checked = thread.check({ bytes, settings }, reading);
    expect(bytes.length).toBe(0);
    expect(Buffer.from((await checked).bytes).toString()).toBe('[1]');
  });

  test('forgets aborted documents at once, and goes on with the others', async () => {
    const thread = new CheckingThread(entry, 1);
    const abort = new AbortController();
    const aborted = { caller: 'parseAsync', signal: abort.signal };
    const results = Promise.allSettled([
      thread.check(request('[1]'), aborted),
      thread.check(request('[1,2]'), aborted),
      thread.check(request('[1,2,3]'), reading),
    ]);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(2);
    abort.abort('enough');
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
    const gone = { status: 'rejected', reason: { code: 'ERR_PERF_JSON_ABORTED', cause: 'enough' } };
    expect(await results).toMatchObject([gone, gone, { value: { count: 4 } }]);
  });

  test('leaves no listener behind', async () => {
    const thread = new CheckingThread(entry, 1);
    const { signal } = new AbortController();
    await thread.check(request('[]'), { caller: 'parseAsync', signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('is replaced when it fails or ends; only the document in it is lost', async () => {
    const programs = [
      `import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => { throw new Error('broken'); });`,
      `import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => process.exit(3));`,
      `throw new Error('broken at once');`,
    ];
    for (const source of programs) {
      const thread = new CheckingThread(program(source), 1);
      const results = await Promise.allSettled([
        thread.check(request('[1]'), reading),
        thread.check(request('[2]'), reading),
      ]);
      expect(results).toMatchObject([
        { reason: { code: 'ERR_PERF_JSON_THREAD' } },
        { reason: { code: 'ERR_PERF_JSON_THREAD' } },
      ]);
      expect(thread.isRunning).toBe(false);
    }
  });

  test('that cannot be started is an error of the call', async () => {
    const thread = new CheckingThread(new URL('http://localhost/thread.js'));
    await expect(thread.check(request('[1]'), reading)).rejects.toMatchObject({ code: 'ERR_PERF_JSON_THREAD' });
  });
});
