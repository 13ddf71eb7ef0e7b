import { describe, expect, test } from 'vitest';
import { excerptOf, shownText } from './excerpt.ts';
import { randomBelow } from './testing/random.ts';

const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8');

/** The excerpt at a place that is marked in the text. */
function at(text: string): string {
  const [before, after] = text.split('¦');
  return excerptOf(bytesOf(`${before}${after}`), Buffer.byteLength(before));
}

describe('an excerpt', () => {
  test('is the line and a caret under the fault', () => {
    expect(at('{\n  "bid": "61800.20",\n  "größe": 1.¦,\n}')).toBe(`  "größe": 1.,\n${' '.repeat(13)}^`);
    expect(at('¦True')).toBe('True\n^');
    expect(at('[1,2¦')).toBe('[1,2\n    ^');
    expect(at('¦')).toBe('\n^');
  });

  test('ends with the line, also before a carriage return', () => {
    expect(at('[1,\r\n2¦ 3\r\n4]')).toBe('2 3\n ^');
    expect(at('["a¦\nb"]')).toBe('["a\n   ^');
  });

  test('is cut on both sides of a long line', () => {
    const excerpt = at(`[${'1234567890,'.repeat(100)}¦x${',1234567890'.repeat(100)}]`);
    expect(excerpt).toBe(
      `…7890,1234567890,1234567890,1234567890,1234567890,x,1234567890,1234567890,12345…\n${' '.repeat(50)}^`,
    );
  });

  test('shows more before the fault where little follows', () => {
    const [line, caret] = at(`[${'1234567890,'.repeat(100)}¦]`).split('\n');
    expect(line).toHaveLength(80);
    expect(line.startsWith('…')).toBe(true);
    expect(caret).toBe(`${' '.repeat(79)}^`);
  });

  test('puts the caret right behind wide and combining characters', () => {
    expect(at('["世界",¦x]')).toBe('["世界",x]\n        ^');
    expect(at('["😀e\u0301",¦x]')).toBe('["😀e\u0301",x]\n       ^');
  });

  test('shows what would not print, or print elsewhere', () => {
    expect(at('["\u001b[2J\u202e\u0007",¦x\t]')).toBe(`["\\u001b[2J\\u202e\\u0007",x\\t]\n${' '.repeat(25)}^`);
    expect(shownText('\u{e0001}\u2028é\n')).toBe('\\u{e0001}\\u2028é\\n');
  });

  test('shows malformed UTF-8 as U+FFFD', () => {
    expect(excerptOf(Buffer.from('["a\xff\xfe"]', 'latin1'), 3)).toBe('["a\ufffd\ufffd"]\n   ^');
  });

  test('never cuts a character, and never is wider than 80 columns', () => {
    const below = randomBelow(9);
    const characters = ['a', 'é', '世', '😀', '\u0301', '\u0001', '\u{e0001}', '"'];
    for (let round = 0; round < 500; round++) {
      const text = (length: number): string =>
        Array.from({ length: below(length) }, () => characters[below(characters.length)]).join('');
      const before = text(300);
      const excerpt = excerptOf(bytesOf(`${before}${text(300)}`), Buffer.byteLength(before));
      const [line, caret] = excerpt.split('\n');
      expect(excerpt).not.toContain('\ufffd');
      expect(caret).toMatch(/^ *\^$/);
      expect(caret.length).toBeLessThanOrEqual(80);
      const columns = [...line].reduce((sum, character) => sum + ('世😀'.includes(character) ? 2 : 1), 0);
      const marks = [...line].filter((character) => character === '\u0301').length;
      expect(columns - marks).toBeLessThanOrEqual(80);
    }
  });

  test('of a very long line looks at its surroundings only', () => {
    const bytes = Buffer.alloc(64 * 2 ** 20, 'x');
    let reads = 0;
    const counted = new Proxy(bytes, {
      get(target, key) {
        if (key === 'toString') {
          return (encoding: BufferEncoding, from: number, end: number) => {
            reads += end - from;
            return target.toString(encoding, from, end);
          };
        }
        if (key === 'subarray') {
          return (from: number, end: number) => {
            reads += end - from;
            return target.subarray(from, end);
          };
        }
        return Reflect.get(target, key, target) as unknown;
      },
    });
    expect(excerptOf(counted, 32 * 2 ** 20).split('\n')[0]).toHaveLength(80);
    expect(reads).toBeLessThan(2000);
  });
});
