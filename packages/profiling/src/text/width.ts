import { stripVTControlCharacters } from 'node:util';

/** Drawn over the character before them: combining marks, variation selectors, joiners and other format characters. */
const ZERO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** Two cells wide in terminals: the wide and fullwidth blocks of Unicode Standard Annex 11, and pictographs. */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1F64F}\u{1F680}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;
const PRINTABLE_ASCII = /^[\x20-\x7E]*$/;
const ESCAPE = '\u001B';
/** One SGR sequence, what colours are made of; anything else is no style. */
const SGR = new RegExp(`${ESCAPE}\\[[\\d;]*m`, 'y');
const RESET = `${ESCAPE}[0m`;

/** How many terminal cells a text takes; colours take none. */
export function displayWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of stripVTControlCharacters(text)) width += cells(character);
  return width;
}

/**
 * The text cut to `width` cells, with "…" as the last of them where something is missing. Colours survive and are closed.
 */
export function truncateText(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width <= 0) return '';
  let kept = '';
  let used = 0;
  let styled = false;
  for (let at = 0; at < text.length;) {
    SGR.lastIndex = at;
    const style = SGR.exec(text);
    if (style !== null) {
      kept += style[0];
      styled = true;
      at += style[0].length;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(at)!);
    const next = used + cells(character);
    if (next > width - 1) break;
    kept += character;
    used = next;
    at += character.length;
  }
  return `${kept}…${styled ? RESET : ''}`;
}

/**
 * The text without anything that a terminal would obey: control characters become "?", so that a name from outside
 * cannot move the cursor or turn the line around.
 */
export function printable(text: string): string {
  return PRINTABLE_ASCII.test(text) ? text : text.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu, '?');
}

function cells(character: string): number {
  if (ZERO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
