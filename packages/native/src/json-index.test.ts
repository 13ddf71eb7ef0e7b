import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NativeError } from './errors.ts';
import { indexJson } from './json-index.ts';
import { findJsonFault } from './json.ts';
import { hasAddon } from './testing/addon.ts';
import { naiveIndex } from './testing/naive-index.ts';

const available = hasAddon();
const ANY_DEPTH = 0xffff_ffff;
const corpora = process.env.PERF_CORPORA ?? path.join(import.meta.dirname, '../../../.corpora');
const hasCorpora = existsSync(path.join(corpora, 'json-test-suite'));
if (!hasCorpora) {
  const line = `tests on real data are left out: ${corpora} is missing`;
  if (process.env.PERF_REQUIRE_CORPORA === '1') throw new Error(line);
  process.stderr.write(`${line}\n`);
}

function indexOf(bytes: Uint8Array, maxDepth: number = ANY_DEPTH): { offsets: number[]; ends: number[] } | undefined {
  const room = (bytes.length + 1) >> 1;
  const [offsets, ends] = [new Uint32Array(room), new Uint32Array(room)];
  const entries = indexJson(bytes, maxDepth, offsets, ends);
  if (Number.isNaN(entries)) return undefined;
  return { offsets: [...offsets.subarray(0, entries)], ends: [...ends.subarray(0, entries)] };
}

function twinOf(bytes: Uint8Array): { offsets: number[]; ends: number[] } | undefined {
  return findJsonFault(bytes) === undefined ? naiveIndex(bytes) : undefined;
}

/** `ArrayBuffer.prototype.resize` is in every supported Node.js and not in the library that the sources are checked with. */
const Resizable = ArrayBuffer as unknown as new (
  length: number,
  options: { maxByteLength: number },
) => ArrayBuffer & { resize(length: number): void };

describe.skipIf(!available)('indexJson', () => {
  test('writes an entry per key and value, in document order', () => {
    expect(indexOf(Buffer.from('{"a":[1,true],"b":{}}'))).toEqual({
      offsets: [0, 1, 5, 6, 8, 14, 18],
      ends: [7, 3, 5, 7, 12, 16, 7],
    });
    expect(indexOf(Buffer.from(' -1.5e3 '))).toEqual({ offsets: [1], ends: [7] });
  });

  test('is NaN for what is no document, or nests too deeply', () => {
    const slots = new Uint32Array(8);
    expect(indexJson(Buffer.from('[1,]'), ANY_DEPTH, slots, new Uint32Array(8))).toBeNaN();
    expect(indexJson(Buffer.from(''), ANY_DEPTH, slots, new Uint32Array(8))).toBeNaN();
    expect(indexJson(Buffer.from('[[1]]'), 1, slots, new Uint32Array(8))).toBeNaN();
    expect(indexJson(Buffer.from('[[1]]'), 2, slots, new Uint32Array(8))).toBe(3);
  });

  test('says how many entries there are when they do not fit', () => {
    const bytes = Buffer.from('[1,[2,3],{"a":null}]');
    for (const [offsets, ends] of [
      [0, 0],
      [7, 8],
      [8, 7],
      [1, 100],
    ]) {
      expect(indexJson(bytes, ANY_DEPTH, new Uint32Array(offsets), new Uint32Array(ends))).toBe(-8);
    }
    expect(indexJson(bytes, ANY_DEPTH, new Uint32Array(8), new Uint32Array(8))).toBe(8);
    expect(indexJson(Buffer.from('[1,[2'), ANY_DEPTH, new Uint32Array(1), new Uint32Array(1))).toBeNaN();
  });

  test.skipIf(!hasCorpora)('agrees with the twin on the conformance suite', () => {
    const folder = path.join(corpora, 'json-test-suite');
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(path.join(folder, name));
      expect([name, indexOf(bytes)]).toEqual([name, twinOf(bytes)]);
      if (name.startsWith('y_')) expect([name, indexOf(bytes) !== undefined]).toEqual([name, true]);
      if (name.startsWith('n_')) expect([name, indexOf(bytes)]).toEqual([name, undefined]);
    }
  });

  test.skipIf(!hasCorpora)('agrees with the twin on real documents', () => {
    for (const name of ['twitter', 'citm_catalog', 'canada', 'twitterescaped', 'github_events']) {
      const bytes = readFileSync(path.join(corpora, 'json', `${name}.json`));
      const { offsets, ends } = naiveIndex(bytes);
      const slots = { offsets: new Uint32Array(offsets.length), ends: new Uint32Array(offsets.length) };
      expect(indexJson(bytes, ANY_DEPTH, slots.offsets, slots.ends)).toBe(offsets.length);
      // Compared as bytes: a million assertions on elements would take seconds.
      expect(Buffer.from(Uint32Array.from(offsets).buffer).equals(Buffer.from(slots.offsets.buffer))).toBe(true);
      expect(Buffer.from(Uint32Array.from(ends).buffer).equals(Buffer.from(slots.ends.buffer))).toBe(true);
    }
  });

  test('agrees with the twin on any document, at any indentation', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, 4), (value, indent) => {
        const bytes = Buffer.from(JSON.stringify(value, undefined, indent));
        expect(indexOf(bytes)).toEqual(naiveIndex(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  test('survives any depth', () => {
    const depth = 1_000_000;
    const [offsets, ends] = [new Uint32Array(depth), new Uint32Array(depth)];
    const bytes = Buffer.from('['.repeat(depth) + ']'.repeat(depth));
    expect(indexJson(bytes, ANY_DEPTH, offsets, ends)).toBe(depth);
    expect(ends.every((end) => end === depth)).toBe(true);
    expect(offsets.every((offset, entry) => offset === entry)).toBe(true);
  });

  test('takes shared memory, and detached arrays as empty ones', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(8));
    shared.set(Buffer.from('[1,true]'));
    const ends = new Uint32Array(new SharedArrayBuffer(12));
    expect(indexJson(shared, ANY_DEPTH, new Uint32Array(3), ends)).toBe(3);
    expect([...ends]).toEqual([3, 2, 7]);
    const detached = new Uint32Array(3);
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    expect(indexJson(shared, ANY_DEPTH, detached, ends)).toBe(-3);
    const growing = new Resizable(12, { maxByteLength: 64 });
    const offsets = new Uint32Array(growing);
    growing.resize(8);
    expect(indexJson(shared, ANY_DEPTH, offsets, ends)).toBe(-3);
    growing.resize(64);
    expect(indexJson(shared, ANY_DEPTH, offsets, ends)).toBe(3);
  });

  test('refuses memory that is used twice', () => {
    const memory = new ArrayBuffer(64);
    const bytes = new Uint8Array(memory, 0, 2);
    bytes.set(Buffer.from('[]'));
    const refused = (offsets: Uint32Array, ends: Uint32Array): void => {
      const expected = expect.objectContaining({ code: 'ERR_PERF_NATIVE_ARGUMENT' }) as NativeError;
      expect(() => indexJson(bytes, ANY_DEPTH, offsets, ends)).toThrow(expected);
    };
    refused(new Uint32Array(memory, 0, 4), new Uint32Array(4));
    refused(new Uint32Array(4), new Uint32Array(memory, 0, 4));
    refused(new Uint32Array(memory, 4, 4), new Uint32Array(memory, 16, 4));
    expect(indexJson(bytes, ANY_DEPTH, new Uint32Array(memory, 4, 4), new Uint32Array(memory, 20, 4))).toBe(1);
  });

  test.for([
    ['[]', new Uint32Array(1), new Uint32Array(1)],
    [undefined, new Uint32Array(1), new Uint32Array(1)],
    [new Uint8Array(2), new Int32Array(1), new Uint32Array(1)],
    [new Uint8Array(2), new Uint32Array(1), [0]],
  ])('refuses %o, %o and %o', ([bytes, offsets, ends]) => {
    const expected = expect.objectContaining({ code: 'ERR_PERF_NATIVE_ARGUMENT' }) as NativeError;
    const call = indexJson as (...values: unknown[]) => number;
    expect(() => call(bytes, 1, offsets, ends)).toThrow(expected);
    expect(() => call(new Uint8Array(2), -1, new Uint32Array(1), new Uint32Array(1))).toThrow(expected);
  });
});
