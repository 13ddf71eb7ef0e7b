import { columnsOf } from '../decoder/columns.ts';
import type { AnyColumns } from '../decoder/columns.ts';
import { rowReaderOf } from '../decoder/decoder.ts';
import type { Decoder, RowReader } from '../decoder/decoder.ts';
import { OK } from '../decoder/reasons.ts';
import type { AnySchema, ColumnsOf } from '../decoder/types.ts';
import { JsonError } from '../errors.ts';
import type { DecodeFault } from '../errors.ts';
import { CLOSE_BRACKET, COMMA, skipSpace } from '../scan-tokens.ts';
import { ElementFinder } from './element-finder.ts';
import type { ElementLimits, ElementTaker, Taken } from './element-taker.ts';
import type { Window } from './window.ts';

/**
 * Takes elements as rows of columns. The generated scanner of the decoder reads an element and says where it ends, so that a
 * usual one is read once and nothing else looks at it. One that is cut or unusual has its end looked for first, by counting
 * brackets. Either way the decoder checks all of it.
 */
export class ColumnTaker<S extends AnySchema> implements ElementTaker<ColumnsOf<S>> {
  count = 0;
  isTooLarge = false;
  readonly cause: undefined;
  readonly #decoder: Decoder<S>;
  readonly #rows: RowReader;
  readonly #batchRows: number;
  readonly #limits: ElementLimits;
  readonly #finder = new ElementFinder();
  /** Bytes behind `window.from` that the finder has passed. */
  #searched = 0;
  #columns: ColumnsOf<S>;
  #taken: Taken = 'more';
  /** Where the element ends that the decoder refused. */
  #refusedEnd = -1;

  constructor(decoder: Decoder<S>, batchRows: number, limits: ElementLimits) {
    this.#decoder = decoder;
    this.#rows = rowReaderOf(decoder) as RowReader;
    this.#batchRows = batchRows;
    this.#limits = limits;
    this.#columns = columnsOf(decoder, batchRows);
  }

  take(window: Window): Taken {
    if (this.#taken === 'refused') return 'refused';
    const columns = this.#columns as AnyColumns;
    this.#taken = 'full';
    while (columns.length < columns.capacity) {
      const end = this.#read(window);
      if (end < 0) break;
      columns.length++;
      this.count++;
      if (window.bytes[end] === CLOSE_BRACKET) {
        window.from = end;
        this.#taken = 'closed';
        break;
      }
      window.from = end + 1;
    }
    return this.#taken;
  }

  /** Full ones, and the last. */
  batch(): ColumnsOf<S> | undefined {
    const columns = this.#columns;
    if (this.#taken === 'more' || (columns as AnyColumns).length === 0) return undefined;
    this.#columns = columnsOf(this.#decoder, this.#batchRows);
    return columns;
  }

  fault(window: Window): Error | undefined {
    if (this.#refusedEnd < 0) return undefined;
    const error = this.#decoder.faultOf(window.bytes, window.from, this.#refusedEnd);
    if (error?.code !== 'ERR_PERF_JSON_DECODE') return undefined;
    const { message, byteOffset = 0, reason, field, expected, found } = error as JsonError & DecodeFault;
    const details = { byteOffset: window.position + byteOffset, reason, field, expected, found };
    const where = `element ${this.count} at byte ${window.position}`;
    return new JsonError('ERR_PERF_JSON_DECODE', `${where}: ${message}`, details);
  }

  /** Reads the next element, and returns the place of the comma or bracket behind it; or −1, and says why in `#taken`. */
  #read(window: Window): number {
    const { bytes, from, to } = window;
    const end = this.#searched === 0 ? this.#readUsual(bytes, from, to) : -1;
    if (end < 0) return this.#readFound(window);
    return this.#isSeparator(bytes[end]) ? end : this.#stop('refused');
  }

  /** The place of what follows an element that the generated scanner reads, or −1. */
  #readUsual(bytes: Uint8Array, from: number, to: number): number {
    const start = skipSpace(bytes, from, to);
    const after = this.#rows.readPrefix(bytes, start, to, this.#columns as AnyColumns);
    // Every bracket has its partner, so that nothing shorter is too deep.
    if (after < 0 || after - start > 2 * this.#limits.maxDepth) return -1;
    const end = skipSpace(bytes, after, to);
    return end < to && end - from <= this.#limits.maxElementBytes ? end : -1;
  }

  #readFound(window: Window): number {
    const { bytes, from, to } = window;
    const end = this.#finder.find(bytes, from + this.#searched, to);
    this.#searched = 0;
    if (this.#finder.deepest > this.#limits.maxDepth) return this.#stop('refused');
    if ((end < 0 ? to : end) - from > this.#limits.maxElementBytes) {
      this.isTooLarge = true;
      return this.#stop('refused');
    }
    if (end < 0) {
      if (window.isLast) return this.#stop('refused');
      this.#searched = to - from;
      return this.#stop('more');
    }
    if (!this.#isSeparator(bytes[end])) return this.#stop('refused');
    if (this.count === 0 && bytes[end] === CLOSE_BRACKET && skipSpace(bytes, from, end) === end) {
      window.from = end;
      return this.#stop('closed');
    }
    if (this.#rows.read(bytes, from, end, this.#columns as AnyColumns) === OK) return end;
    this.#refusedEnd = end;
    return this.#stop('refused');
  }

  #isSeparator(byte: number): boolean {
    return byte === COMMA || byte === CLOSE_BRACKET;
  }

  #stop(taken: Taken): number {
    this.#taken = taken;
    return -1;
  }
}
