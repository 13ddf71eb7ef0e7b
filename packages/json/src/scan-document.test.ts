import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findFault, isDocument } from './scan-document.ts';
import { ACCEPTED, DOCUMENT, FAULTS } from './testing/faults.ts';
import { naiveFault } from './testing/naive.ts';
import { mutate, randomBelow } from './testing/random.ts';

const ANY_DEPTH = 0xffff_ffff;
const bytesOf = (latin1: string): Buffer => Buffer.from(latin1, 'latin1');

describe('faults', () => {
  test.for(FAULTS.map(([input, byteOffset, reason]) => ({ input, byteOffset, reason })))(
    'finds $reason at $byteOffset of $input',
    ({ input, byteOffset, reason }) => {
      expect(findFault(bytesOf(input), ANY_DEPTH)).toEqual({ byteOffset, reason });
      expect(naiveFault(bytesOf(input))).toEqual({ byteOffset, reason });
      expect(isDocument(bytesOf(input))).toBe(false);
    },
  );

  test('accepts what the engine accepts', () => {
    for (const text of [...ACCEPTED, DOCUMENT]) {
      expect([text, findFault(Buffer.from(text), ANY_DEPTH)]).toEqual([text, undefined]);
      expect([text, naiveFault(Buffer.from(text))]).toEqual([text, undefined]);
    }
  });

  test('finds the end of every cut document', () => {
    const document = Buffer.from(DOCUMENT.trimEnd());
    for (let length = 0; length < document.length; length++) {
      const cut = document.subarray(0, length);
      expect(findFault(cut, ANY_DEPTH)).toEqual(naiveFault(cut));
    }
  });
});

test('agrees with the naive twin on mutated documents at any depth limit', () => {
  const below = randomBelow(1);
  const seeds = [DOCUMENT, ...ACCEPTED].map((text) => Buffer.from(text));
  fc.assert(
    fc.property(fc.nat(), fc.option(fc.nat(8), { nil: ANY_DEPTH }), (pick, maxDepth) => {
      const bytes = mutate(seeds[pick % seeds.length], below);
      expect(findFault(bytes, maxDepth)).toEqual(naiveFault(bytes, maxDepth));
    }),
    { numRuns: 3000 },
  );
});

test('agrees with the engine on generated values', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), (text) => {
      expect(isDocument(Buffer.from(text))).toBe(true);
    }),
  );
});

describe('depth', () => {
  test('is bounded by memory only', () => {
    const depth = 100_000;
    expect(findFault(Buffer.from('['.repeat(depth)), ANY_DEPTH)).toEqual({ byteOffset: depth, reason: 'end' });
    expect(isDocument(Buffer.from('['.repeat(depth) + ']'.repeat(depth)))).toBe(true);
    expect(isDocument(Buffer.from('{"a":'.repeat(depth) + '1' + '}'.repeat(depth)))).toBe(true);
  });

  test('remembers which bracket closes across words of the stack', () => {
    for (let depth = 1; depth < 200; depth++) {
      const open = Array.from({ length: depth }, (_, index) => (index % 3 === 0 ? '{"k":' : '['));
      const close = open.map((bracket) => (bracket === '[' ? ']' : '}')).toReversed();
      const text = `${open.join('')}1${close.join('')}`;
      expect(findFault(Buffer.from(text), depth)).toBeUndefined();
      expect(findFault(Buffer.from(text), depth - 1)?.reason).toBe('depth');
      const wrong = text.slice(0, -1) + (text.at(-1) === '}' ? ']' : '}');
      expect(findFault(Buffer.from(wrong), depth)).toEqual({ byteOffset: text.length - 1, reason: 'separator' });
    }
  });

  test('counts empty brackets too', () => {
    expect(findFault(Buffer.from(' []'), 0)).toEqual({ byteOffset: 1, reason: 'depth' });
    expect(findFault(Buffer.from('1'), 0)).toBeUndefined();
    expect(findFault(Buffer.from('[{}]'), 1)).toEqual({ byteOffset: 1, reason: 'depth' });
  });
});
