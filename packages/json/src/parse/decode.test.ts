import { isUtf8 } from 'node:buffer';
import { expect, test } from 'vitest';
import { randomBelow } from '../testing/random.ts';
import { decodeStrictly } from './decode.ts';

function naive(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString() : undefined;
}

/** Whole characters of every length, U+FFFD itself among them, and pieces of characters. */
const PARTS = ['61', 'c3a9', 'efbfbd', 'f09f9880', 'efbbbf', 'c3', 'e282', 'f09f98', 'ff', 'eda080', 'c080'];

test('refuses malformed bytes and nothing else, at every length around the border of short ones', () => {
  const below = randomBelow(3);
  for (let length = 0; length <= 120; length++) {
    for (const part of PARTS) {
      const bytes = Buffer.concat([Buffer.alloc(length, 'x'), Buffer.from(part, 'hex'), Buffer.alloc(below(4), 'y')]);
      expect([bytes.toString('hex'), decodeStrictly(bytes)]).toEqual([bytes.toString('hex'), naive(bytes)]);
    }
  }
});

test('agrees with isUtf8 on random mixtures', () => {
  const below = randomBelow(4);
  for (let round = 0; round < 5000; round++) {
    const kinds = below(2) === 0 ? 5 : PARTS.length;
    const bytes = Buffer.from(Array.from({ length: below(40) }, () => PARTS[below(kinds)]).join(''), 'hex');
    expect([bytes.toString('hex'), decodeStrictly(bytes)]).toEqual([bytes.toString('hex'), naive(bytes)]);
  }
});
