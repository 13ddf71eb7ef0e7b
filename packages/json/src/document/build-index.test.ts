import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backend, javascript } from '../backend.ts';
import { ACCEPTED, DOCUMENT, FAULTS } from '../testing/faults.ts';
import { naiveIndex } from '../testing/naive-document.ts';
import { naiveFault } from '../testing/naive.ts';
import { mutate, randomBelow } from '../testing/random.ts';
import type { IndexBuilder } from './build-index.ts';

const ANY_DEPTH = 0xffff_ffff;

function indexOf(build: IndexBuilder, bytes: Buffer, maxDepth: number = ANY_DEPTH): number[][] | number {
  const offsets = new Uint32Array(bytes.length + 1);
  const ends = new Uint32Array(bytes.length + 1);
  const count = build(bytes, maxDepth, offsets, ends);
  return count > 0 ? Array.from({ length: count }, (_, entry) => [offsets[entry], ends[entry]]) : count;
}

const chosen = backend();
const builders = chosen === javascript ? [javascript] : [javascript, chosen];

describe.for(builders)('the index, $backend', ({ index: build }) => {
  test('is as it is drawn', () => {
    expect(indexOf(build, Buffer.from('{"a": [10, "xy"], "b": {}}'))).toEqual([
      [0, 7],
      [1, 3],
      [6, 5],
      [7, 9],
      [11, 14],
      [18, 20],
      [23, 7],
    ]);
  });

  test('has an entry for every value and key', () => {
    for (const text of [DOCUMENT, ...ACCEPTED]) {
      const bytes = Buffer.from(text);
      expect([text, indexOf(build, bytes)]).toEqual([text, naiveIndex(bytes)]);
    }
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.nat(3), (text, indent) => {
        const bytes = Buffer.from(JSON.stringify(JSON.parse(text), null, indent));
        expect(indexOf(build, bytes)).toEqual(naiveIndex(bytes));
      }),
      { numRuns: 500 },
    );
  });

  test('says how many entries it needs, whatever place there is', () => {
    for (const text of [DOCUMENT, '[[[[1,[]]],{"a":{"b":[]}}],[2]]', '7']) {
      const bytes = Buffer.from(text);
      const wanted = naiveIndex(bytes);
      for (let place = 0; place <= wanted.length + 1; place++) {
        const offsets = new Uint32Array(place);
        const ends = new Uint32Array(place);
        const count = build(bytes, ANY_DEPTH, offsets, ends);
        expect(count).toBe(place < wanted.length ? -wanted.length : wanted.length);
        if (count > 0) expect([...ends.subarray(0, count)]).toEqual(wanted.map(([, end]) => end));
      }
      expect(build(bytes, ANY_DEPTH, new Uint32Array(2), new Uint32Array(100))).toBe(
        wanted.length > 2 ? -wanted.length : wanted.length,
      );
    }
  });

  test('is refused for every fault, also where the arrays are too short', () => {
    for (const [input] of FAULTS) {
      const bytes = Buffer.from(input, 'latin1');
      expect([input, indexOf(build, bytes)]).toEqual([input, Number.NaN]);
      expect([input, build(bytes, ANY_DEPTH, new Uint32Array(1), new Uint32Array(1))]).toEqual([input, Number.NaN]);
    }
  });

  test('has the verdict of the naive twin on mutated documents at any depth limit', () => {
    const below = randomBelow(5);
    const seeds = [DOCUMENT, ...ACCEPTED].map((text) => Buffer.from(text));
    for (let round = 0; round < 3000; round++) {
      const bytes = mutate(seeds[below(seeds.length)], below);
      const maxDepth = below(4) === 0 ? below(8) : ANY_DEPTH;
      const wanted = naiveFault(bytes, maxDepth) === undefined ? naiveIndex(bytes) : Number.NaN;
      expect([bytes.toString('base64'), indexOf(build, bytes, maxDepth)]).toEqual([bytes.toString('base64'), wanted]);
    }
  });

  test('remembers which bracket closes at any depth', () => {
    for (const depth of [1, 29, 30, 31, 60, 61, 1000, 100_000]) {
      const open = Array.from({ length: depth }, (_, index) => (index % 3 === 0 ? '{"k":' : '['));
      const close = open.map((bracket) => (bracket === '[' ? ']' : '}')).toReversed();
      const text = `${open.join('')}1${close.join('')}`;
      const entries = indexOf(build, Buffer.from(text), depth) as number[][];
      expect(entries).toEqual(naiveIndex(Buffer.from(text)));
      expect(indexOf(build, Buffer.from(text), depth - 1)).toBeNaN();
      expect(indexOf(build, Buffer.from(text.slice(0, -1) + (text.at(-1) === '}' ? ']' : '}')))).toBeNaN();
    }
  });
});
