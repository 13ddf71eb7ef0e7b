import type { JsonError, JsonPosition } from '../errors.ts';
import { lineEnd, trimEnd, trimStart } from './line.ts';
import type { LineBlock } from './line-blocks.ts';

/** Rows that lines are read into. */
export interface Rows {
  readonly capacity: number;
  /** How many are filled. */
  readonly length: number;
}

/** How far a decoder came. */
export interface LineProgress {
  /** The start of the first line that was not read, or the end of the block. */
  at: number;
  /** Lines that were passed, blank ones included. */
  lines: number;
  /** The line at `at` is bad. */
  isRefused: boolean;
}

/** Reads lines into rows: each line is a row, but for blank ones. */
export interface LineDecoder<Into extends Rows> {
  /**
   * Reads the lines of a block from `from` on, the start of one, until the block ends, the rows are full, or a line is
   * refused. A line of more than `maxLineBytes` is refused. The result is the same object every time.
   */
  decode(block: LineBlock, from: number, rows: Into): LineProgress;
  /** The error for a line that was refused for what it holds; `origin` is the place of its first byte in the input. */
  faultOf(line: Buffer, origin: JsonPosition): JsonError;
}

/** One line after the other, in JavaScript. */
export abstract class LineByLine<Into extends Rows> implements LineDecoder<Into> {
  readonly #maxLineBytes: number;
  readonly #progress: LineProgress = { at: 0, lines: 0, isRefused: false };

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  decode({ bytes, end }: LineBlock, from: number, rows: Into): LineProgress {
    const progress = this.#progress;
    progress.at = from;
    progress.lines = 0;
    progress.isRefused = false;
    while (progress.at < end && rows.length < rows.capacity) {
      const lineFeed = lineEnd(bytes, progress.at);
      if (!this.decodeLine(bytes, progress.at, lineFeed, rows)) {
        progress.isRefused = true;
        break;
      }
      progress.at = lineFeed + 1;
      progress.lines++;
    }
    return progress;
  }

  /** Reads one line into the next row, or nothing where it is blank. False where it is refused. */
  decodeLine(bytes: Buffer, from: number, lineFeed: number, rows: Into): boolean {
    if (lineFeed - from > this.#maxLineBytes) return false;
    // Without the white space around it, in particular "\r", a line may have the layout that is read soonest.
    const start = trimStart(bytes, from, lineFeed);
    const end = trimEnd(bytes, start, lineFeed);
    return start === end || this.read(bytes, start, end, rows);
  }

  abstract faultOf(line: Buffer, origin: JsonPosition): JsonError;

  /** Reads a document into the next row; false where it is refused. */
  protected abstract read(bytes: Buffer, start: number, end: number, rows: Into): boolean;
}
