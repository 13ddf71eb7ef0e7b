import { isDeepStrictEqual } from 'node:util';
import { backend, javascript } from './backend.ts';
import type { Validator } from './backend.ts';
import { decoder } from './decoder/decoder.ts';
import { SYNTAX, UTF8 } from './decoder/reasons.ts';
import { field } from './decoder/types.ts';
import { ANY_DEPTH } from './limits.ts';
import { engineAccepts } from './testing/engine.ts';
import { mutate, randomBelow } from './testing/random.ts';
import { seedDocuments } from './testing/seeds.ts';
import { isValid } from './validate.ts';

/** Longer than any mutation, with room for what stands around it. */
const MEMORY = Buffer.alloc(8192);
const ENTRIES = MEMORY.length / 2;
/** What would go on with a document that was cut off, or complete it. */
const AROUND = Buffer.from('"]}0, e\\\xff', 'latin1');
const AROUND_BYTES = 64;

const messages = decoder({ field: { path: 'p', type: field.f64(), default: Number.NaN } });
const record = messages.record();

const indexOf = (validator: Validator): ((bytes: Uint8Array, maxDepth: number) => Uint32Array[] | number) => {
  const [offsets, ends] = [new Uint32Array(ENTRIES), new Uint32Array(ENTRIES)];
  return (bytes, maxDepth) => {
    const count = validator.index(bytes, maxDepth, offsets, ends);
    return count > 0 ? [offsets.subarray(0, count), ends.subarray(0, count)] : count;
  };
};

/**
 * Mutated documents at any alignment, among bytes that would go on with them: the verdict is the engine's, and the backends agree
 * on where and why a document is refused, and on its index. Quick, for millions; the naive twins are held against in other targets.
 */
export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'json: verdicts of the engine',
  run(seed, iterations) {
    const below = randomBelow(seed);
    const seeds = seedDocuments();
    const validators = backend() === javascript ? [javascript] : [javascript, backend()];
    const indexers = validators.map(indexOf);
    for (let round = 0; round < iterations; round++) {
      const mutated = mutate(seeds[below(seeds.length)], below);
      const start = AROUND_BYTES + below(64);
      const end = start + mutated.length;
      const byte = AROUND[below(AROUND.length)];
      MEMORY.fill(byte, start - AROUND_BYTES, start).fill(byte, end, end + AROUND_BYTES);
      MEMORY.set(mutated, start);
      const bytes = MEMORY.subarray(start, end);
      const maxDepth = below(8) === 0 ? below(6) : ANY_DEPTH;

      const isDocument = engineAccepts(bytes);
      const reason = messages.tryDecode(MEMORY, record, start, end);
      const faults = validators.map((validator) => validator.findFault(bytes, maxDepth));
      const indexes = indexers.map((index) => index(bytes, maxDepth));
      const agree =
        isValid(bytes) === isDocument &&
        (reason !== SYNTAX && reason !== UTF8) === isDocument &&
        (maxDepth < ANY_DEPTH || (faults[0] === undefined) === isDocument) &&
        (faults[0] === undefined) === (typeof indexes[0] !== 'number') &&
        faults.every((fault) => fault?.byteOffset === faults[0]?.byteOffset && fault?.reason === faults[0]?.reason) &&
        indexes.every((index) => isDeepStrictEqual(index, indexes[0]));
      if (!agree) {
        throw new Error(`verdicts differ on ${mutated.toString('base64')} (base64; seed ${seed}, round ${round})`);
      }
    }
  },
};
