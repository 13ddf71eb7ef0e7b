import type { prepareJsonDecoder } from './binding.ts';
import { NativeError } from './errors.ts';
import type { NativeErrorCode } from './errors.ts';
import { required } from './load.ts';

/** An array of a column. */
export type JsonColumn = Float64Array | BigInt64Array | Uint8Array | Int32Array | Uint32Array;

/**
 * Decodes JSON of one shape into typed arrays; made by {@link prepareJsonRows}.
 *
 * `control` carries numbers in and out. In: where to start (the first byte of a line, or the index of a document); where to
 * end (a byte, or a number of documents); the first row; the number of rows that the columns have; the most bytes of a line.
 * Out: where the first line or document starts that is not decoded (or its index); rows written; line feeds passed; for 3
 * the field.
 *
 * The returned number says why it stopped: 0, at the end; 1, the columns are full; 2, the next line or document is not
 * decoded here, being wrong, or of a kind that is left to JavaScript; 3, the levels of a field need longer arrays.
 */
export interface JsonRows {
  /** Lines of `bytes`. Blank ones are passed, and one that is longer than `control[4]` ends it (2). */
  decodeLines(bytes: Uint8Array, control: Float64Array, columns: readonly JsonColumn[]): number;
  /** Documents of `bytes`, the one with index `i` up to `ends[i]`, where a line feed follows that belongs to none. */
  decodeDocuments(bytes: Uint8Array, control: Float64Array, ends: Uint32Array, columns: readonly JsonColumn[]): number;
  /**
   * The same as `decodeLines` on a thread of ours, as many at a time as there are CPUs. `bytes` and all columns have to be on
   * shared memory, which the engine never detaches; nobody may use them, or `control`, before the promise is settled.
   */
  decodeLinesAsync(bytes: Uint8Array, control: Float64Array, columns: readonly JsonColumn[]): Promise<number>;
  /** Adds texts to a dictionary of the program, the one with index `i` up to `ends[i]`. How many it has. */
  learnTexts(dictionary: number, texts: Uint8Array, ends: Uint32Array): number;
}

class PreparedRows implements JsonRows {
  readonly #functions: ReturnType<typeof prepareJsonDecoder>;

  constructor(functions: ReturnType<typeof prepareJsonDecoder>) {
    this.#functions = functions;
  }

  decodeLines(bytes: Uint8Array, control: Float64Array, columns: readonly JsonColumn[]): number {
    try {
      return this.#functions.decodeLines(bytes, control, ...columns);
    } catch (cause) {
      throw wrongArgument('decodeLines', cause);
    }
  }

  decodeDocuments(bytes: Uint8Array, control: Float64Array, ends: Uint32Array, columns: readonly JsonColumn[]): number {
    try {
      return this.#functions.decodeDocuments(bytes, control, ends, ...columns);
    } catch (cause) {
      throw wrongArgument('decodeDocuments', cause);
    }
  }

  async decodeLinesAsync(bytes: Uint8Array, control: Float64Array, columns: readonly JsonColumn[]): Promise<number> {
    try {
      return await this.#functions.decodeLinesAsync(bytes, control, ...columns);
    } catch (cause) {
      throw wrongArgument('decodeLinesAsync', cause);
    }
  }

  learnTexts(dictionary: number, texts: Uint8Array, ends: Uint32Array): number {
    try {
      return this.#functions.learnTexts(dictionary, texts, ends);
    } catch (cause) {
      throw wrongArgument('learnTexts', cause);
    }
  }
}

/**
 * Prepares decoding by a schema: `words` and `keys` are as drawn in `crates/perf_json/src/decode/program.rs`, and made from
 * schemas by `decoder` of `@perf/json`, which is the comfortable front.
 *
 * Every document is checked whole: rows are written for valid JSON in valid UTF-8 and nothing else. O(length).
 *
 * Throws `ERR_PERF_NATIVE_UNAVAILABLE` without the addon; `ERR_PERF_NATIVE_ARGUMENT` for words that are no program, and from
 * the functions for arrays of another kind or number, and for columns that share memory with the bytes.
 *
 * ```js
 * import { prepareJsonRows } from '@perf/native';
 *
 * // One field, a double, under the key "p".
 * const scale = [0, 1, 0, 0];
 * const words = Int32Array.of(1, 1, 0, 1, 0, 0, 0, 0, 0, ...scale, ...scale, 1, 1, 0, 0);
 * const rows = prepareJsonRows(words, Buffer.from('p'));
 * const bytes = Buffer.from('{"p":1.5}\n{"p":"2"}\n');
 * const prices = new Float64Array(10);
 * const control = Float64Array.of(0, bytes.length, 0, 10, 1000);
 * rows.decodeLines(bytes, control, [prices]); // 0: the end; control[1] is 2, and prices are 1.5 and 2
 * ```
 */
export function prepareJsonRows(words: Int32Array, keys: Uint8Array): JsonRows {
  const prepare = required().prepareJsonDecoder;
  try {
    return new PreparedRows(prepare(words, keys));
  } catch (cause) {
    throw wrongArgument('prepareJsonRows', cause);
  }
}

/** The addon's own words say what was expected. */
function wrongArgument(name: string, cause: unknown): NativeError {
  const code: NativeErrorCode = 'ERR_PERF_NATIVE_ARGUMENT';
  return new NativeError(code, `${name}: ${(cause as Error).message}`, { cause });
}
