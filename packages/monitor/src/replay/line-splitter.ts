import { MonitorError } from '../errors.ts';

const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts chunks into lines without copying those that lie within one chunk:
 *
 * ```
 *   chunk 1                 chunk 2
 *   ┌──────────┬─────┐      ┌──────┬──────────┬───
 *   │ line (view)│ carry ───▶ │ rest │ line (view)│
 *   └──────────┴─────┘      └──────┴──────────┴───
 *                     └── copied once ──┘
 * ```
 *
 * After `next()` has returned true, `bytes[start, end)` is the line, valid until the next `push`.
 */
export class LineSplitter {
  bytes: Uint8Array = new Uint8Array(0);
  start: number = 0;
  end: number = 0;
  /** Lines handed out so far; the 1-based number of the current one. */
  line: number = 0;
  /** Bytes of the lines handed out so far, with their line ends: the offset of the next line. */
  offset: number = 0;

  readonly #maxLineBytes: number;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;
  #carry: Uint8Array = new Uint8Array(4096);
  #carried = 0;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** Gives the next chunk; the last one must have been read to its end. */
  push(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  /** Moves to the next complete line. Throws `ERR_PERF_MONITOR_RECORDING` at a line beyond the limit. */
  next(): boolean {
    const chunk = this.#chunk;
    if (this.#at >= chunk.length) return false;
    const lineEnd = chunk.indexOf(LF, this.#at);
    if (lineEnd < 0) {
      this.#keep(chunk, this.#at, chunk.length);
      this.#at = chunk.length;
      return false;
    }
    if (this.#carried === 0) {
      this.#check(lineEnd - this.#at);
      this.#emit(chunk, this.#at, lineEnd);
    } else {
      this.#keep(chunk, this.#at, lineEnd);
      this.#emit(this.#carry, 0, this.#carried);
      this.#carried = 0;
    }
    this.offset++;
    this.#at = lineEnd + 1;
    return true;
  }

  /** After the last chunk: the line without a line end, if there is one. */
  finish(): boolean {
    if (this.#carried === 0) return false;
    this.#emit(this.#carry, 0, this.#carried);
    this.#carried = 0;
    return true;
  }

  #emit(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.start = start;
    this.offset += end - start;
    this.end = end > start && bytes[end - 1] === CR ? end - 1 : end;
    this.line++;
  }

  #keep(chunk: Uint8Array, start: number, end: number): void {
    const length = this.#carried + (end - start);
    this.#check(length);
    if (length > this.#carry.length) {
      const larger = new Uint8Array(Math.max(length, this.#carry.length * 2));
      larger.set(this.#carry.subarray(0, this.#carried));
      this.#carry = larger;
    }
    this.#carry.set(chunk.subarray(start, end), this.#carried);
    this.#carried = length;
  }

  #check(length: number): void {
    if (length <= this.#maxLineBytes) return;
    throw new MonitorError(
      'ERR_PERF_MONITOR_RECORDING',
      `line ${this.line + 1} (byte ${this.offset}) is longer than ${this.#maxLineBytes} bytes: is this a recording?`,
      { line: this.line + 1, byteOffset: this.offset },
    );
  }
}
