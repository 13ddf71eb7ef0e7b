import { stripVTControlCharacters } from 'node:util';
import { displayWidth, truncateText } from '@perf/profiling/text';

/** What the view writes to: `process.stdout`, or anything like it. */
export interface LiveStream {
  write(text: string): boolean;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  readonly writableNeedDrain?: boolean | undefined;
}

export interface LiveViewOptions {
  /** Default `process.stdout`. */
  readonly stream?: LiveStream | undefined;
  /** How often, at most, lines are appended where the stream is no terminal. Default 5,000. */
  readonly plainIntervalMs?: number | undefined;
  /** A monotonic clock in milliseconds. Default `performance.now`. */
  readonly now?: (() => number) | undefined;
  /** Default `process.env`; `TERM=dumb` makes a terminal a plain stream. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

const CURSOR_UP = (lines: number): string => (lines > 0 ? `\u001B[${lines}A` : '');
const TO_LINE_START = '\r';
const CLEAR_TO_LINE_END = '\u001B[K';
const CLEAR_TO_SCREEN_END = '\u001B[J';
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/**
 * A block of lines that is redrawn in place on a terminal, and appended at a slower pace, without any control
 * character, everywhere else (a file, a pipe, a CI log).
 *
 *   9 lines drawn, cursor below them   →   \r, up 9, each line + clear to its end, clear to the screen's end
 *
 * The terminal is never put into another mode and the cursor is never hidden, so there is nothing to restore: a process
 * that is killed between two frames leaves a readable screen. A frame is one write; while the stream is congested frames
 * are left out instead of queued. Lines are cut to the width and the block to the height, as a cursor cannot go up beyond
 * the screen. It holds no timer and no listener: whoever has new lines calls `update`.
 *
 * @example
 * const view = new LiveView();
 * view.update(['BTCUSDT  61,800.2 / 61,800.3', 'ETHUSDT   2,650.11 / 2,650.12']);
 * view.close();
 */
export class LiveView {
  readonly #stream: LiveStream;
  readonly #tty: boolean;
  readonly #plainIntervalMs: number;
  readonly #now: () => number;
  #drawn: readonly string[] = [];
  #shownAtMs = Number.NEGATIVE_INFINITY;
  #pending: readonly string[] | undefined;
  #closed = false;

  constructor(options: LiveViewOptions = {}) {
    this.#stream = options.stream ?? process.stdout;
    this.#tty = this.#stream.isTTY === true && (options.env ?? process.env)['TERM'] !== 'dumb';
    this.#plainIntervalMs = options.plainIntervalMs ?? 5_000;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Whether blocks are redrawn in place. */
  get interactive(): boolean {
    return this.#tty;
  }

  /**
   * Shows these lines instead of the ones before. On a plain stream `plain` (the same lines by default) is appended, at
   * most once per interval.
   */
  update(lines: readonly string[], plain: readonly string[] = lines): void {
    if (this.#closed) return;
    if (this.#tty) {
      if (this.#stream.writableNeedDrain === true) this.#pending = lines;
      else this.#redraw('', lines);
      return;
    }
    if (this.#now() - this.#shownAtMs < this.#plainIntervalMs) {
      this.#pending = plain;
      return;
    }
    this.#append(plain);
  }

  /** Writes lines that stay: above the block on a terminal, at once on a plain stream. */
  log(...lines: readonly string[]): void {
    if (this.#closed) return;
    if (this.#tty)
      this.#redraw(lines.map((line) => `${line}${CLEAR_TO_LINE_END}\n`).join(''), this.#pending ?? this.#drawn);
    else this.#write(lines);
  }

  /** Shows what was held back and ends the view: the last block stays on the screen, the cursor below it. */
  close(): void {
    if (this.#closed) return;
    if (this.#pending !== undefined) {
      if (this.#tty) this.#redraw('', this.#pending);
      else this.#append(this.#pending);
    }
    this.#closed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #redraw(above: string, lines: readonly string[]): void {
    const columns = this.#stream.columns || DEFAULT_COLUMNS;
    const rows = this.#stream.rows || DEFAULT_ROWS;
    const shown = lines.map((line) => truncateText(singleLine(line), columns));
    // One row stays free for the cursor.
    const room = Math.max(1, rows - 1);
    if (shown.length > room)
      shown.splice(room - 1, Number.POSITIVE_INFINITY, `… ${shown.length - room + 1} more lines`);
    // A terminal that became narrower has wrapped the old lines.
    const height = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);
    const body = shown.map((line) => `${line}${CLEAR_TO_LINE_END}\n`).join('');
    this.#stream.write(`${TO_LINE_START}${CURSOR_UP(Math.min(height, room))}${above}${body}${CLEAR_TO_SCREEN_END}`);
    this.#drawn = shown;
    this.#pending = undefined;
  }

  #append(lines: readonly string[]): void {
    this.#write(lines);
    this.#shownAtMs = this.#now();
    this.#pending = undefined;
  }

  #write(lines: readonly string[]): void {
    if (lines.length > 0) this.#stream.write(lines.map((line) => `${plainLine(line)}\n`).join(''));
  }
}

/** A line break inside a line would break the count of rows. */
function singleLine(line: string): string {
  return line.replace(/[\r\n]+/g, ' ');
}

function plainLine(line: string): string {
  return stripVTControlCharacters(line).replace(/\p{Cc}+/gu, ' ');
}
