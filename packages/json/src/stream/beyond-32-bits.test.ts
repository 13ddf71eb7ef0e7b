// Documents with offsets beyond 2^32 from a few megabytes that are given again and again. They take some seconds each, so
// a run that must be short has them smaller: PERF_JSON_LARGE=1 asks for the full size.
import { expect, test } from 'vitest';
import { parseSource } from './parse-file.ts';
import { streamArray } from './stream-array.ts';
import { brief, collected } from './testing/collected.ts';

const CHUNK_BYTES = 1 << 20;
const isFull = process.env.PERF_JSON_LARGE === '1';
const CHUNKS = isFull ? 4096 : 64;
const LENGTH = CHUNKS * CHUNK_BYTES - 1;
const TIMEOUT = { timeout: isFull ? 300_000 : 60_000 };

/** White space, and the last bytes in its place: `LENGTH` bytes in all. */
function* spaces(last: string): Generator<Uint8Array> {
  const chunk = Buffer.alloc(CHUNK_BYTES, ' ');
  for (let left = CHUNKS - 1; left > 0; left--) yield chunk;
  yield Buffer.from(last.padStart(CHUNK_BYTES - 1));
}

/** The head, then the same elements again and again, then the tail. */
function* array(elements: Buffer, times: number, tail: string): Generator<Uint8Array> {
  yield Buffer.from('{"head":[1,2],"rows":[');
  for (let left = times; left > 0; left--) yield elements;
  yield Buffer.from(tail);
}

test('white space and one digit are a number', TIMEOUT, async () => {
  expect(await parseSource(spaces('7'))).toBe(7);
});

test('the last byte is wrong where it is', TIMEOUT, async () => {
  const error = await parseSource(spaces('x')).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'ERR_PERF_JSON_SYNTAX', byteOffset: LENGTH - 1 });
});

test('a digit before white space is a number too, in bounded memory', TIMEOUT, async () => {
  function* digitFirst(): Generator<Uint8Array> {
    yield Buffer.from('7');
    const chunk = Buffer.alloc(CHUNK_BYTES, ' ');
    for (let left = CHUNKS; left > 0; left--) yield chunk;
  }
  const before = process.memoryUsage().arrayBuffers;
  expect(await parseSource(digitFirst())).toBe(7);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20);
});

test('elements behind 2^32 bytes are counted, and a fault behind them is where it is', TIMEOUT, async () => {
  const rows = 8192;
  const element = JSON.stringify({ id: 1, text: 'x'.repeat(CHUNK_BYTES / rows - 20) });
  const elements = Buffer.from(`${element},`.repeat(rows));
  const times = Math.ceil(LENGTH / elements.length);
  const tail = '{"id":2}],"tail":x}';
  let seen = 0;
  const stream = streamArray(array(elements, times, tail), '/rows', {
    columns: { id: { path: 'id', type: (await import('../decoder/types.ts')).field.f64() } },
  });
  const { error } = await collected({
    async *[Symbol.asyncIterator]() {
      for await (const { length } of stream) {
        seen += length;
        yield length;
      }
    },
  });
  expect(seen).toBe(rows * times + 1);
  const head = '{"head":[1,2],"rows":['.length;
  expect(brief(error)).toBe(`ERR_PERF_JSON_SYNTAX ${head + elements.length * times + tail.indexOf('x')}`);
});
