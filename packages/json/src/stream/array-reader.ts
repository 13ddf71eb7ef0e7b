import type { ReadPointer } from '../document/pointer.ts';
import { typeOf } from '../document/value-type.ts';
import { JsonError } from '../errors.ts';
import { OPEN_BRACKET } from '../scan-tokens.ts';
import { DocumentScanner } from './document-scanner.ts';
import type { ElementLimits, ElementTaker } from './element-taker.ts';
import { scanError, sizeError } from './stream-error.ts';
import type { Window } from './window.ts';

/** How an array is read. */
export interface ArrayReading<Batch> {
  readonly pointer: ReadPointer;
  /** The pointer's text, for messages. */
  readonly pointerText: string;
  readonly maxDepth: number;
  readonly maxElementBytes: number;
  makeTaker(limits: ElementLimits): ElementTaker<Batch>;
  /** After each piece of the document: how many elements there were. */
  onPiece(elements: number): void;
}

/**
 * Reads the array that a pointer leads to, batch by batch, and checks the document around it.
 *
 * A scanner of the document goes to the array; a taker takes its elements; the scanner goes on behind it to the end. Where
 * the taker refuses an element, the scanner, which says exactly what is wrong, takes over there.
 */
export class ArrayReader<Batch> {
  readonly #window: Window;
  readonly #reading: ArrayReading<Batch>;
  readonly #scanner: DocumentScanner;
  #elements = 0;

  constructor(window: Window, reading: ArrayReading<Batch>) {
    this.#window = window;
    this.#reading = reading;
    this.#scanner = new DocumentScanner(reading.maxDepth, reading.pointer);
  }

  async *batches(): AsyncGenerator<Batch, void, undefined> {
    const window = this.#window;
    const scanner = this.#scanner;
    if ((await this.#scan()) !== 'arrived') throw this.#stopError();
    if (window.bytes[window.from] !== OPEN_BRACKET) throw this.#typeError();
    if (scanner.enter()) {
      window.from++;
      const { maxDepth, maxElementBytes, makeTaker } = this.#reading;
      const taker = makeTaker({ maxDepth: maxDepth - scanner.depth, maxElementBytes });
      let taken = taker.take(window);
      for (; taken !== 'refused'; taken = taker.take(window)) {
        this.#elements = taker.count;
        const batch = taker.batch();
        if (batch !== undefined) yield batch;
        if (taken === 'closed') break;
        if (taken === 'more') await this.#more();
      }
      if (taken === 'refused') {
        // Rows that were taken before it and are not yet a batch.
        const batch = taker.batch();
        if (batch !== undefined) yield batch;
        throw await this.#refusal(taker);
      }
      scanner.resume(window.position, taker.count === 0 ? 'first-value' : 'next');
    }
    if ((await this.#scan()) !== 'done') throw this.#stopError();
  }

  async #more(): Promise<void> {
    if (await this.#window.more()) this.#reading.onPiece(this.#elements);
  }

  /** Scans until something else stops it than the end of the bytes at hand. */
  async #scan(): Promise<DocumentScanner['stop']> {
    const window = this.#window;
    const scanner = this.#scanner;
    for (;;) {
      window.from = scanner.scan(window.bytes, window.from, window.to, window.isLast);
      if (scanner.stop !== 'more') return scanner.stop;
      await this.#more();
    }
  }

  /** What is wrong with the element at `window.from`. */
  async #refusal(taker: ElementTaker<Batch>): Promise<unknown> {
    const window = this.#window;
    const scanner = this.#scanner;
    const { maxDepth, maxElementBytes } = this.#reading;
    const fault = taker.fault(window);
    if (fault !== undefined) return fault;
    const start = window.position;
    scanner.resume(start, taker.count === 0 ? 'first-value' : 'value');
    if (taker.isTooLarge) {
      // Either the bytes that it may have are wrong, or it is too large: the same however they came.
      const at = scanner.scan(window.bytes, window.from, window.from + maxElementBytes, false);
      if (scanner.stop !== 'fault') {
        const what = `element ${taker.count} has more than ${maxElementBytes} bytes`;
        return sizeError(what, start, 'raise maxElementBytes if the source is trusted');
      }
      window.from = at;
      return scanError(scanner, window, maxDepth);
    }
    if ((await this.#scan()) !== 'done') return this.#stopError();
    // Nothing is wrong with the document: the engine ran out of something, and its own error says it best.
    return taker.cause ?? sizeError(`element ${taker.count} cannot be built`, start, 'the engine refuses it');
  }

  #stopError(): JsonError {
    const { pointerText, maxDepth } = this.#reading;
    const byteOffset = this.#window.position;
    const pointer = JSON.stringify(pointerText);
    if (this.#scanner.stop === 'missing') {
      const what = `no value at ${pointer}, as is known at byte ${byteOffset}`;
      return new JsonError('ERR_PERF_JSON_MISSING', `${what}: compare the pointer with the document`, { byteOffset });
    }
    if (this.#scanner.stop === 'repeated') {
      const what = `a key of ${pointer} comes again at byte ${byteOffset}, behind the array that was read`;
      const advice = 'JSON.parse would have taken the later one; make keys unique';
      return new JsonError('ERR_PERF_JSON_DUPLICATE_KEY', `${what}: ${advice}`, { byteOffset });
    }
    return scanError(this.#scanner, this.#window, maxDepth);
  }

  #typeError(): JsonError {
    const { bytes, from, position: byteOffset } = this.#window;
    const found = `a value of type ${typeOf(bytes[from])} at byte ${byteOffset}`;
    const what = `expected an array at ${JSON.stringify(this.#reading.pointerText)}, found ${found}`;
    return new JsonError('ERR_PERF_JSON_TYPE', `${what}: compare the pointer with the document`, { byteOffset });
  }
}
