import { firstMisread } from './testing/number-readers.ts';
import { randomBelow } from './testing/random.ts';
import { randomNumber } from './testing/random-numbers.ts';

const NUMBERS_PER_DOCUMENT = 64;

/** Numbers of every kind, by every reader: doubles to the bit of the engine's, integers and decimals exactly or refused. */
export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'json: numbers',
  run(seed, iterations) {
    const below = randomBelow(seed);
    for (let round = 0; round < iterations; round += NUMBERS_PER_DOCUMENT) {
      const texts = Array.from({ length: Math.min(NUMBERS_PER_DOCUMENT, iterations - round) }, () =>
        randomNumber(below),
      );
      const wrong = firstMisread(texts);
      if (wrong !== undefined) throw new Error(`${wrong} is read wrongly (seed ${seed}, round ${round})`);
    }
  },
};
