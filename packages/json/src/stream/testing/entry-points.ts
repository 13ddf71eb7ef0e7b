import { decoder } from '../../decoder/decoder.ts';
import { field } from '../../decoder/types.ts';
import { JsonError } from '../../errors.ts';
import type { EntryPoint } from '../../testing/entry-point.ts';
import { parseSource } from '../parse-file.ts';
import { streamArray } from '../stream-array.ts';
import { chunked } from './chunked.ts';

/** Whether it comes to an end without an error of the document. */
async function passes(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    // A document that is none may close what is around it: then the array is not met, or met twice.
    if (error instanceof JsonError && /_(?:SYNTAX|UTF8|MISSING|DUPLICATE_KEY)$/.test(error.code)) return false;
    throw error;
  }
}

async function exhaust(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const item of stream) void item;
}

const between =
  (head: string, tail: string) =>
  (document: Buffer): Buffer =>
    Buffer.concat([Buffer.from(head), document, Buffer.from(tail)]);

/** What documents have seldom enough: the verdict is about the rest of the element. */
const columns = decoder({ field: { path: 'field of the decoder', type: field.f64(), default: Number.NaN } });

/** The ways in that read a document in pieces. */
export const STREAMED_ENTRY_POINTS: readonly EntryPoint[] = [
  {
    name: 'parseFile',
    isChunked: true,
    accepts: (bytes, size) => passes(() => parseSource(chunked(bytes, size))),
  },
  {
    name: 'streamArray, an element',
    around: between('[0,', ',1]'),
    isChunked: true,
    accepts: (bytes, size) => passes(() => exhaust(streamArray(chunked(bytes, size), ''))),
  },
  {
    name: 'streamArray, an element into columns',
    around: between('[{},', ',{}]'),
    isChunked: true,
    accepts: (bytes, size) => passes(() => exhaust(streamArray(chunked(bytes, size), '', { columns }))),
  },
  {
    name: 'streamArray, before the array',
    around: between('{"skipped":', ',"rows":[1]}'),
    isChunked: true,
    accepts: (bytes, size) => passes(() => exhaust(streamArray(chunked(bytes, size), '/rows'))),
  },
  {
    name: 'streamArray, behind the array',
    around: between('{"rows":[1],"skipped":', '}'),
    isChunked: true,
    accepts: (bytes, size) => passes(() => exhaust(streamArray(chunked(bytes, size), '/rows'))),
  },
];
