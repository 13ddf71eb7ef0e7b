import { backend, javascript } from '../backend.ts';
import { JsonError } from '../errors.ts';
import { parse } from '../parse.ts';
import { ACCEPTED, DOCUMENT } from '../testing/faults.ts';
import { naiveParse, spelt } from '../testing/naive-parse.ts';
import { randomDocument } from '../testing/random-document.ts';
import { mutate, randomBelow } from '../testing/random.ts';
import { validate } from '../validate.ts';
import { buildInTurns } from './build-in-turns.ts';
import { readParseOptions } from './options.ts';
import type { ParseOptions } from './options.ts';
import { prepareIndexed } from './prepare.ts';
import { sourceOf } from './source.ts';

/**
 * Documents full of what the options are about, whole and damaged, with random options: as bytes, as text, by both backends and
 * built in pieces, the values and refusals must be those of the naive twin.
 */
export const fuzz: { name: string; run(seed: number, iterations: number): Promise<void> } = {
  name: 'json: parse with options',
  async run(seed, iterations) {
    const below = randomBelow(seed);
    for (let round = 0; round < iterations; round++) {
      const options = randomOptions(below);
      const text = below(10) === 0 ? [DOCUMENT, ...ACCEPTED][below(ACCEPTED.length + 1)] : randomDocument(below);
      const whole = Buffer.from(`${below(8) === 0 ? '\ufeff' : ''}${text}`);
      const bytes = below(2) === 0 ? whole : mutate(whole, below);
      if (!(await agrees(bytes, options, [1, 10, 1000][below(3)]))) {
        const shown = `${bytes.toString('base64')} (base64; seed ${seed}, round ${round})`;
        throw new Error(`parse with ${JSON.stringify(options)} differs on ${shown}`);
      }
    }
  },
};

function randomOptions(below: (bound: number) => number): ParseOptions {
  return {
    numbers: (['double', 'bigint-if-unsafe', 'string'] as const)[below(3)],
    duplicateKeys: (['last', 'first', 'error'] as const)[below(3)],
    proto: (['keep', 'remove', 'error'] as const)[below(3)],
    utf8: (['strict', 'replace'] as const)[below(2)],
    bom: (['error', 'strip'] as const)[below(2)],
    ...(below(4) === 0 ? { maxDepth: below(6) } : {}),
  };
}

async function agrees(bytes: Buffer, options: ParseOptions, pieceBytes: number): Promise<boolean> {
  const expected = naiveParse(bytes, options);
  const wanted = 'value' in expected ? spelt(expected.value) : `at ${expected.byteOffset}`;
  if ((await outcome(() => parse(bytes, options))) !== wanted) return false;
  const fault = validate(bytes, options);
  if ((fault === undefined ? undefined : `at ${fault.byteOffset}`) !== ('value' in expected ? undefined : wanted)) {
    return false;
  }
  const settings = readParseOptions(options, 'parse');
  for (const validator of new Set([backend(), javascript])) {
    const inPieces = await outcome(() => {
      const prepared = prepareIndexed(sourceOf(bytes, settings, 'parse'), settings, validator);
      const { offsets, ends, count } = prepared.index;
      const document = { bytes: prepared.bytes, offsets: offsets.slice(), ends: ends.slice(), count };
      return buildInTurns(document, prepared.integers, { caller: 'parseAsync', signal: undefined }, pieceBytes);
    });
    if (inPieces !== wanted) return false;
  }
  // The text has the same fault in the same place, unless there was none in the bytes for it.
  const text = bytes.toString();
  return !Buffer.from(text).equals(bytes) || (await outcome(() => parse(text, options))) === wanted;
}

async function outcome(run: () => unknown): Promise<string> {
  try {
    return spelt(await run());
  } catch (error) {
    if (error instanceof JsonError) return `at ${error.byteOffset}`;
    throw error;
  }
}
