import { expect, test } from 'vitest';
import { randomBelow } from '../testing/random.ts';
import { readInteger } from './read-integer.ts';

test('reads what BigInt reads, at every length and at the limits of words', () => {
  const below = randomBelow(10);
  const texts = ['0', '9', '9007199254740993', '18446744073709551615', '9999999999999999999', '18446744073709551616'];
  for (const power of [2 ** 31, 2 ** 32, 2 ** 48, 2 ** 53]) texts.push(String(power), String(power - 1));
  for (let bits = 54n; bits < 70n; bits++) texts.push(String(2n ** bits), String(2n ** bits - 1n));
  for (let round = 0; round < 5000; round++) {
    texts.push(`${1 + below(9)}${Array.from({ length: below(24) }, () => below(10)).join('')}`);
  }
  for (const text of texts) {
    for (const spelt of [text, `-${text}`]) {
      const bytes = Buffer.from(`x${spelt},`);
      expect([spelt, readInteger(bytes, 1, bytes.length - 1)]).toEqual([spelt, BigInt(spelt)]);
    }
  }
});
