import { findFault } from './scan-document.ts';
import { ANY_DEPTH } from './limits.ts';
import { engineAccepts } from './testing/engine.ts';
import { naiveFault } from './testing/naive.ts';
import { mutate, randomBelow } from './testing/random.ts';
import { seedDocuments } from './testing/seeds.ts';
import { isValid, validate } from './validate.ts';

/** Mutated documents: the backend of this process, the scan in JavaScript, the naive twin and the engine must agree. */
export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'json: validate',
  run(seed, iterations) {
    const below = randomBelow(seed);
    const seeds = seedDocuments();
    for (let round = 0; round < iterations; round++) {
      const bytes = mutate(seeds[below(seeds.length)], below);
      const expected = naiveFault(bytes);
      const scanned = findFault(bytes, ANY_DEPTH);
      const agree =
        expected?.byteOffset === scanned?.byteOffset &&
        expected?.reason === scanned?.reason &&
        validate(bytes)?.byteOffset === expected?.byteOffset &&
        isValid(bytes) === engineAccepts(bytes) &&
        isValid(bytes) === (expected === undefined);
      if (!agree)
        throw new Error(`validate differs on ${bytes.toString('base64')} (base64; seed ${seed}, round ${round})`);
    }
  },
};
