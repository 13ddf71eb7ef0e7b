import { textFromScaled } from '@perf/internal';
import { randomBelow } from '../testing/random.ts';
import { writeFixed, writeInteger } from './digits.ts';
import { DecimalsGuess, MAX_DOUBLE_BYTES, writeDouble } from './double.ts';
import { wordsOf, writeInt64 } from './int64.ts';
import { viewOf } from './rows.ts';
import { randomDouble, randomWord } from './testing/random-numbers.ts';

const ROOM = 64;
/** How many values share a guess, as those of a column do. */
const COLUMN = 50;

/** Doubles, integers and decimals against the texts of the engine and of BigInt. */
export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'json: number text',
  run(seed, iterations) {
    const below = randomBelow(seed);
    const bytes = Buffer.alloc(ROOM);
    const view = viewOf(bytes);
    const column = new BigInt64Array(1);
    const words = wordsOf(column);
    let guess = new DecimalsGuess();
    const check = (what: string, from: number, end: number, wanted: string): void => {
      const written = bytes.toString('latin1', from, end);
      if (written !== wanted) throw new Error(`seed ${seed}: ${what} is written ${written}, expected ${wanted}`);
    };
    for (let round = 0; round < iterations; round++) {
      if (round % COLUMN === 0) guess = new DecimalsGuess();
      const from = below(3);
      const double = randomDouble(below);
      const end = writeDouble(view, from, double, guess);
      check(`the double ${double}`, from, end, String(double));
      if (end - from > MAX_DOUBLE_BYTES) throw new Error(`seed ${seed}: the text of ${double} is longer than said`);

      const size = Math.floor(randomWord(below) / 10 ** below(16));
      check(`the integer ${size}`, from, writeInteger(view, from, size), String(size));
      const decimals = below(31);
      const fixedEnd = writeFixed(view, from, size, decimals, Number(`1e${decimals}`));
      check(`${size} at ${decimals} decimals`, from, fixedEnd, textFromScaled(size, decimals));

      const word = (BigInt(below(2 ** 32)) << 32n) | BigInt(below(2 ** 32));
      column[0] = BigInt.asIntN(64, word) >> BigInt(below(64));
      check('the 64-bit integer', from, writeInt64(view, from, words, 0), String(column[0]));
    }
  },
};
