import { JsonError } from '../errors.ts';
import type { ByteReader } from '../source/byte-source.ts';
import { LINE_FEED } from './line.ts';

const BYTE_ORDER_MARK: Uint8Array = new Uint8Array([0xef, 0xbb, 0xbf]);

/**
 * The most that is read at once: the call costs little beside decoding so much, which takes about a millisecond natively.
 */
export const BLOCK_BYTES: number = 1 << 20;

/** Whole lines of the input, or the place of a line that is too long to be kept. */
export interface LineBlock {
  /** The lines are `bytes[from, end)`; each ends with a line feed, also the last of an input that lacks it. */
  readonly bytes: Buffer;
  readonly from: number;
  readonly end: number;
  /** Place of `bytes[0]` in the input, which is what compressed data unfold to. */
  readonly byteOffset: number;
  /** In place of lines: the line that starts at `byteOffset` is longer than allowed. Its bytes are not here. */
  readonly isTooLong: boolean;
  /** Bytes of the source that had been read for it and for what is before it. */
  readonly bytesRead: number;
}

export interface LineLimits {
  /** Bytes of a line, without its line feed. */
  readonly maxLineBytes: number;
  /** Bytes of the input. */
  readonly maxBytes: number;
}

/**
 * Cuts a source into blocks of whole lines. A block is what one read gave, behind the start of a line that was left over:
 *
 *     read into      a…a\nb…b\nccc           the block: a…a\nb…b\n
 *     the next one   ccc·····               the start of line c is copied there, and the read goes on behind it
 *
 * So a stream's lines are there as soon as they have arrived, and a file is read by whole blocks. A line that is longer
 * than the buffer has it doubled until the line is too long; then what follows up to the next line feed is passed over.
 *
 * Buffers are used again once they are released.
 */
export class LineBlocks {
  readonly #source: ByteReader;
  readonly #limits: LineLimits;
  readonly #allocate: (sizeBytes: number) => Buffer;
  readonly #released: Buffer[] = [];
  /** What the next block is read into. The first `#filled` bytes are the start of a line. */
  #buffer: Buffer = EMPTY;
  #filled = 0;
  /** Place of the buffer's first byte in the input. */
  #byteOffset = 0;
  /** Whether a byte order mark was looked for. */
  #hasBegun = false;
  /** Inside a line that is too long. */
  #isPassingOver = false;
  #isEnded = false;

  constructor(source: ByteReader, limits: LineLimits, allocate: (sizeBytes: number) => Buffer) {
    this.#source = source;
    this.#limits = limits;
    this.#allocate = allocate;
  }

  /** The next block, or undefined at the end; one at a time. Rejects as the source does, and with `ERR_PERF_JSON_SIZE`. */
  async next(): Promise<LineBlock | undefined> {
    while (!this.#isEnded) {
      let searched = this.#filled;
      if ((await this.#read()) === 0) return this.#last();
      if (!this.#hasBegun) {
        if (!this.#begin()) continue;
        searched = 0;
      }
      const lineFeed = this.#buffer.subarray(searched, this.#filled).lastIndexOf(LINE_FEED);
      if (lineFeed >= 0) {
        const block = this.#cut(searched + lineFeed + 1);
        if (block.from < block.end) return block;
        this.release(block);
      } else if (this.#isPassingOver) {
        this.#drop();
      } else if (this.#filled > this.#limits.maxLineBytes) {
        const block = this.#block(EMPTY, 0, 0, true);
        this.#isPassingOver = true;
        this.#drop();
        return block;
      }
    }
    return undefined;
  }

  /** Gives the memory of a block back. */
  release({ bytes }: { readonly bytes: Buffer }): void {
    // A larger one was for a single line.
    if (bytes.length === BLOCK_BYTES) this.#released.push(bytes);
  }

  /** Appends what the source has to the buffer: how many bytes came, 0 at the end. Leaves room for a byte then. */
  async #read(): Promise<number> {
    const { maxBytes, maxLineBytes } = this.#limits;
    // One byte more than allowed tells that there is more.
    const left = maxBytes + 1 - (this.#byteOffset + this.#filled);
    if (left <= 0) {
      const advice = 'raise maxBytes if the source is trusted';
      const details = { byteOffset: maxBytes };
      throw new JsonError('ERR_PERF_JSON_SIZE', `the input has more than ${maxBytes} bytes: ${advice}`, details);
    }
    if (this.#filled === this.#buffer.length) {
      const buffer = this.#take(Math.max(BLOCK_BYTES, Math.min(2 * this.#filled, maxLineBytes + 1)));
      const full = this.#buffer;
      this.#continueIn(buffer, 0);
      this.release({ bytes: full });
    }
    const end = Math.min(this.#buffer.length, this.#filled + Math.min(BLOCK_BYTES, left));
    const count = await this.#source.read(this.#buffer.subarray(0, end), this.#filled);
    this.#filled += count;
    return count;
  }

  /** Removes a byte order mark. False while there are too few bytes to tell; those have no line feed. */
  #begin(): boolean {
    const isMark = BYTE_ORDER_MARK.every((byte, at) => at >= this.#filled || this.#buffer[at] === byte);
    if (isMark && this.#filled < BYTE_ORDER_MARK.length) return false;
    this.#hasBegun = true;
    if (isMark) {
      this.#buffer.copyWithin(0, BYTE_ORDER_MARK.length, this.#filled);
      this.#byteOffset = BYTE_ORDER_MARK.length;
      this.#filled -= BYTE_ORDER_MARK.length;
    }
    return true;
  }

  /** The lines up to `end`; the rest is the start of the next block, and less than one read. */
  #cut(end: number): LineBlock {
    const from = this.#isPassingOver ? this.#buffer.indexOf(LINE_FEED) + 1 : 0;
    this.#isPassingOver = false;
    const block = this.#block(this.#buffer, from, end, false);
    this.#continueIn(this.#take(BLOCK_BYTES), end);
    return block;
  }

  #last(): LineBlock | undefined {
    this.#isEnded = true;
    if (this.#filled === 0 || this.#isPassingOver) return undefined;
    this.#buffer[this.#filled++] = LINE_FEED;
    return this.#cut(this.#filled);
  }

  #block(bytes: Buffer, from: number, end: number, isTooLong: boolean): LineBlock {
    return { bytes, from, end, byteOffset: this.#byteOffset, isTooLong, bytesRead: this.#source.bytesRead };
  }

  /** Goes on in another buffer with what the present one has from `from` on. */
  #continueIn(buffer: Buffer, from: number): void {
    buffer.set(this.#buffer.subarray(from, this.#filled));
    this.#buffer = buffer;
    this.#byteOffset += from;
    this.#filled -= from;
  }

  /** Goes on behind what is there, without it. */
  #drop(): void {
    this.#byteOffset += this.#filled;
    this.#filled = 0;
    if (this.#buffer.length > BLOCK_BYTES) this.#buffer = this.#take(BLOCK_BYTES);
  }

  #take(sizeBytes: number): Buffer {
    return (sizeBytes === BLOCK_BYTES ? this.#released.pop() : undefined) ?? this.#allocate(sizeBytes);
  }
}

const EMPTY: Buffer = Buffer.alloc(0);
