import { booleanOption, integerOption, readOptions } from '@perf/internal';
import { JsonError, optionError } from '../errors.ts';
import { noText, typedError } from '../stringify.ts';
import { TextChunks } from './text-chunks.ts';
import { isLarge, LARGE_TEXT, largePieces, wholeText } from './value-pieces.ts';

export interface StringifyStreamOptions {
  /** The most bytes of a chunk, from 64. Default: 65,536. */
  readonly chunkBytes?: number | undefined;
  /** One line per element instead of an array of them. Default: false. */
  readonly lines?: boolean | undefined;
}

const RULES = {
  chunkBytes: integerOption(65_536, 64, 0x4000_0000),
  lines: booleanOption(false),
};

/** Elements with what stands around them, as they are put together to chunks. */
class ElementText extends TextChunks {
  readonly #isLines: boolean;
  readonly #isSequence: boolean;
  #count = 0;

  /** Without a sequence there is one element, which is the whole value. */
  constructor(chunkBytes: number, isLines: boolean, isSequence: boolean) {
    super(chunkBytes);
    this.#isLines = isLines;
    this.#isSequence = isSequence;
  }

  /** False for an element that is large, which is not added. Chunks may be full afterwards. */
  addSmall(element: unknown): boolean {
    let text: string | undefined;
    try {
      if (isLarge(element, LARGE_TEXT)) return false;
      text = wholeText(element, this.#isArray ? this.#count : '');
    } catch (error) {
      throw this.#fault(error);
    }
    if (text === undefined) throw this.#fault(noText(element));
    this.#begin();
    this.add(text);
    this.#finish();
    return true;
  }

  /** Adds a large element and yields the chunks that it fills. */
  *addLarge(element: object): Generator<Uint8Array, void, undefined> {
    const pieces = largePieces(element, LARGE_TEXT);
    this.#begin();
    for (;;) {
      let step: IteratorResult<string, void>;
      try {
        step = pieces.next();
      } catch (error) {
        throw this.#fault(error);
      }
      if (step.done === true) break;
      this.add(step.value);
      if (this.isFull) yield* this.full();
    }
    this.#finish();
  }

  /** Adds what ends the text. */
  end(): void {
    if (this.#isArray) this.add(this.#count === 0 ? '[]' : ']');
  }

  get #isArray(): boolean {
    return this.#isSequence && !this.#isLines;
  }

  #begin(): void {
    if (this.#isArray) this.add(this.#count === 0 ? '[' : ',');
  }

  #finish(): void {
    if (this.#isLines) this.add('\n');
    this.#count++;
  }

  /** The error with the index of the element in it. What the caller's own code throws passes through. */
  #fault(cause: unknown): unknown {
    const error = typedError(cause);
    if (!(error instanceof JsonError) || !this.#isSequence) return error;
    return new JsonError(error.code, `element ${this.#count}: ${error.message}`, { index: this.#count, cause });
  }
}

/**
 * The JSON text of a sequence of values, as bytes in chunks of at most `chunkBytes`: one array of them, or with `lines` one
 * line each. Nothing is written ahead of the chunk that is asked for, so a slow reader holds the source back:
 * `pipeline(stringifyStream(rows), createWriteStream(path))`.
 *
 * The source is an async iterable (the chunks then come from an async generator), or any other iterable but a string.
 * Anything else is one value, whose own text is written. Values are written as by `JSON.stringify`, toJSON included, and
 * the text may be longer than a string can be: of a large array or object, only a piece is made at a time. To find out
 * which are large they are looked at before, so a getter of theirs may run more than once.
 *
 * An element that has no text (`undefined`, a function, a symbol, a BigInt, a cycle) is `ERR_PERF_JSON_VALUE` with its
 * `index`, after the chunks of what stands before it. What the source, a getter or a toJSON throws passes through.
 * Throws `ERR_PERF_JSON_OPTION`.
 *
 * ```js
 * import { stringifyStream } from '@perf/json';
 *
 * const rows = [{ bid: '61800.20' }, { bid: '61800.30' }];
 * for (const chunk of stringifyStream(rows, { lines: true })) process.stdout.write(chunk);
 * ```
 */
export function stringifyStream(
  source: AsyncIterable<unknown>,
  options?: StringifyStreamOptions,
): AsyncGenerator<Uint8Array, void, undefined>;
export function stringifyStream(
  source: unknown,
  options?: StringifyStreamOptions,
): Generator<Uint8Array, void, undefined>;
export function stringifyStream(
  source: unknown,
  options?: StringifyStreamOptions,
): Generator<Uint8Array, void, undefined> | AsyncGenerator<Uint8Array, void, undefined> {
  const { chunkBytes, lines } = readOptions('stringifyStream', options, RULES, optionError);
  if (has(source, Symbol.asyncIterator)) {
    return asyncChunks(source as AsyncIterable<unknown>, new ElementText(chunkBytes, lines, true));
  }
  const isSequence = has(source, Symbol.iterator);
  return syncChunks(
    isSequence ? (source as Iterable<unknown>) : [source],
    new ElementText(chunkBytes, lines, isSequence),
  );
}

function* syncChunks(elements: Iterable<unknown>, text: ElementText): Generator<Uint8Array, void, undefined> {
  try {
    for (const element of elements) {
      if (!text.addSmall(element)) yield* text.addLarge(element as object);
      if (text.isFull) yield* text.full();
    }
  } catch (error) {
    // What stands before the fault is delivered first.
    yield* text.rest();
    throw error;
  }
  text.end();
  yield* text.rest();
}

async function* asyncChunks(
  elements: AsyncIterable<unknown>,
  text: ElementText,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const element of elements) {
      if (!text.addSmall(element)) yield* text.addLarge(element as object);
      if (text.isFull) yield* text.full();
    }
  } catch (error) {
    yield* text.rest();
    throw error;
  }
  text.end();
  yield* text.rest();
}

function has(source: unknown, method: symbol): boolean {
  if ((typeof source !== 'object' && typeof source !== 'function') || source === null) return false;
  return typeof (source as Record<symbol, unknown>)[method] === 'function';
}
