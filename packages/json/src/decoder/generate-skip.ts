import { noDigits, noPlainText, pass, wordAt } from './words.ts';

/** Members that are passed over where they stand make for a lot of text: schemas with more fields call a function. */
export const MAX_INLINE_SKIPS = 32;

/**
 * Text that passes over a member that is not read, from the separator before it to behind its value. Plain keys with plain
 * texts and integers are passed here, for a call takes as long as they do; the rest, and what is refused, is left to
 * `skipMember`. `firsts` is the name of the bytes that no such key may start with.
 */
export function skipText(node: string, firsts: string, separator: string): string[] {
  return [
    'skip: {',
    `x = ${wordAt('at')};`,
    `if ((x & 0xffff) === (0x2200 | ${separator}) && ${firsts}[x >>> 16 & 0xff] === 0) {`,
    'w = at + 3;',
    pass('w', noPlainText),
    'if (b[w] === 34 && b[w + 1] === 58) {',
    'w += 2; c = b[w];',
    'if (c === 34) {',
    'w++;',
    pass('w', noPlainText),
    'if (b[w] === 34) { at = w + 1; break skip; }',
    '} else if (c > 48 && c <= 57) {',
    pass('w', noDigits),
    'c = b[w]; if (c === 44 || c === 125) { at = w; break skip; }',
    '}',
    '}',
    '}',
    skipCall(node, separator),
    '}',
  ];
}

/** The same by the function. */
export function skipCall(node: string, separator: string): string {
  return `at = skip(b, at, end, ${node}, ${separator}); if (at < 0) return -1;`;
}
