import { isContinuation } from './utf8.ts';

/** How wide an excerpt may be, in columns of a terminal. */
const COLUMNS = 80;
/** How many of them may stand before the fault, where there is enough on both sides. */
const COLUMNS_BEFORE = 50;
/** No character has more bytes than four, so further away there is nothing that could be shown. */
const WINDOW_BYTES = 4 * COLUMNS;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** What could break the line, move the cursor or turn the direction of writing: control, format and separator characters. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Characters that terminals show two columns wide: East Asian wide and full-width ones, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Marks that stand over the character before. */
const COMBINING = /[\p{Mn}\p{Me}]/u;

/** A character as it is shown. */
interface Cell {
  readonly text: string;
  readonly columns: number;
}

const ELLIPSIS: Cell = { text: '…', columns: 1 };

/**
 * The piece of a line around a byte and a caret under it, two lines of at most 80 columns:
 *
 *     …"bid": "61800.20", "größe": 1., "ask":…
 *                                    ^
 *
 * Looks at a few hundred bytes, however long the line is. Bytes that are no UTF-8 show as U+FFFD.
 */
export function excerptOf(bytes: Buffer, at: number): string {
  const left = cellsBefore(bytes, at);
  const right = cellsAfter(bytes, at);
  // The caret needs a column, also behind the last character.
  const wantedRight = Math.max(1, Math.min(columnsOf(right), COLUMNS - COLUMNS_BEFORE));
  const before = fit(left.toReversed(), COLUMNS - wantedRight).toReversed();
  const indent = columnsOf(before);
  const after = fit(right, COLUMNS - indent);
  return `${textOf(before)}${textOf(after)}\n${' '.repeat(indent)}^`;
}

/** A text without what could break a line or a terminal: such characters as JSON writes them, `\n`, `\u007f`. */
export function shownText(text: string): string {
  return text.replaceAll(UNSAFE, escaped);
}

function escaped(character: string): string {
  const short = JSON.stringify(character).slice(1, -1);
  if (short !== character) return short;
  const code = (character.codePointAt(0) as number).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

/** From the start of the line, or with an ellipsis in its place. */
function cellsBefore(bytes: Buffer, at: number): Cell[] {
  const earliest = Math.max(0, at - WINDOW_BYTES);
  const lineFeed = bytes.subarray(earliest, at).lastIndexOf(LINE_FEED);
  if (lineFeed >= 0 || earliest === 0) return cells(bytes, earliest + lineFeed + 1, at);
  return [ELLIPSIS, ...cells(bytes, nextCharacter(bytes, earliest), at)];
}

/** To the end of the line, or with an ellipsis in its place. */
function cellsAfter(bytes: Buffer, at: number): Cell[] {
  const latest = Math.min(bytes.length, at + WINDOW_BYTES);
  const lineFeed = bytes.subarray(at, latest).indexOf(LINE_FEED);
  if (lineFeed >= 0) {
    const end = at + lineFeed;
    return cells(bytes, at, end > at && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
  }
  if (latest === bytes.length) return cells(bytes, at, latest);
  return [...cells(bytes, at, lastCharacter(bytes, latest)), ELLIPSIS];
}

/** The first byte from `at` on that starts a character; at most three continue one. */
function nextCharacter(bytes: Buffer, at: number): number {
  let start = at;
  while (start < at + 3 && isContinuation(bytes[start])) start++;
  return start;
}

/** The last byte up to `at` that starts a character. */
function lastCharacter(bytes: Buffer, at: number): number {
  let start = at;
  while (start > at - 3 && isContinuation(bytes[start])) start--;
  return start;
}

function cells(bytes: Buffer, from: number, end: number): Cell[] {
  return Array.from(bytes.toString('utf8', from, end), cell);
}

function cell(character: string): Cell {
  const text = shownText(character);
  if (text !== character) return { text, columns: text.length };
  return { text, columns: COMBINING.test(text) ? 0 : WIDE.test(text) ? 2 : 1 };
}

/** As many as fit, from the first on, with an ellipsis for the others. */
function fit(all: readonly Cell[], columns: number): Cell[] {
  if (columnsOf(all) <= columns) return [...all];
  const kept: Cell[] = [];
  let left = columns - ELLIPSIS.columns;
  for (const next of all) {
    left -= next.columns;
    if (left < 0) break;
    kept.push(next);
  }
  kept.push(ELLIPSIS);
  return kept;
}

function columnsOf(all: readonly Cell[]): number {
  let columns = 0;
  for (const { columns: width } of all) columns += width;
  return columns;
}

function textOf(all: readonly Cell[]): string {
  return all.map(({ text }) => text).join('');
}
