import { expect, test } from 'vitest';
import { randomDocument } from '../testing/random-document.ts';
import { randomBelow } from '../testing/random.ts';
import { findUnsafeIntegers } from './unsafe-integers.ts';

/** By definition: a run of digits that looks like an integer from outside, and is beyond 2^53 − 1. */
function naive(text: string): number[] {
  const numbers = text.matchAll(/(?<=^|[ \t\r\n[,:])-?(\d+)(?=$|[ \t\r\n\],}])/g);
  return [...numbers]
    .filter(([, digits]) => digits.length > 16 || BigInt(digits) > BigInt(Number.MAX_SAFE_INTEGER))
    .map(({ index }) => index);
}

test('finds integers beyond 2^53 − 1 at every place', () => {
  const integers = ['9007199254740991', '9007199254740992', '-9007199254740992', '12345678901234567', '9'.repeat(50)];
  for (const integer of integers) {
    for (let before = 0; before < 40; before++) {
      for (const text of [
        `${' '.repeat(before)}${integer}`,
        `[${'1'.repeat(before)},${integer},${integer}]`,
        `{"${'x'.repeat(before)}":${integer}}`,
        `[${'1'.repeat(before)}.${integer},"${integer}",${integer}e1,${integer}.0,1e${integer}]`,
      ]) {
        expect([text, findUnsafeIntegers(Buffer.from(text))]).toEqual([text, naive(text)]);
      }
    }
  }
});

test('agrees with its definition on random documents and on any bytes', () => {
  const below = randomBelow(6);
  for (let round = 0; round < 3000; round++) {
    const document = Buffer.from(randomDocument(below)).toString('latin1');
    expect(findUnsafeIntegers(Buffer.from(document, 'latin1'))).toEqual(naive(document));
    const digits = Array.from({ length: below(120) }, () => (below(12) === 0 ? ',-. x:'[below(6)] : below(10))).join(
      '',
    );
    expect([digits, findUnsafeIntegers(Buffer.from(digits))]).toEqual([digits, naive(digits)]);
  }
});
