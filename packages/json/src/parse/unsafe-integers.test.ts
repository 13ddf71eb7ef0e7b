import { expect, test } from 'vitest';
import { javascript } from '../backend.ts';
import { randomDocument } from '../testing/random-document.ts';
import { randomBelow } from '../testing/random.ts';
import { indexDocument } from './indexed-document.ts';
import { canHaveUnsafeInteger, unsafeIntegers } from './unsafe-integers.ts';

function isUnsafe(digits: string): boolean {
  return digits.length > 16 || BigInt(digits) > BigInt(Number.MAX_SAFE_INTEGER);
}

/** By definition: a run of digits that looks like an integer from outside, and is beyond 2^53 − 1. */
function looksUnsafe(text: string): boolean {
  const numbers = text.matchAll(/(?<=^|[ \t\r\n[,:])-?(\d+)(?=$|[ \t\r\n\],}])/g);
  return [...numbers].some(([, digits]) => isUnsafe(digits));
}

/** Where the tokens of a document start that are such integers. */
function naivePlaces(document: string): number[] {
  const tokens = document.matchAll(/"(?:[^"\\]|\\.)*"|-?(\d+)(?![\d.eE])|-?\d[\d.eE+-]*/g);
  return [...tokens].filter(([, digits]) => digits !== undefined && isUnsafe(digits)).map(({ index }) => index);
}

function places(document: string): number[] {
  const index = indexDocument(Buffer.from(document, 'latin1'), javascript.index, 1000);
  if (index === undefined) throw new Error(`no document: ${document}`);
  return unsafeIntegers(index).map((entry) => index.offsets[entry]);
}

test('finds integers beyond 2^53 − 1 at every place', () => {
  const integers = ['9007199254740991', '9007199254740992', '-9007199254740992', '12345678901234567', '9'.repeat(50)];
  for (const integer of integers) {
    for (let before = 0; before < 40; before++) {
      for (const text of [
        `${' '.repeat(before)}${integer}`,
        `[${'1'.repeat(before + 1)},${integer},${integer}]`,
        `{"${'x'.repeat(before)}":${integer}}`,
        `[${'1'.repeat(before + 1)}.5,"${integer}",${integer}e1,${integer}.0,${integer}E+1,0.${'9'.repeat(before + 1)}]`,
      ]) {
        expect([text, canHaveUnsafeInteger(Buffer.from(text))]).toEqual([text, looksUnsafe(text)]);
        expect([text, places(text)]).toEqual([text, naivePlaces(text)]);
      }
    }
  }
});

test('agrees with its definition on random documents and on any bytes', () => {
  const below = randomBelow(6);
  for (let round = 0; round < 3000; round++) {
    // Without what is not UTF-8 when it is read as such.
    const document = randomDocument(below).replaceAll(/[^\0-\x7f]/g, '?');
    expect([document, canHaveUnsafeInteger(Buffer.from(document))]).toEqual([document, looksUnsafe(document)]);
    expect([document, places(document)]).toEqual([document, naivePlaces(document)]);
    const digits = Array.from({ length: below(120) }, () => (below(12) === 0 ? ',-. x:'[below(6)] : below(10))).join(
      '',
    );
    expect([digits, canHaveUnsafeInteger(Buffer.from(digits))]).toEqual([digits, looksUnsafe(digits)]);
  }
});
