import type { ByteReader, ByteSource } from '../source/byte-source.ts';
import { openSource } from '../source/open-source.ts';
import { readFileOptions } from './options.ts';
import type { FileSettings, ParseFileOptions } from './options.ts';
import { scanError, sizeError } from './stream-error.ts';
import { ValueBuilder } from './value-builder.ts';
import type { Built } from './value-builder.ts';
import { Window } from './window.ts';

/**
 * The value of the JSON document in a file of any size, plain or compressed: what `parse` would return of its bytes, if they
 * fitted a string of the engine. One string in it still has to.
 *
 * The file is read in pieces, and the engine builds the value piece by piece, so that besides the value itself some
 * megabytes are in use, and the rest of the process gets its turn every few milliseconds. For the elements of one large array,
 * `streamArray` does not need the memory for the whole.
 *
 * Throws `ERR_PERF_JSON_OPTION` and `_INPUT`; rejects with what `parse` throws, with the `byteOffset` alone as position, and with
 * `_SOURCE` where reading or uncompressing fails, and `_ABORTED`.
 *
 * ```js
 * import { parseFile } from '@perf/json';
 *
 * const book = await parseFile('snapshot.json.gz', { maxBytes: 8_000_000_000, onProgress: ({ bytesRead }) => {} });
 * ```
 */
export function parseFile(path: string | URL, options?: ParseFileOptions): Promise<unknown> {
  return parseSource(path, options);
}

/** The same for any source. */
export function parseSource(source: ByteSource, options?: ParseFileOptions): Promise<unknown> {
  const settings = readFileOptions(options);
  const { compression, signal } = settings;
  const reader = openSource(source, { caller: 'parseFile', compression, signal });
  return buildValue(reader, settings).finally(() => reader.close());
}

async function buildValue(reader: ByteReader, settings: FileSettings): Promise<unknown> {
  const { maxDepth, maxBytes, onProgress } = settings;
  const window = new Window(reader);
  const more = async (): Promise<void> => {
    if (!(await window.more())) return;
    onProgress?.({ bytesRead: reader.bytesRead, totalBytes: reader.totalBytes });
    if (window.start + window.to > maxBytes) {
      throw sizeError('the document goes on', maxBytes, 'raise maxBytes if the source is trusted');
    }
  };

  const builder = new ValueBuilder(maxDepth);
  let built: Built = builder.build(window);
  for (; built === 'more'; built = builder.build(window)) await more();
  const start = window.position;
  const scanner = builder.scanner(window, built);
  for (;;) {
    window.from = scanner.scan(window.bytes, window.from, window.to, window.isLast);
    if (scanner.stop === 'fault') throw scanError(scanner, window, maxDepth);
    if (scanner.stop === 'done') break;
    await more();
  }
  if (built === 'done') return builder.value;
  throw sizeError('a value cannot be built', start, 'the engine cannot hold it as a string', builder.cause);
}
