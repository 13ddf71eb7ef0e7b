// The text of code that writes digits, for generated writers: what `digits.ts` does, in place and with the scale as a
// constant. A call per group of digits would take longer than the digits do, and the engine stops inlining calls long
// before the fields of a schema end.
//
// The names that the text uses: `b` and `at` for the view and the place in it, and the variables of INLINE_VARIABLES.

import { POINT } from '../scan-tokens.ts';

export const INLINE_VARIABLES = 'let n = 0, m = 0, w = 0, q = 0, h = 0, x = 0, y = 0, g = 0, t = 0;';

/** More decimals are left to the functions. */
export const MAX_INLINE_DECIMALS = 8;

/** Writes `w` with its last digits, one at least, behind a point: an integer from 0 to 2^31 − 1. */
export function inlineFixed(decimals: number): string {
  const power = 10 ** decimals;
  return `q = (w / ${power}) | 0; y = w - Math.imul(q, ${power}); ${whole(10 - decimals)} ${fraction(decimals)}`;
}

/** Writes `n`, which is known to be a safe integer from 0 on. */
export function inlineInteger(): string {
  return [
    'if (n < 100000000) {',
    `q = n | 0; ${whole(8)}`,
    '} else {',
    `m = Math.floor(n / 100000000); q = m | 0; y = (n - m * 100000000) | 0; ${whole(8)}`,
    `h = (y / 10000) | 0; ${store('at', group('h'))} y -= Math.imul(h, 10000); ${store('at + 4', group('y'))} at += 8;`,
    '}',
  ].join('\n');
}

/** Writes `q`, which has at most so many digits, without leading zeros. */
function whole(mostDigits: number): string {
  if (mostDigits <= 4) return short('q');
  const head = [
    'if (h < 10000) {',
    short('h'),
    '} else {',
    'x = (h / 10000) | 0; h -= Math.imul(x, 10000);',
    // One digit: there is at least one decimal, and what is left of 2^31 has nine digits.
    `b.setUint8(at, 48 + x); ${store('at + 1', group('h'))} at += 5;`,
    '}',
  ];
  return [
    'if (q < 10000) {',
    short('q'),
    '} else {',
    'h = (q / 10000) | 0; q -= Math.imul(h, 10000);',
    mostDigits <= 8 ? short('h') : head.join('\n'),
    `${store('at', group('q'))} at += 4;`,
    '}',
  ].join('\n');
}

/** An integer below 10,000: its leading zeros are shifted out. */
function short(name: string): string {
  return [
    `x = 1 + ((9 - ${name}) >>> 31) + ((99 - ${name}) >>> 31) + ((999 - ${name}) >>> 31);`,
    `${store('at', `${group(name)} >>> ((4 - x) << 3)`)} at += x;`,
  ].join('\n');
}

/** The point and the digits of `y`. With up to three of them, the point takes the place of the zero before them. */
function fraction(decimals: number): string {
  if (decimals <= 3) {
    const shift = (3 - decimals) * 8;
    return `${store('at', `(${group('y')} >>> ${shift}) & -256 | ${POINT}`)} at += ${decimals + 1};`;
  }
  const point = `b.setUint8(at++, ${POINT});`;
  if (decimals === 4) return `${point} ${store('at', group('y'))} at += 4;`;
  const left = 10 ** (decimals - 4);
  const right = 10 ** (8 - decimals);
  return [
    `${point} h = (y / ${left}) | 0; ${store('at', group('h'))}`,
    `y = Math.imul(y - Math.imul(h, ${left}), ${right}); ${store('at + 4', group('y'))} at += ${decimals};`,
  ].join('\n');
}

function store(place: string, value: string): string {
  return `b.setInt32(${place}, ${value}, true);`;
}

/** An expression for `groupOf` of a variable. */
function group(name: string): string {
  const pairs = `g = (${name} * 5243) >> 19, g |= (${name} - Math.imul(g, 100)) << 16`;
  return `(${pairs}, t = (Math.imul(g, 103) >>> 10) & 983055, (t | ((g - Math.imul(t, 10)) << 8)) + 808464432)`;
}
