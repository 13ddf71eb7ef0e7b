import { describe, expect, test } from 'vitest';
import { openSource } from '../source/open-source.ts';
import { BLOCK_BYTES, LineBlocks, type LineBlock, type LineLimits } from './line-blocks.ts';
import { chunksOf } from './testing/chunks.ts';

const LIMITS: LineLimits = { maxLineBytes: 1 << 24, maxBytes: Number.MAX_SAFE_INTEGER };

interface Cut {
  readonly pieces: readonly (string | { readonly tooLong: number })[];
  /** Place of the first byte of each piece. */
  readonly places: readonly number[];
  readonly allocated: number;
  readonly error: unknown;
}

async function cut(chunks: Iterable<Uint8Array>, limits: Partial<LineLimits> = {}): Promise<Cut> {
  const source = openSource(chunks, { caller: 'test', compression: 'none', signal: undefined });
  let allocated = 0;
  const blocks = new LineBlocks(source, { ...LIMITS, ...limits }, (sizeBytes) => {
    allocated += sizeBytes;
    return Buffer.alloc(sizeBytes, '\n');
  });
  const pieces: (string | { tooLong: number })[] = [];
  const places: number[] = [];
  let error: unknown;
  try {
    for (let block = await blocks.next(); block !== undefined; block = await blocks.next()) {
      pieces.push(pieceOf(block));
      places.push(block.byteOffset + block.from);
      blocks.release(block);
    }
  } catch (thrown) {
    error = thrown;
  }
  return { pieces, places, allocated, error };
}

function pieceOf({ bytes, from, end, byteOffset, isTooLong }: LineBlock): string | { tooLong: number } {
  return isTooLong ? { tooLong: byteOffset } : bytes.toString('latin1', from, end);
}

/** Too long lines apart, the pieces put together. */
function joined({ pieces }: Cut): string[] {
  const all = [''];
  for (const piece of pieces) {
    if (typeof piece === 'string') all[all.length - 1] += piece;
    else all.push(`<${piece.tooLong}>`, '');
  }
  return all;
}

describe('blocks of lines', () => {
  const text = 'a\n\nbcd\r\n  e\nfghijkl\nm';

  test.each([1, 2, 3, 4, 5, 7, 11, 100])('are whole lines in order, from chunks of %i bytes', async (size) => {
    const found = await cut(chunksOf(Buffer.from(text), () => size));
    expect(joined(found)).toEqual([`${text}\n`]);
    for (const piece of found.pieces) expect(piece).toMatch(/\n$/);
    for (const [index, place] of found.places.entries()) {
      expect(text.slice(place).startsWith(String(found.pieces[index]).trimEnd())).toBe(true);
    }
    expect(found.error).toBeUndefined();
  });

  test('end with a line feed only once', async () => {
    expect(joined(await cut([Buffer.from('a\n')]))).toEqual(['a\n']);
    expect(joined(await cut([]))).toEqual(['']);
    expect(joined(await cut([Buffer.from('\n')]))).toEqual(['\n']);
  });

  test.each([1, 2, 3, 4, 100])('leave out a byte order mark, from chunks of %i bytes', async (size) => {
    const bytes = Buffer.from('\ufeffa\n\ufeffb');
    const found = await cut(chunksOf(bytes, () => size));
    expect(joined(found)).toEqual(['a\n\xef\xbb\xbfb\n']);
    expect(found.places[0]).toBe(3);
    expect(joined(await cut(chunksOf(bytes.subarray(0, 3), () => size)))).toEqual(['']);
    expect(joined(await cut(chunksOf(bytes.subarray(0, 2), () => size)))).toEqual(['\xef\xbb\n']);
  });

  test.each([1, 2, 3, 5])('say where a line is too long, from chunks of %i bytes', async (size) => {
    const found = await cut(
      chunksOf(Buffer.from('ab\n0123456789\ncd\n0123456789'), () => size),
      { maxLineBytes: 3 },
    );
    expect(joined(found)).toEqual(['ab\n', '<3>', 'cd\n', '<17>', '']);
  });

  test('pass over a line of any length in the memory of one block', async () => {
    const chunk = Buffer.alloc(1 << 20, 'x');
    function* long(): Generator<Uint8Array, void, undefined> {
      yield Buffer.from('a\n');
      for (let count = 0; count < 200; count++) yield chunk;
      yield Buffer.from('\nb\n');
    }
    const found = await cut(long(), { maxLineBytes: 3 << 20 });
    expect(joined(found)).toEqual(['a\n', '<2>', 'b\n']);
    expect(found.places.at(-1)).toBe(2 + 200 * chunk.length + 1);
    expect(found.allocated).toBeLessThan(12 << 20);
  });

  test('hold a line that is longer than a block', async () => {
    const line = Buffer.alloc(3 * BLOCK_BYTES + 5, 'y').toString();
    const input = Buffer.from(`a\n${line}\n${line}\nb`);
    const found = await cut(chunksOf(input, () => 100_000));
    expect(joined(found)[0] === `${input.toString()}\n`).toBe(true);
    const exact = await cut([input], { maxLineBytes: line.length });
    expect(joined(exact)[0] === `${input.toString()}\n`).toBe(true);
    expect(joined(await cut([input], { maxLineBytes: line.length - 1 })).slice(1, 2)).toEqual(['<2>']);
  });

  test('use their memory again', async () => {
    const found = await cut(chunksOf(Buffer.alloc(50 << 20, 'z\n'), () => 1 << 20));
    expect(found.allocated).toBeLessThanOrEqual(4 * BLOCK_BYTES);
  });

  test.each([1, 2, 3, 100])('stop at the limit of the input, from chunks of %i bytes', async (size) => {
    const bytes = Buffer.from('ab\ncd\nef\n');
    const found = await cut(
      chunksOf(bytes, () => size),
      { maxBytes: 7 },
    );
    expect(joined(found)).toEqual(['ab\ncd\n']);
    expect(found.error).toMatchObject({ code: 'ERR_PERF_JSON_SIZE', byteOffset: 7 });
    const whole = await cut(
      chunksOf(bytes, () => size),
      { maxBytes: bytes.length },
    );
    expect([joined(whole), whole.error]).toEqual([[bytes.toString()], undefined]);
  });
});
