import { isDeepStrictEqual } from 'node:util';
import { backend, javascript } from '../backend.ts';
import { JsonError } from '../errors.ts';
import { naiveGet, pointersOf } from '../testing/naive-document.ts';
import { mutate, randomBelow } from '../testing/random.ts';
import { seedDocuments } from '../testing/seeds.ts';
import { validate } from '../validate.ts';
import { DocumentIndex } from './document-index.ts';
import { openWith } from './open.ts';

/** Mutated documents: opened where `validate` finds nothing, with the engine's values, by both builders and trusted too. */
export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'json: open',
  run(seed, iterations) {
    const below = randomBelow(seed);
    const seeds = seedDocuments();
    const index = new DocumentIndex();
    for (let round = 0; round < iterations; round++) {
      const bytes = mutate(seeds[below(seeds.length)], below);
      if (!agrees(bytes, index, below)) {
        throw new Error(`open differs on ${bytes.toString('base64')} (base64; seed ${seed}, round ${round})`);
      }
    }
  },
};

function agrees(bytes: Buffer, index: DocumentIndex, below: (bound: number) => number): boolean {
  const fault = validate(bytes);
  for (const builder of [javascript, backend()]) {
    try {
      const document = openWith(builder, bytes, { index });
      if (fault !== undefined) return false;
      const value = JSON.parse(bytes.toString()) as unknown;
      for (const [at, wanted] of pointersOf(value)) {
        if (below(3) > 0) continue;
        if (!isDeepStrictEqual(document.get(at), wanted)) return false;
        const wrong = `${at}/${['0', '-', 'x', ''][below(4)]}`;
        if (!isDeepStrictEqual(document.get(wrong), naiveGet(value, wrong))) return false;
      }
    } catch (error) {
      if (!(error instanceof JsonError) || error.message !== fault?.message) return false;
    }
    // Trusted without reason: an answer or a typed error.
    const trusted = openWith(builder, bytes, { trust: true });
    for (let lookups = 0; lookups < 2; lookups++) {
      try {
        trusted.get(['', '/0', '/data/b/1', '/long'][below(4)]);
      } catch (error) {
        if (!(error instanceof JsonError)) return false;
      }
    }
  }
  return true;
}
