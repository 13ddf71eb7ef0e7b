import { sharedColumnsOf, type AnyColumns } from '../decoder/columns.ts';
import type { Decoder } from '../decoder/decoder.ts';
import type { NativeLines } from '../decoder/native-lines.ts';
import type { Schema } from '../decoder/types.ts';
import type { JsonError, JsonPosition } from '../errors.ts';
import type { Ahead, DecodedAhead } from './blocks-ahead.ts';
import { lineEnd } from './line.ts';
import { BLOCK_BYTES, type LineBlock } from './line-blocks.ts';
import type { LineDecoder, LineProgress } from './line-decoder.ts';
import type { ScannedLines } from './scanned-lines.ts';

/** Lines into columns natively; those that native code leaves, the bad ones among them, by the scanners in JavaScript. */
export class NativeLineDecoder implements LineDecoder<AnyColumns> {
  readonly #native: NativeLines;
  readonly #scanned: ScannedLines;
  readonly #maxLineBytes: number;
  readonly #progress: LineProgress = { at: 0, lines: 0, isRefused: false };

  constructor(native: NativeLines, scanned: ScannedLines, maxLineBytes: number) {
    this.#native = native;
    this.#scanned = scanned;
    this.#maxLineBytes = maxLineBytes;
  }

  decode({ bytes, end }: LineBlock, from: number, columns: AnyColumns): LineProgress {
    const progress = this.#progress;
    progress.at = from;
    progress.lines = 0;
    progress.isRefused = false;
    while (progress.at < end && columns.length < columns.capacity) {
      const { stop, at, lines } = this.#native.decode(bytes, progress.at, end, columns, this.#maxLineBytes);
      progress.at = at;
      progress.lines += lines;
      if (stop !== 'line') continue;
      const lineFeed = lineEnd(bytes, at);
      if (!this.#scanned.decodeLine(bytes, at, lineFeed, columns)) {
        progress.isRefused = true;
        break;
      }
      progress.at = lineFeed + 1;
      progress.lines++;
    }
    return progress;
  }

  faultOf(line: Buffer, origin: JsonPosition): JsonError {
    return this.#scanned.faultOf(line, origin);
  }
}

/** Rows that there is room for at first, and at most: no line that is read into a field is shorter than four bytes. */
const FIRST_ROWS = BLOCK_BYTES / 64;
const MOST_ROWS = BLOCK_BYTES / 4;

/** Blocks into columns on threads of native code: as many at once as are asked for. */
export class NativeAhead implements Ahead<AnyColumns> {
  readonly #native: NativeLines;
  readonly #decoder: Decoder<Schema>;
  readonly #maxLineBytes: number;
  #capacity = FIRST_ROWS;
  readonly #released: AnyColumns[] = [];

  constructor(native: NativeLines, decoder: Decoder<Schema>, maxLineBytes: number) {
    this.#native = native;
    this.#decoder = decoder;
    this.#maxLineBytes = maxLineBytes;
  }

  async decode({ bytes, from, end }: LineBlock): Promise<DecodedAhead<AnyColumns>> {
    const rows = this.#take();
    const { at, lines } = await this.#native.decodeAsync(bytes, from, end, rows, this.#maxLineBytes);
    return { rows, at, lines };
  }

  release({ rows }: DecodedAhead<AnyColumns>): void {
    // Rows that had no place are left to the calling thread, so blocks of short lines get more room.
    if (rows.length === rows.capacity) this.#capacity = Math.max(this.#capacity, 2 * rows.capacity);
    rows.length = 0;
    this.#released.push(rows);
  }

  #take(): AnyColumns {
    this.#capacity = Math.min(this.#capacity, MOST_ROWS);
    for (let rows = this.#released.pop(); rows !== undefined; rows = this.#released.pop()) {
      if (rows.capacity >= this.#capacity) return rows;
    }
    return sharedColumnsOf(this.#decoder, this.#capacity) as unknown as AnyColumns;
  }
}
