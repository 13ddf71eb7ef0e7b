import { describe, expect, test } from 'vitest';
import { corpusFiles, whyNoCorpora } from '../testing/corpora.ts';
import { readNdjson } from './read-ndjson.ts';
import { chunksOf, drained } from './testing/chunks.ts';

const LINE_FEED = 0x0a;
const missing = whyNoCorpora();
const files = missing === undefined ? corpusFiles('json-test-suite') : [];
const accepted = files.filter(({ name }) => name.startsWith('y_'));
const refused = files.filter(({ name }) => name.startsWith('n_'));

/** Every document of the suite as a line, by the values of lines and by columns of no fields. */
async function verdict(bytes: Buffer, chunkBytes: number, columns: object | undefined): Promise<boolean> {
  const options = columns === undefined ? { onBadLine: 'collect' } : { onBadLine: 'collect', columns };
  // The large files are one bracket over and over.
  const size = Math.max(chunkBytes, bytes.length / 1000);
  const reader = readNdjson(
    chunksOf(bytes, () => size),
    options as never,
  );
  const { error } = await drained(reader);
  if (error !== undefined) throw error;
  const { rows, badLines } = reader.summary;
  // A file of several lines is no document, and one without any has none.
  return rows === 1 && badLines === 0;
}

describe.skipIf(missing !== undefined).each([undefined, {}])(
  `the conformance suite through lines, columns: %o${missing === undefined ? '' : ` (${missing})`}`,
  (columns) => {
    test.each([1, 2, 7, 1 << 20])('is told apart, from chunks of %i bytes', async (chunkBytes) => {
      // As lines: where a line feed is allowed, a space is.
      const lines = accepted.map(({ name, bytes }) => ({
        name,
        bytes: Buffer.from(bytes.map((byte) => (byte === LINE_FEED ? 0x20 : byte))),
      }));
      const wrong: string[] = [];
      for (const { name, bytes } of lines) if (!(await verdict(bytes, chunkBytes, columns))) wrong.push(name);
      for (const { name, bytes } of refused) if (await verdict(bytes, chunkBytes, columns)) wrong.push(name);
      expect(wrong).toEqual([]);
      expect([accepted.length, refused.length]).toEqual([95, 188]);
    });
  },
);
