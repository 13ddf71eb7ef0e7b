import { displayWidth } from '@perf/profiling/text';
import type { LiveStream } from '../live-view.ts';

const ESCAPE = '\u001B';
const SEQUENCE = new RegExp(`${ESCAPE}\\[(\\d*)([A-Za-z])`, 'y');

/**
 * A terminal small enough to be obviously right: cells of a grid that scrolls, and the four sequences that the live view
 * writes. Anything else throws, so that a new sequence is noticed.
 */
export class Screen implements LiveStream {
  readonly isTTY = true;
  columns: number;
  readonly rows: number;
  writableNeedDrain = false;
  written = '';
  /** Rows that scrolled out at the top, then those on the screen. Each cell is one character, '' after a wide one. */
  #grid: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): boolean {
    this.written += text;
    for (let at = 0; at < text.length;) {
      SEQUENCE.lastIndex = at;
      const sequence = SEQUENCE.exec(text);
      if (sequence !== null) {
        this.#obey(sequence[2], sequence[1] === '' ? undefined : Number(sequence[1]));
        at += sequence[0].length;
        continue;
      }
      const character = String.fromCodePoint(text.codePointAt(at)!);
      this.#put(character);
      at += character.length;
    }
    return true;
  }

  /** Everything that can be seen or scrolled back to, up to the last row that is not empty. */
  all(): string[] {
    const lines = this.#grid.map((row) => row.join('').trimEnd());
    while (lines.length > 0 && lines.at(-1) === '') lines.pop();
    return lines;
  }

  /** The same for the visible rows. */
  lines(): string[] {
    return this.all().slice(this.#top());
  }

  /** What a terminal does that wraps its lines anew when it becomes narrower. */
  reflow(columns: number): void {
    const cursor = this.#grid[this.#row];
    const rows: string[][] = [];
    for (const row of this.#grid) {
      if (row === cursor) this.#row = rows.length;
      if (row.length === 0) rows.push([]);
      for (let at = 0; at < row.length; at += columns) rows.push(row.slice(at, at + columns));
    }
    this.#grid = rows;
    this.columns = columns;
  }

  #top(): number {
    return Math.max(0, this.#grid.length - this.rows);
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') {
      this.#column = 0;
      this.#down();
    } else {
      const width = displayWidth(character);
      if (this.#column + width > this.columns) {
        this.#column = 0;
        this.#down();
      }
      const row = this.#grid[this.#row];
      while (row.length < this.#column) row.push(' ');
      row[this.#column] = character;
      if (width === 2) row[this.#column + 1] = '';
      this.#column += width;
    }
  }

  #down(): void {
    this.#row++;
    while (this.#grid.length <= this.#row) this.#grid.push([]);
  }

  #obey(command: string, count: number | undefined): void {
    if (command === 'A') this.#row = Math.max(this.#top(), this.#row - (count ?? 1));
    else if (command === 'K') this.#grid[this.#row].length = Math.min(this.#grid[this.#row].length, this.#column);
    else if (command === 'J') {
      this.#obey('K', undefined);
      for (const row of this.#grid.slice(this.#row + 1)) row.length = 0;
    } else if (command !== 'm') throw new Error(`the screen does not know the sequence ${command}`);
  }
}
