import { STOP_BYTES, stopAt } from '../decoder/stage.ts';
import type { ByteReader } from '../source/byte-source.ts';

/**
 * Bytes that are read at once. First few, for most documents are small; twice as many after each read that filled them; at
 * most so many that the calls cost next to nothing and the loop is not held up for long.
 */
const FIRST_CHUNK_BYTES = 16 * 1024;
const MAX_CHUNK_BYTES = 256 * 1024;

/** Chunks that fit a new window: what is left over is moved that much less often. */
const CHUNKS = 4;

/** What messages and excerpts may show of the bytes before a fault. */
const HISTORY_BYTES = 512;

/**
 * The part of a document that is in memory.
 *
 * ```text
 *   bytes  [ used, some kept for messages | not used yet | a stop | room ]
 *            0                              from           to
 * ```
 *
 * While it is worked on, the next chunk is read elsewhere. A chunk is copied once, which takes a few percent of what any
 * work on it does, and leaves one array without borders in it.
 */
export class Window {
  bytes: Buffer = Buffer.allocUnsafeSlow(CHUNKS * FIRST_CHUNK_BYTES);
  /** Where the bytes start in the document. */
  start = 0;
  from = 0;
  to = 0;
  /** Nothing follows. */
  isLast = false;
  readonly #source: ByteReader;
  #chunk: Buffer = Buffer.allocUnsafeSlow(FIRST_CHUNK_BYTES);
  #ahead: Promise<number> | undefined;

  constructor(source: ByteReader) {
    this.#source = source;
  }

  /** Offset of the first unused byte in the document. */
  get position(): number {
    return this.start + this.from;
  }

  /** Adds a chunk; places in `bytes` may change, and `bytes` itself. False where there is none. */
  async more(): Promise<boolean> {
    if (this.isLast) return false;
    const count = await (this.#ahead ?? this.#read());
    if (count === 0) {
      this.isLast = true;
      return false;
    }
    if (this.to + count + STOP_BYTES > this.bytes.length) this.#makeRoom(count + STOP_BYTES);
    this.bytes.set(this.#chunk.subarray(0, count), this.to);
    this.to += count;
    stopAt(this.bytes, this.to);
    const { length } = this.#chunk;
    if (count === length && length < MAX_CHUNK_BYTES) this.#chunk = Buffer.allocUnsafeSlow(2 * length);
    this.#ahead = this.#read();
    return true;
  }

  #read(): Promise<number> {
    const read = this.#source.read(this.#chunk, 0);
    // Its error is met when its bytes are wanted, and by nobody when they never are.
    read.catch(() => undefined);
    return read;
  }

  #makeRoom(count: number): void {
    const { bytes } = this;
    const kept = Math.max(0, this.from - HISTORY_BYTES);
    const carried = this.to - kept;
    const least = Math.max(carried + count, CHUNKS * this.#chunk.length);
    // Above half, the next chunks would each move as much again.
    const fits = least <= bytes.length && carried <= bytes.length / 2;
    const target = fits ? bytes : Buffer.allocUnsafeSlow(Math.max(2 * bytes.length, least));
    bytes.copy(target, 0, kept, this.to);
    this.bytes = target;
    this.start += kept;
    this.from -= kept;
    this.to = carried;
  }
}
