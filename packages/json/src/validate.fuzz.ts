import { findFault } from './scan-document.ts';
import { corpusFiles, whyNoCorpora } from './testing/corpora.ts';
import { ACCEPTED, DOCUMENT } from './testing/faults.ts';
import { naiveFault } from './testing/naive.ts';
import { mutate, randomBelow } from './testing/random.ts';
import { isValid, validate } from './validate.ts';

const ANY_DEPTH = 0xffff_ffff;

/** Mutated documents: the backend of this process, the scan in JavaScript, the naive twin and the engine must agree. */
export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'json: validate',
  run(seed, iterations) {
    const below = randomBelow(seed);
    const seeds = [DOCUMENT, ...ACCEPTED].map((text) => Buffer.from(text));
    if (whyNoCorpora() === undefined) {
      const files = [...corpusFiles('json-test-suite'), ...corpusFiles('json')].filter(
        ({ bytes }) => bytes.length < 5000,
      );
      seeds.push(...files.map(({ bytes }) => bytes as (typeof seeds)[number]));
    }
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    for (let round = 0; round < iterations; round++) {
      const bytes = mutate(seeds[below(seeds.length)], below);
      const expected = naiveFault(bytes);
      const scanned = findFault(bytes, ANY_DEPTH);
      const agree =
        expected?.byteOffset === scanned?.byteOffset &&
        expected?.reason === scanned?.reason &&
        validate(bytes)?.byteOffset === expected?.byteOffset &&
        isValid(bytes) === engineAccepts(bytes, decoder) &&
        isValid(bytes) === (expected === undefined);
      if (!agree)
        throw new Error(`validate differs on ${bytes.toString('base64')} (base64; seed ${seed}, round ${round})`);
    }
  },
};

function engineAccepts(bytes: Uint8Array, decoder: InstanceType<typeof TextDecoder>): boolean {
  try {
    JSON.parse(decoder.decode(bytes));
    return true;
  } catch {
    return false;
  }
}
