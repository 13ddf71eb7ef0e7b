import { isDeepStrictEqual } from 'node:util';
import { mutate, randomBelow } from '../testing/random.ts';
import { validate } from '../validate.ts';
import { decoder, type Decoder } from './decoder.ts';
import { decoded } from './testing/decoded.ts';
import { naiveDecode, type NaiveResult } from './testing/naive-decode.ts';
import { randomCase } from './testing/random-case.ts';
import type { AnySchema } from './types.ts';

const MESSAGES_PER_SCHEMA = 20;

/** Random schemas and messages, right and wrong, whole and damaged: both scanners must say and hold what the twin does. */
export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'json: decoder',
  run(seed, iterations) {
    const below = randomBelow(seed);
    for (let round = 0; round < iterations; round += MESSAGES_PER_SCHEMA) {
      const { schema, shape, message } = randomCase(below);
      const { within, maxLevels, maxTextEntries } = shape;
      const options = { within, maxLevels, maxTextEntries };
      const closures = decoder(schema, { ...options, codeGeneration: false });
      const generated = decoder(schema, options);
      const records = [generated.record(), closures.record()];
      for (let count = 0; count < MESSAGES_PER_SCHEMA; count++) {
        const whole = message();
        const bytes = below(3) === 0 ? mutate(whole, below) : whole;
        // Inside a larger array, so that reading past the end would show.
        const start = below(3);
        const around = Buffer.alloc(bytes.length + 6, '"]},0\n1'.charCodeAt(below(7)));
        around.set(bytes, start);
        const expected = naiveDecode(bytes, shape);
        const verdicts = [generated, closures].map((one, index) =>
          verdict(one, records[index], around, start, bytes.length),
        );
        if (expected.reason === 'utf8' || expected.reason === 'syntax') {
          const code = validate(bytes)?.code === 'ERR_PERF_JSON_UTF8' ? 'utf8' : 'syntax';
          for (const { result } of verdicts) check(result, { reason: code });
        } else {
          for (const { result } of verdicts)
            check(result, expected.values === undefined ? { reason: expected.reason } : expected);
        }
        check(verdicts[0].fault, verdicts[1].fault);

        function check(actual: unknown, wanted: unknown): void {
          if (isDeepStrictEqual(actual, wanted)) return;
          throw new Error(
            `seed ${seed}, round ${round}, message ${JSON.stringify(bytes.toString('latin1'))}: ` +
              `decoded ${show(actual)}, expected ${show(wanted)}; schema ${show(schema)}, options ${show(options)}`,
          );
        }
      }
    }
  },
};

function verdict(
  one: Decoder<AnySchema>,
  record: object,
  bytes: Uint8Array,
  start: number,
  length: number,
): { result: NaiveResult; fault: unknown } {
  const result = decoded(one.schema, one.tryDecode(bytes, record as never, start, start + length), record);
  const fault = one.faultOf(bytes, start, start + length);
  if ((fault === undefined) !== (result.reason === 'ok'))
    throw new Error(`faultOf and tryDecode differ: ${fault?.message}`);
  return { result, fault: fault && { ...fault, message: fault.message } };
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner)).slice(0, 2000);
}
