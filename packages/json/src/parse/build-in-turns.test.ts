import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { backend } from '../backend.ts';
import { CORPORA, whyNoCorpora } from '../testing/corpora.ts';
import { naiveParse, spelt } from '../testing/naive-parse.ts';
import { randomDocument } from '../testing/random-document.ts';
import { randomBelow } from '../testing/random.ts';
import { buildInTurns } from './build-in-turns.ts';
import { readParseOptions } from './options.ts';
import type { ParseOptions } from './options.ts';
import { prepareIndexed } from './prepare.ts';
import { sourceOf } from './source.ts';

function buildFrom(
  bytes: Uint8Array,
  options: ParseOptions,
  pieceBytes?: number,
  signal?: AbortSignal,
): Promise<unknown> {
  const settings = readParseOptions(options, 'parse');
  const { bytes: document, index, integers } = prepareIndexed(sourceOf(bytes, settings, 'parse'), settings, backend());
  const { offsets, ends, count } = index;
  // A copy, since the memory of the index is used again while this one waits.
  const copy = { bytes: document, offsets: offsets.slice(), ends: ends.slice(), count };
  return buildInTurns(copy, integers, { caller: 'parseAsync', signal }, pieceBytes);
}

describe('a value built in pieces', () => {
  test('is the same with pieces of any size', async () => {
    const below = randomBelow(7);
    for (let round = 0; round < 1500; round++) {
      const text = randomDocument(below);
      const options: ParseOptions = [{}, { numbers: 'bigint-if-unsafe' } as const, { numbers: 'string' } as const][
        below(3)
      ];
      const wanted = naiveParse(text, options) as { value: unknown };
      const pieceBytes = [0, 1, 8, 30, 100][below(5)];
      const value = await buildFrom(Buffer.from(text), options, pieceBytes);
      expect([text, pieceBytes, spelt(value)]).toEqual([text, pieceBytes, spelt(wanted.value)]);
    }
  });

  test('is the same at any depth', async () => {
    const depth = 100_000;
    let value = await buildFrom(Buffer.from(`${'{"a":['.repeat(depth)}"x"${']}'.repeat(depth)}`), {}, 1000);
    for (let level = 0; level < depth; level++) [value] = (value as { a: unknown[] }).a;
    expect(value).toBe('x');
  });

  test.skipIf(whyNoCorpora() !== undefined).for(['twitter', 'citm_catalog', 'canada', 'mesh'])(
    'is that of the engine for %s.json',
    async (name) => {
      const bytes = readFileSync(path.join(CORPORA, 'json', `${name}.json`));
      const wanted: unknown = JSON.parse(bytes.toString());
      for (const pieceBytes of [1000, 20_000, undefined]) {
        expect(isDeepStrictEqual(await buildFrom(bytes, {}, pieceBytes), wanted)).toBe(true);
      }
    },
  );

  test('lets other work happen between the pieces, and stops when it is aborted', async () => {
    const bytes = Buffer.from(`[${'{"a":[1,2,3],"b":"text"},'.repeat(400_000)}0]`);
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    count();
    const value = (await buildFrom(bytes, {})) as unknown[];
    isDone = true;
    expect(value).toHaveLength(400_001);
    expect(turns).toBeGreaterThan(5);

    await expect(buildFrom(bytes, {}, undefined, AbortSignal.abort('enough'))).rejects.toMatchObject({
      code: 'ERR_PERF_JSON_ABORTED',
      cause: 'enough',
    });
  });
});
