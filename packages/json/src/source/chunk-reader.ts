import { setImmediate as nextTurn } from 'node:timers/promises';
import { types } from 'node:util';
import { JsonError } from '../errors.ts';
import { isGone } from '../input.ts';
import type { ByteReader } from './byte-source.ts';
import { throwIfAborted, unlessAborted } from './reading.ts';
import type { Reading } from './reading.ts';
import { messageOf, sourceError } from './source-error.ts';

/** What gives chunks; {@link import('./chunks.ts')} makes them. */
export interface Chunks {
  /** The next one, or undefined at the end. */
  next(): Promise<unknown>;
  /** Tells the producer to stop. */
  stop(): unknown;
}

/** After so many bytes the rest of the process gets its turn: chunks may come without ever waiting for anything. */
const BYTES_PER_TURN = 1 << 20;

const NOTHING = new Uint8Array(0);

/** Copies chunks of any size into the caller's memory. */
export class ChunkReader implements ByteReader {
  bytesRead = 0;
  readonly totalBytes: number | undefined;
  readonly #chunks: Chunks;
  readonly #reading: Reading;
  #chunk: Uint8Array = NOTHING;
  /** Its length when it came: the array of a buffer that is detached or resized has another one. */
  #length = 0;
  #at = 0;
  #sinceTurn = 0;
  #isWaiting = false;
  /** The producer has ended or failed: there is nothing to stop. */
  #isOver = false;
  #isClosed = false;

  constructor(chunks: Chunks, reading: Reading, totalBytes?: number) {
    this.#chunks = chunks;
    this.#reading = reading;
    this.totalBytes = totalBytes;
  }

  async read(target: Uint8Array, from: number): Promise<number> {
    throwIfAborted(this.#reading);
    if (this.#sinceTurn >= BYTES_PER_TURN) {
      this.#sinceTurn = 0;
      await nextTurn();
    }
    while (this.#at === this.#length) {
      if (this.#isOver || this.#isClosed) return 0;
      await this.#next();
    }
    if (this.#chunk.length < this.#length) throw this.#goneError();
    const count = Math.min(this.#length - this.#at, target.length - from, BYTES_PER_TURN);
    target.set(this.#chunk.subarray(this.#at, this.#at + count), from);
    this.#at += count;
    this.#sinceTurn += count;
    this.bytesRead += count;
    return count;
  }

  async #next(): Promise<void> {
    const chunk = await unlessAborted(this.#take(), this.#reading);
    if (chunk === undefined || this.#isClosed) return;
    if (!types.isUint8Array(chunk)) {
      const kind = typeof chunk === 'string' ? 'a string: leave out the encoding of the stream' : typeof chunk;
      throw new JsonError('ERR_PERF_JSON_INPUT', `${this.#reading.caller}: a chunk must be a Uint8Array, got ${kind}`);
    }
    if (isGone(chunk)) throw this.#goneError();
    this.#chunk = chunk;
    this.#length = chunk.length;
    this.#at = 0;
  }

  #goneError(): JsonError {
    const advice = 'their ArrayBuffer was detached or has shrunk; leave it until all of it is read';
    return sourceError('the bytes are gone', this.bytesRead, advice);
  }

  async #take(): Promise<unknown> {
    this.#isWaiting = true;
    try {
      const chunk = await this.#chunks.next();
      this.#isOver = chunk === undefined;
      return chunk;
    } catch (cause) {
      this.#isOver = true;
      throw sourceError('the stream failed', this.bytesRead, messageOf(cause), cause);
    } finally {
      this.#isWaiting = false;
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#chunk = NOTHING;
    this.#length = 0;
    this.#at = 0;
    if (this.#isOver) return;
    try {
      const stopped = this.#chunks.stop();
      // A generator that waits for its own source does not hear of it before that answers.
      if (this.#isWaiting) void Promise.resolve(stopped).catch(() => undefined);
      else await stopped;
    } catch {
      // The producer's trouble with stopping is not the reader's.
    }
  }
}
