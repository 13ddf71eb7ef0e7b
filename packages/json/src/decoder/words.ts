// Text of generated scanners that looks at four bytes at once: a word is read as a signed integer whose low byte stands
// first. The tests set the high bit of each byte that they are about, and are right up to and including the first of them;
// borrows and carries spoil only what is behind it.

/** The word at a place; up to three bytes of it may be behind the message, see stage.ts. */
export function wordAt(place: string): string {
  return `v.getInt32(${place}, true)`;
}

/** Whether these bytes stand from `at` on, the first of them being `open`, where that is given: the text of a byte. */
export function matches(bytes: readonly number[], open?: string): string {
  const all = open === undefined ? bytes : [0, ...bytes];
  const { length } = all;
  if (length < 4) return all.map((byte, index) => `b[at + ${index}] === ${byte}`).join(' && ');
  const tests: string[] = [];
  for (let index = 0; index < length; index += 4) {
    // The last word begins where its bytes end with those of the message.
    const from = Math.min(index, length - 4);
    const word = all.slice(from, from + 4).reduce((sum, byte, place) => sum | (byte << (8 * place)), 0);
    tests.push(`${wordAt(`at + ${from}`)} === ${open !== undefined && from === 0 ? `(${open} | ${word})` : word}`);
  }
  return tests.join(' && ');
}

/** Nonzero in the high bits of bytes that are no digits. */
export function noDigits(word: string): string {
  return `(((${word} ^ 0x30303030) + 0x76767676 | ${word}) & 0x80808080)`;
}

/** The number that four digits write: pairs of them, then the pair of pairs. */
export function numberOf(word: string): string {
  return `(Math.imul(Math.imul(${word} & 0x0f0f0f0f, 2561) >>> 8 & 0x00ff00ff, 6553601) >>> 16)`;
}

/** Nonzero in the high bits of quotes, backslashes, control characters and what is not ASCII. */
export function noPlainText(word: string): string {
  const isQuote = `(${word} ^ 0x22222222) - 0x01010101`;
  const isBackslash = `(${word} ^ 0x5c5c5c5c) - 0x01010101`;
  return `((${isQuote} | ${isBackslash} | ${word} - 0x20202020 | ${word}) & 0x80808080)`;
}

/**
 * Moves a place over bytes that `test` finds nothing in. The last steps are branches: the length of a member is mostly
 * that of the message before, and then the next word is read before this one has been looked at.
 */
export function pass(place: string, test: (word: string) => string): string {
  const step = [
    `for (;;) { x = ${wordAt(place)}; d = ${test('x')}; if (d !== 0) break; ${place} += 4; }`,
    `if ((d & 0x80) === 0) { ${place}++; if ((d & 0x8000) === 0) { ${place}++; if ((d & 0x800000) === 0) ${place}++; } }`,
  ];
  return step.join('\n');
}
