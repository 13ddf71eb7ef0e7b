// A real document cut off at its bytes, by every kind of entry point. All places take minutes, so a run that must be short
// has some of them: PERF_JSON_LARGE=1 asks for every one where the verdict is given, and for more elsewhere.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { backend, javascript } from './backend.ts';
import { decoder, field, isValid, open, parse, readNdjson, streamArray, validate } from './index.ts';
import { ANY_DEPTH } from './limits.ts';
import { collected } from './stream/testing/collected.ts';
import { CORPORA, whyNoCorpora } from './testing/corpora.ts';
import { thrown } from './testing/thrown.ts';

const missing = whyNoCorpora();
const twitter = missing === undefined ? readFileSync(path.join(CORPORA, 'json/twitter.json')) : Buffer.from('{}');
const end = twitter.lastIndexOf('}') + 1;
const isFull = process.env.PERF_JSON_LARGE === '1';
const TIMEOUT = { timeout: isFull ? 1_800_000 : 60_000 };
/** Primes, so that no place in a vector or a block is left out for good. */
const FEW = 8009;
const MANY = 101;
const FIRST = 500;
const LAST = 40;

/** Every so-manieth place, and each of the first and the last ones. */
function* places(step: number): Generator<number> {
  for (let at = 0; at < end; at += at < FIRST || at >= end - LAST ? 1 : Math.min(step, end - LAST - at)) yield at;
}

/** What is wrong with a document that stops there: its end, or the character that it stops in. */
function faultAt(at: number): { code: string; byteOffset: number } {
  let start = at;
  while ((twitter[start] & 0xc0) === 0x80) start--;
  return start === at
    ? { code: 'ERR_PERF_JSON_SYNTAX', byteOffset: at }
    : { code: 'ERR_PERF_JSON_UTF8', byteOffset: start };
}

const cutAt = (at: number): Buffer => twitter.subarray(0, at);
const brief = ({ code, byteOffset }: { code?: unknown; byteOffset?: unknown } = {}): object => ({ code, byteOffset });

describe.skipIf(missing !== undefined)('twitter.json, cut off anywhere,', TIMEOUT, () => {
  test.each([...new Set([backend(), javascript])])('has its fault where it ends', (validator) => {
    // Quicker than an expectation for each of them.
    const wrong: number[] = [];
    for (const at of places(isFull ? 1 : FEW)) {
      const fault = validator.findFault(cutAt(at), ANY_DEPTH);
      const { code, byteOffset } = faultAt(at);
      if (fault?.byteOffset !== byteOffset || (fault.reason === 'utf8') !== code.endsWith('UTF8')) wrong.push(at);
    }
    expect(wrong).toEqual([]);
  });

  const messages = decoder({ count: { path: ['search_metadata', 'count'], type: field.f64() } });
  test.each<[string, (bytes: Buffer) => unknown]>([
    ['parse', (bytes) => parse(bytes)],
    ['parse of numbers as text', (bytes) => parse(bytes, { numbers: 'string' })],
    ['open', (bytes) => open(bytes)],
    ['decode', (bytes) => messages.decode(bytes)],
  ])('is refused there by %s', (_, call) => {
    for (const at of places(isFull ? MANY : FEW)) expect(brief(thrown(() => call(cutAt(at))))).toEqual(faultAt(at));
  });

  test('is refused there by validate and isValid', () => {
    for (const at of places(isFull ? MANY : FEW)) {
      expect(brief(validate(cutAt(at)))).toEqual(faultAt(at));
      expect(isValid(cutAt(at))).toBe(false);
    }
  });

  test('gives the elements that are whole, then the error', async () => {
    const document = open(twitter);
    const separators = Array.from(document.iterate('/statuses'), (cursor) => {
      const { byteOffset, length } = document.slice('', cursor) as Uint8Array;
      const rest = twitter.subarray(byteOffset - twitter.byteOffset + length);
      return twitter.length - rest.length + rest.findIndex((byte) => byte === 0x2c || byte === 0x5d);
    });
    for (const at of places(isFull ? MANY : FEW)) {
      const { items, error } = await collected(streamArray(cutAt(at), '/statuses'));
      expect(brief(error)).toEqual(faultAt(at));
      expect(items).toHaveLength(separators.filter((separator) => separator < at).length);
    }
  });

  test('is a bad line behind the good ones', async () => {
    const line = Buffer.from('{"a":1}\n');
    // As one line: without the feeds, which are white space here.
    const spaces = Buffer.from(twitter.map((byte) => (byte === 0x0a ? 0x20 : byte)));
    for (const at of places(isFull ? MANY : FEW)) {
      const { items, error } = await collected(readNdjson(Buffer.concat([line, spaces.subarray(0, at)])));
      // Nothing, or white space alone, is no line.
      const { code, byteOffset } = faultAt(at);
      const isBlank = spaces.subarray(0, at).every((byte) => byte === 0x20);
      expect(brief(error)).toEqual(isBlank ? {} : { code, byteOffset: byteOffset + line.length });
      expect(items).toHaveLength(1);
    }
  });
});
