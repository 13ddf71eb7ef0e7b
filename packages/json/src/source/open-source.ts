import { types } from 'node:util';
import { JsonError } from '../errors.ts';
import { throwIfGone } from '../input.ts';
import type { ByteReader, ByteSource, Compression } from './byte-source.ts';
import { ChunkReader } from './chunk-reader.ts';
import { chunksOf, oneChunk } from './chunks.ts';
import { FileReader } from './file-reader.ts';
import { InflatingReader } from './inflating-reader.ts';
import type { Reading } from './reading.ts';

/**
 * A reader of a source's bytes, decompressed. Nothing is opened or taken before the first read.
 *
 * Throws `ERR_PERF_JSON_INPUT` for what is no source. Reading throws `ERR_PERF_JSON_SOURCE` where the source fails, and
 * `ERR_PERF_JSON_ABORTED`.
 */
export function openSource(
  source: ByteSource,
  { compression, ...reading }: Reading & { readonly compression: Compression },
): ByteReader {
  const raw = rawReader(source, reading);
  return compression === 'none' ? raw : new InflatingReader(raw, compression);
}

function rawReader(source: ByteSource, reading: Reading): ByteReader {
  if (typeof source === 'string' || source instanceof URL) return new FileReader(source, reading);
  if (types.isUint8Array(source)) {
    throwIfGone(source, reading.caller);
    return new ChunkReader(oneChunk(source), reading, source.length);
  }
  const chunks = chunksOf(source);
  if (chunks !== undefined) return new ChunkReader(chunks, reading);
  const kind = source === null ? 'null' : typeof source;
  const expected = 'a path, a URL, a Uint8Array, a stream or an iterable of them';
  throw new JsonError('ERR_PERF_JSON_INPUT', `${reading.caller}: expected ${expected}, got ${kind}`);
}
