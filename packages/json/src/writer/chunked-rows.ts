import type { RowFrame } from './row-frame.ts';
import { RowsProgress, viewOf, type Rows, type RowsWriter } from './rows.ts';

const NOTHING = new Uint8Array(0);

/** Rows of one or more sets of columns, as chunks of at most `chunkBytes`, each with memory of its own. */
export class ChunkedRows {
  readonly #write: RowsWriter;
  readonly #frame: RowFrame;
  readonly #chunkBytes: number;
  readonly #progress = new RowsProgress();
  #chunk: Uint8Array | undefined;
  #at = 0;
  #isBegun = false;
  /** What is left of a row that is longer than a chunk. */
  #long: Uint8Array = NOTHING;
  #columns: Rows = { length: 0, fields: {} };
  #row = 0;
  /** Thrown once what stands before it is delivered. */
  #fault: { readonly error: unknown } | undefined;

  constructor(write: RowsWriter, frame: RowFrame, chunkBytes: number) {
    this.#write = write;
    this.#frame = frame;
    this.#chunkBytes = chunkBytes;
  }

  /** The columns that `next` goes on with, once it is through with those before. They must be checked. */
  begin(columns: Rows): void {
    this.#columns = columns;
    this.#row = 0;
  }

  /** The next full chunk, or undefined when all rows of the columns are written. */
  next(): Uint8Array | undefined {
    const { length } = this.#columns;
    for (;;) {
      if (this.#fault !== undefined) throw this.#fault.error;
      if (this.#long.length > 0) {
        const piece = this.#takeLong();
        if (piece !== undefined) return piece;
      }
      if (this.#row >= length) return undefined;
      this.#fill();
      // A row that does not fit goes to the next chunk, and where that is empty too, past it.
      if (this.#row < length) {
        if (this.#at > 0) return this.#take();
        if (this.#fault === undefined) this.#writeLong();
      }
    }
  }

  /** What is left after the last columns: at most two chunks. */
  *end(): Generator<Uint8Array, void, undefined> {
    const closing = this.#isBegun ? this.#frame.close : this.#frame.empty;
    if (this.#at + closing.length > this.#chunkBytes) yield this.#take();
    this.#room().set(closing, this.#at);
    this.#at += closing.length;
    if (this.#at > 0) yield this.#take();
  }

  #room(): Uint8Array {
    return (this.#chunk ??= Buffer.allocUnsafeSlow(this.#chunkBytes));
  }

  #fill(): void {
    const from = this.#at;
    const chunk = this.#room();
    const progress = this.#progress;
    const { length } = this.#columns;
    const before = this.#row;
    progress.row = before;
    progress.at = from;
    try {
      this.#at = this.#write(this.#columns, before, length, viewOf(chunk), from, this.#chunkBytes, progress);
    } catch (error) {
      this.#at = progress.at;
      this.#fault = { error };
    }
    this.#row = progress.row;
    if (this.#row > before) this.#open(chunk, from);
  }

  /** The next row, in memory that is large enough for it. */
  #writeLong(): void {
    const { room } = this.#progress;
    const bytes = Buffer.allocUnsafeSlow(room);
    const end = this.#write(this.#columns, this.#row, this.#row + 1, viewOf(bytes), 0, room, this.#progress);
    this.#row++;
    this.#open(bytes, 0);
    this.#long = bytes.subarray(0, end);
  }

  /** The rest goes into the next chunk, together with the rows that follow. */
  #takeLong(): Uint8Array | undefined {
    const long = this.#long;
    if (long.length <= this.#chunkBytes) {
      this.#room().set(long);
      this.#at = long.length;
      this.#long = NOTHING;
      return undefined;
    }
    this.#long = long.subarray(this.#chunkBytes);
    return long.subarray(0, this.#chunkBytes);
  }

  #take(): Uint8Array {
    const chunk = this.#room().subarray(0, this.#at);
    this.#chunk = undefined;
    this.#at = 0;
    return chunk;
  }

  #open(bytes: Uint8Array, at: number): void {
    if (!this.#isBegun && this.#frame.open !== undefined) bytes[at] = this.#frame.open;
    this.#isBegun = true;
  }
}
