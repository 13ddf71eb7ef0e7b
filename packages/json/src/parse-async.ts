import { bytesOf } from './input.ts';
import { JsonError } from './errors.ts';
import { sizeFault } from './limits.ts';
import { buildInTurns } from './parse/build-in-turns.ts';
import { readParseAsyncOptions } from './parse/options.ts';
import type { ParseAsyncOptions } from './parse/options.ts';
import { parseInput } from './parse/parse-input.ts';
import { CheckingThread } from './parse/thread.ts';
import { throwIfAborted } from './source/reading.ts';

/** Smaller documents are parsed in place: about a millisecond, and the way to the thread and back takes a tenth of one. */
const MIN_THREAD_BYTES = 262_144;

// Stated here, because in the build this file's code may lie in a chunk beside index.js, and so does this folder.
const entry = new URL(`./parse/thread-entry${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

let thread: CheckingThread | undefined;

/**
 * The value of a large JSON document, in UTF-8 bytes, without holding up the event loop: what `parse` returns and throws.
 *
 * The document is checked and indexed in a thread (one for the process, started by the first call, ended when idle); the
 * options are applied there too. Values can only be built where they are used, so that stays on the event loop, in
 * turns of about 2 ms with others' work between them: the whole takes longer than `parse`, and the value grows meanwhile. A
 * single string of many megabytes cannot be divided. Below 256 kB everything is done in place, at once.
 *
 * The bytes are copied first, on the event loop (a fraction of a millisecond for each megabyte), so they may be changed at
 * once; `transfer` spares the copy and takes their ArrayBuffer away. The index needs 8 bytes for each value and key.
 *
 * Rejects with what `parse` throws; with `ERR_PERF_JSON_ABORTED` as soon as `signal` aborts (at the next turn, where the
 * value is being built); with `ERR_PERF_JSON_THREAD` where the thread ends, for example for want of memory.
 *
 * ```js
 * import { parseAsync } from '@perf/json';
 *
 * await parseAsync(Buffer.from('{"bid":"61800.20"}'), { signal: AbortSignal.timeout(1000) }); // { bid: '61800.20' }
 * ```
 */
export async function parseAsync(bytes: Uint8Array, options?: ParseAsyncOptions): Promise<unknown> {
  const { signal, transfer, ...settings } = readParseAsyncOptions(options);
  const reading = { caller: 'parseAsync', signal };
  throwIfAborted(reading);
  if (typeof bytes === 'string') {
    const advice = 'encode it with Buffer.from(text), or use parse';
    throw new JsonError('ERR_PERF_JSON_INPUT', `parseAsync: expected a Uint8Array, got a string: ${advice}`);
  }
  const input = bytesOf(bytes, 'parseAsync');
  if (input.length < MIN_THREAD_BYTES) return parseInput(input, settings, 'parseAsync');
  const tooLong = sizeFault(input, settings);
  if (tooLong !== undefined) throw tooLong;
  thread ??= new CheckingThread(entry);
  const checked = await thread.check({ bytes: ownBytes(input, transfer), settings }, reading);
  const { buffer, byteOffset, byteLength } = checked.bytes;
  const document = { ...checked, bytes: Buffer.from(buffer, byteOffset, byteLength) };
  return buildInTurns(document, checked.integers, reading);
}

/** Bytes in memory that nobody else has. */
function ownBytes(bytes: Buffer, transfer: boolean): Uint8Array {
  const { buffer } = bytes;
  if (transfer && buffer.byteLength === bytes.length) {
    try {
      // Newer than the types of the language level. Shared memory has no such method.
      return new Uint8Array((buffer as ArrayBuffer & { transfer(): ArrayBuffer }).transfer());
    } catch {
      // Memory that cannot be given away (of WebAssembly, of a pool) is copied.
    }
  }
  return new Uint8Array(bytes);
}
