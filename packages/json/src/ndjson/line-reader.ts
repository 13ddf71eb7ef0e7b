import { setImmediate as nextTurn } from 'node:timers/promises';
import { JsonError } from '../errors.ts';
import type { JsonPosition } from '../errors.ts';
import { placeOf } from '../report.ts';
import type { ByteReader } from '../source/byte-source.ts';
import { throwIfAborted, type Reading } from '../source/reading.ts';
import { BlocksAhead, type Turn } from './blocks-ahead.ts';
import { lineEnd } from './line.ts';
import { BLOCK_BYTES, LineBlocks, type LineBlock } from './line-blocks.ts';
import type { Rows } from './line-decoder.ts';
import type { RowKind } from './row-kind.ts';
import type { Settings } from './settings.ts';
import { progressOf, type Tally } from './summary.ts';

/** Decoding so many bytes in this thread ends a turn of the event loop: every block of a file does, small ones together. */
const BYTES_PER_TURN = BLOCK_BYTES / 2;

/** Lines of so many bytes end a batch: long ones would have it grow beyond any bound otherwise. */
const MAX_BATCH_BYTES = 1 << 24;

/** How rows become batches. */
export interface Batching<Into extends Rows> {
  readonly capacity: number;
  /** How long rows wait for more while the source is silent; undefined: for ever. */
  readonly maxWaitMs: number | undefined;
  /** Makes room in full rows. Without it they are delivered, and the next batch is begun. */
  readonly grow: ((rows: Into, tally: Tally) => Into) | undefined;
}

/** Reads the lines of a source into rows, in order, and delivers them in batches. */
export class LineReader<Into extends Rows, Batch> {
  readonly #source: ByteReader;
  readonly #reading: Reading;
  readonly #kind: RowKind<Into, Batch>;
  readonly #settings: Settings;
  readonly #batching: Batching<Into>;
  readonly #tally: Tally;
  readonly #blocks: LineBlocks;
  readonly #ahead: BlocksAhead<Into>;
  #rows: Into;
  #batchBytes = 0;
  #bytesInTurn = 0;

  /** The source is read under the same `reading`, whose signal must abort for the reader to be left early. */
  constructor(
    source: ByteReader,
    reading: Reading,
    kind: RowKind<Into, Batch>,
    settings: Settings,
    batching: Batching<Into>,
    tally: Tally,
  ) {
    this.#source = source;
    this.#reading = reading;
    this.#kind = kind;
    this.#settings = settings;
    this.#batching = batching;
    this.#tally = tally;
    const { ahead } = kind;
    this.#blocks = new LineBlocks(source, settings, ahead === undefined ? ownBuffer : sharedBuffer);
    this.#ahead = new BlocksAhead(this.#blocks, ahead === undefined ? 1 : settings.threads + 1, ahead);
    this.#rows = kind.make(batching.capacity);
  }

  async *batches(): AsyncGenerator<Batch, void, undefined> {
    try {
      for (;;) {
        const turn = await this.#next();
        if (turn === undefined) break;
        if (turn === PAUSE) {
          yield this.#take();
          continue;
        }
        this.#ahead.shift();
        for (const batch of this.#read(turn)) yield batch;
        this.#settings.onProgress?.(progressOf(this.#tally));
        if (this.#bytesInTurn >= BYTES_PER_TURN) {
          this.#bytesInTurn = 0;
          await nextTurn();
        }
      }
      if (this.#rows.length > 0) yield this.#batch();
    } catch (error) {
      if (this.#rows.length > 0 && this.#reading.signal?.aborted !== true) yield this.#batch();
      throw error;
    } finally {
      // Blocks that are still on their way end with the source; those that a thread is decoding, in a millisecond.
      await this.#source.close();
    }
  }

  /** The next block, or what there is instead of one: the end, or a pause long enough to deliver what has come. */
  async #next(): Promise<Turn<Into> | typeof PAUSE | undefined> {
    throwIfAborted(this.#reading);
    const next = this.#ahead.peek();
    const { maxWaitMs } = this.#batching;
    if (maxWaitMs === undefined || this.#rows.length === 0) return next;
    let timer: NodeJS.Timeout | undefined;
    const pause = new Promise<typeof PAUSE>((resolve) => {
      timer = setTimeout(resolve, maxWaitMs, PAUSE);
    });
    try {
      return await Promise.race([next, pause]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads a block into rows, and gives the batches that are full. */
  *#read({ block, decoded }: Turn<Into>): Generator<Batch, void, undefined> {
    const tally = this.#tally;
    const { decoder, ahead, append } = this.#kind;
    tally.bytesRead = block.bytesRead;
    tally.totalBytes = this.#source.totalBytes;
    let at = block.from;
    if (decoded !== undefined) {
      const { rows, lines } = decoded;
      for (let moved = 0; moved < rows.length;) {
        if (this.#isFull()) yield* this.#makeRoom();
        const count = append(rows, moved, this.#rows);
        moved += count;
        tally.rows += count;
      }
      at = decoded.at;
      tally.lines += lines;
      ahead?.release(decoded);
    }
    this.#bytesInTurn += block.end - at;
    while (at < block.end) {
      if (this.#isFull()) yield* this.#makeRoom();
      const before = this.#rows.length;
      const progress = decoder.decode(block, at, this.#rows);
      at = progress.at;
      tally.lines += progress.lines;
      tally.rows += this.#rows.length - before;
      if (!progress.isRefused) continue;
      const lineFeed = lineEnd(block.bytes, at);
      this.#refuse(block, at, lineFeed);
      at = lineFeed + 1;
    }
    if (block.isTooLong) this.#refuse(block, 0, Number.POSITIVE_INFINITY);
    this.#blocks.release(block);
    this.#batchBytes += block.end - block.from;
    const isFull = this.#isFull() || (this.#batchBytes >= MAX_BATCH_BYTES && this.#rows.length > 0);
    if (isFull && this.#batching.grow === undefined) yield this.#take();
  }

  #isFull(): boolean {
    return this.#rows.length === this.#rows.capacity;
  }

  *#makeRoom(): Generator<Batch, void, undefined> {
    const { grow } = this.#batching;
    if (grow === undefined) yield this.#take();
    else this.#rows = grow(this.#rows, this.#tally);
  }

  /** The rows as a batch, and new ones in their place. */
  #take(): Batch {
    const batch = this.#batch();
    this.#rows = this.#kind.make(this.#batching.capacity);
    this.#batchBytes = 0;
    return batch;
  }

  #batch(): Batch {
    throwIfAborted(this.#reading);
    return this.#kind.batchOf(this.#rows);
  }

  /** Does with the bad line of a block what was asked for; it ends at `lineFeed`. */
  #refuse({ bytes, byteOffset }: LineBlock, start: number, lineFeed: number): void {
    const tally = this.#tally;
    const { onBadLine, maxBadLines, maxLineBytes } = this.#settings;
    tally.lines++;
    tally.badLines++;
    const isKept = onBadLine === 'collect' && tally.faults.length < maxBadLines;
    if (!isKept && onBadLine !== 'throw') return;
    const origin = { byteOffset: byteOffset + start, line: tally.lines, column: 1 };
    const isTooLong = lineFeed - start > maxLineBytes;
    const fault = isTooLong
      ? tooLongError(origin, maxLineBytes)
      : this.#kind.decoder.faultOf(bytes.subarray(start, lineFeed), origin);
    if (!isKept) throw fault;
    tally.faults.push(fault);
  }
}

const PAUSE: unique symbol = Symbol('pause');

function ownBuffer(sizeBytes: number): Buffer {
  return Buffer.allocUnsafeSlow(sizeBytes);
}

/** For threads: memory that nothing can take from them while they read it. */
function sharedBuffer(sizeBytes: number): Buffer {
  return Buffer.from(new SharedArrayBuffer(sizeBytes));
}

function tooLongError(origin: JsonPosition, maxLineBytes: number): JsonError {
  const what = `a line of more than ${maxLineBytes} bytes at ${placeOf(origin)}`;
  return new JsonError('ERR_PERF_JSON_SIZE', `${what}: raise maxLineBytes if the source is trusted`, origin);
}
