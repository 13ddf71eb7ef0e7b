// Text of generated scanners that reads numbers: from `at`, where one starts, to behind it. `s` is where the digits start, `q`
// is 1 between quotes, and `x` is the word at `at`, of which `d` has the bytes that are no digits.
//
//   "61800.20"   6180 → one multiplication or two, 0. → one digit more, .20" → two digits of three
//
// A loop over the bytes looks at each of them, which takes several instructions for the check of its place alone.

import type { PlannedScale } from './plan.ts';
import type { NumberForm } from './types.ts';
import { noDigits, numberOf, wordAt } from './words.ts';

const BAIL = 'return -1;';
const MAX_SAFE = Number.MAX_SAFE_INTEGER;
/** Fractions of at most this many digits are small integers. */
const MAX_UNROLLED = 8;
/** Digits of a whole part that is not left to the general scanner. */
const MAX_WHOLE_DIGITS = 11;

const NEXT_WORD = `x = ${wordAt('at')}; d = ${noDigits('x')};`;
const NEXT_DIGIT = 'c = b[++at] ^ 48;';

/** A number is a number or a text of one. */
function open(isSigned: boolean, form: NumberForm): string[] {
  const lines: string[] = [];
  if (form === 'any') lines.push('if (b[at] === 34) { q = 1; at++; } else q = 0;');
  else if (form === 'text') lines.push(`if (b[at] !== 34) ${BAIL} at++; q = 1;`);
  else lines.push('q = 0;');
  if (isSigned) lines.push('let isNegative = false; if (b[at] === 45) { isNegative = true; at++; }');
  return [...lines, `s = at; ${NEXT_WORD}`];
}

function close(): string {
  return `if (q === 1) { if (b[at] !== 34) ${BAIL} at++; }`;
}

/** Behind all digits: there is one, and JSON has no leading zeros, though texts may. */
function checkStart(): string {
  return `if (at === s || (q === 0 && b[s] === 48 && at - s > 1)) ${BAIL}`;
}

/** The next four digits, put behind those that `value` has, and what follows them. */
function four(value: string, isFirst: boolean): string {
  const digits = numberOf('x');
  return `${value} = ${isFirst ? digits : `Math.imul(${value}, 10000) + ${digits} | 0`}; at += 4; ${NEXT_WORD}`;
}

/** Up to three digits, put behind those that `value` has. */
function rest(value: string): string[] {
  return [
    'if ((d & 0x80) === 0) {',
    `if ((d & 0x8000) !== 0) { ${value} = ${value} * 10 + (x & 15); at++; }`,
    `else if ((d & 0x800000) !== 0) { ${value} = ${value} * 100 + (x & 15) * 10 + (x >>> 8 & 15); at += 2; }`,
    `else { ${value} = ${value} * 1000 + ${numberOf('(x << 8)')}; at += 3; }`,
    '}',
  ];
}

/** Up to eleven digits; `more` is what to do where there are others. */
function whole(value: string, more: string = BAIL): string[] {
  const second = `if (d === 0) { ${four(value, false)} if (d === 0) { ${more} } }`;
  return [`${value} = 0; if (d === 0) { ${four(value, true)} ${second} }`, ...rest(value)];
}

/** A count of a scale; `grid` begins the names of one that hangs on a text. */
export function countText(value: string, { fixed, signed, form }: PlannedScale, grid: string): string[] {
  const lines = [...open(signed, form), ...whole(value), checkStart()];
  if (fixed !== undefined && fixed.decimals <= MAX_UNROLLED) {
    lines.push(...fixedFraction(value, fixed.decimals));
    if (MAX_WHOLE_DIGITS + fixed.decimals > 15) lines.push(`if (${value} > ${MAX_SAFE}) ${BAIL}`);
  } else {
    lines.push(...anyFraction(value, fixed === undefined ? `${grid}d` : String(fixed.decimals)));
  }
  lines.push(close());
  const step = fixed === undefined ? `${grid}s` : fixed.step;
  // The quotient of a multiple is exact; a remainder of doubles is a call.
  const count = `p = Math.floor(${value} / ${step}); if (p * ${step} !== ${value}) ${BAIL} ${value} = p;`;
  if (fixed === undefined) lines.push(`if (${step} !== 1) { ${count} }`);
  else if (step !== 1) lines.push(count);
  if (signed) lines.push(`if (isNegative && ${value} !== 0) ${value} = -${value};`);
  return ['{', ...lines, '}'];
}

/**
 * Scales by so many decimals and adds those that stand behind a point: the point and three digits are one word, where
 * digits that are not there are zeros. What is beyond the decimals must be zeros.
 */
function fixedFraction(value: string, decimals: number): string[] {
  const lines = [
    `c = 0; x = ${wordAt('at')};`,
    'if ((x & 0xff) === 46) {',
    'd = ((x ^ 0x3030302e) + 0x76767676 | x) & 0x80808080;',
    `if ((d & 0x8000) !== 0) ${BAIL}`,
    'if (d === 0) at += 4; else { x &= ((d & -d) >>> 7) - 1; at += (d & 0x800000) === 0 ? 3 : 2; }',
  ];
  if (decimals < 3) lines.push(`if ((x & 0x0f0f0f0f & ${-1 << (8 * (decimals + 1))}) !== 0) ${BAIL}`);
  if (decimals === 1) lines.push('c = x >>> 8 & 15;');
  else if (decimals === 2) lines.push('c = (x >>> 8 & 15) * 10 + (x >>> 16 & 15);');
  else if (decimals > 2) lines.push(`c = ${numberOf('(x & 0xffffff00)')};`);
  const more = decimals - 3;
  if (more > 0) lines.push(`if (d !== 0) c *= ${10 ** more}; else {`, ...moreDecimals(more), '}');
  lines.push('if (d === 0) while (b[at] === 48) at++;', '}');
  return [...lines, decimals === 0 ? '' : `${value} = ${value} * ${10 ** decimals} + c;`];
}

/** Puts so many digits behind those of `c`. */
function moreDecimals(count: number): string[] {
  if (count < 4) {
    const digit = (left: number): string => {
      if (left === 0) return '';
      return `if ((b[at] ^ 48) <= 9) { c = c * 10 + (b[at++] ^ 48); ${digit(left - 1)} } else c *= ${10 ** left};`;
    };
    return [digit(count)];
  }
  return [
    `x = ${wordAt('at')};`,
    `if (${noDigits('x')} === 0) { c = c * 10000 + ${numberOf('x')}; at += 4;`,
    ...moreDecimals(count - 4),
    '} else {',
    `p = at; while ((b[at] ^ 48) <= 9) c = c * 10 + (b[at++] ^ 48); c *= POW[${count} - at + p];`,
    '}',
  ];
}

/** The same where the number of decimals is known when it is read, or large. */
function anyFraction(value: string, decimals: string): string[] {
  return [
    `w = ${decimals};`,
    'if (b[at] === 46) {',
    `at++; c = b[at] ^ 48; if (c > 9) ${BAIL}`,
    `while (w > 0 && c <= 9) { ${value} = ${value} * 10 + c; w--; ${NEXT_DIGIT} }`,
    `while (c === 0) ${NEXT_DIGIT}`,
    '}',
    `if (w > 0) { if (w > 15) ${BAIL} ${value} *= POW[w]; }`,
    `if (${value} > ${MAX_SAFE}) ${BAIL}`,
  ];
}

/** An integer and a power of ten that are both exact: their quotient is the nearest double. */
export function doubleText(value: string): string[] {
  const oneByOne = (sum: string): string =>
    `do { ${sum} = ${sum} * 10 + (b[at] ^ 48); at++; } while ((b[at] ^ 48) <= 9); d = 0x80;`;
  return [
    '{',
    ...open(true, 'any'),
    ...whole(value, oneByOne(value)),
    checkStart(),
    'w = 0;',
    'if (b[at] === 46) {',
    `at++; w = at; ${NEXT_WORD}`,
    ...whole('p', oneByOne('p')),
    `w = at - w; if (w === 0) ${BAIL}`,
    `${value} = ${value} * POW[w] + p;`,
    '}',
    `if (at - s > 16 || ${value} > ${MAX_SAFE}) ${BAIL}`,
    close(),
    `if (w > 0) ${value} /= POW[w];`,
    `if (isNegative) ${value} = -${value};`,
    '}',
  ];
}

/** In two parts, of which the first has eight digits, where there are more: small integers are quicker than doubles. */
export function integerText(value: string, isBig: boolean, form: NumberForm): string[] {
  const lines = [
    ...open(true, form),
    'p = 0; w = 0; m = 0;',
    `if (d === 0) { ${four('w', true)}`,
    `if (d === 0) { ${four('w', false)} p = w; w = 0; m = at;`,
    `if (d === 0) { ${four('w', true)} if (d === 0) { ${four('w', false)} if (d === 0) ${BAIL} } } } }`,
    ...rest('w'),
    checkStart(),
  ];
  if (isBig) {
    // Up to 15 digits are an exact double, and one bigint.
    lines.push('m = m === 0 ? 0 : at - m;');
    lines.push(`${value} = m <= 7 ? BigInt(p * POW[m] + w) : BigInt(p) * BIGPOW[m] + BigInt(w);`);
    lines.push(`if (${value} > MAXINT64) ${BAIL}`, `if (isNegative) ${value} = -${value};`);
  } else {
    lines.push(`${value} = m === 0 ? w : p * POW[at - m] + w;`, `if (${value} > ${MAX_SAFE}) ${BAIL}`);
    lines.push(`if (isNegative && ${value} !== 0) ${value} = -${value};`);
  }
  return ['{', ...lines, close(), '}'];
}
