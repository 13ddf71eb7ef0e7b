import { isDeepStrictEqual } from 'node:util';
import type { JsonError } from '../errors.ts';
import { ACCEPTED, DOCUMENT } from '../testing/faults.ts';
import { mutate, randomBelow } from '../testing/random.ts';
import { validate } from '../validate.ts';
import { parseSource } from './parse-file.ts';
import { streamArray } from './stream-array.ts';
import { randomlyChunked } from './testing/chunked.ts';
import { brief, collected } from './testing/collected.ts';
import { naiveElements } from './testing/naive-array.ts';

/** Mutated documents in random pieces: the verdict of validate, the elements before the fault, the value of the engine. */
export const fuzz: { name: string; run(seed: number, iterations: number): Promise<void> } = {
  name: 'json: streamArray and parseFile',
  async run(seed, iterations) {
    const below = randomBelow(seed);
    const seeds = [DOCUMENT, ...ACCEPTED].map((text): Buffer => Buffer.from(text));
    const pick = (): Buffer => seeds[below(seeds.length)];
    for (let round = 0; round < iterations; round++) {
      const elements = Array.from({ length: 1 + below(4) }, pick).map((bytes) => bytes.toString());
      const bytes = mutate(Buffer.from(`[${elements.join(',')}]`), below);
      const fault = validate(bytes);

      const { items, error } = await collected(streamArray(randomlyChunked(bytes, below), ''));
      // Before a value of another kind, no fault is looked for.
      const isSame =
        error?.code === 'ERR_PERF_JSON_TYPE' ? bytes.toString().trimStart()[0] !== '[' : brief(error) === brief(fault);
      const hasElements = error?.code === 'ERR_PERF_JSON_TYPE' || isDeepStrictEqual(items, naiveElements(bytes));

      let parsed: unknown;
      let failure: JsonError | undefined;
      try {
        parsed = await parseSource(randomlyChunked(bytes, below));
      } catch (error) {
        failure = error as JsonError;
      }
      const isParsed =
        fault === undefined ? isDeepStrictEqual(parsed, JSON.parse(bytes.toString())) : brief(failure) === brief(fault);
      if (isSame && hasElements && isParsed) continue;
      throw new Error(`a stream differs on ${bytes.toString('base64')} (base64; seed ${seed}, round ${round})`);
    }
  },
};
