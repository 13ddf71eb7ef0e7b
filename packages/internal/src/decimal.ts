// Decimal text ↔ scaled integer, exact or refused.
//
//   "61800.20" at 1 decimal  →  618002          (the trailing zero is not precision)
//   "61800.25" at 1 decimal  →  refused: NaN    (never rounded)
//   "1e400"                  →  refused: NaN
//
// The readers return NaN instead of throwing, because they run per level on feeds where one bad price must be counted,
// not unwound; `decimalFault` says afterwards what was wrong. No value passes through a rounding float: digits are
// accumulated as an integer, and an integer up to 2^53 − 1 is exact in a double.

const ZERO = 0x30;
const NINE = 0x39;
const POINT = 0x2e;
const MINUS = 0x2d;
const PLUS = 0x2b;
const LOWER_E = 0x65;
const UPPER_E = 0x45;

/** More digits than this cannot be a safe integer, so accumulation stays exact up to here: 10^15 < 2^53. */
const EXACT_DIGITS = 15;
const MAX_DECIMALS = 30;
/** Longer texts are refused unread: no venue writes them, and a price may be megabytes of garbage. */
const MAX_LENGTH = 400;
const GRAMMAR = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

const POWERS_OF_TEN = new Float64Array(EXACT_DIGITS + 1);
for (let power = 0, value = 1; power <= EXACT_DIGITS; power++, value *= 10) POWERS_OF_TEN[power] = value;

/**
 * Reads ASCII decimal bytes `[start, end)` as an integer scaled by `10^decimals`.
 *
 * Grammar: optional `-`, digits, optional point and digits, optional exponent of at most three digits; at most 400
 * characters. Returns NaN where the text is not that, needs more decimals than given, or does not fit a safe integer.
 * O(length); allocates nothing for the texts that venues send, which are plain and have at most 15 characters after the sign.
 */
export function scaledFromBytes(bytes: Uint8Array, start: number, end: number, decimals: number): number {
  const negative = start < end && bytes[start] === MINUS;
  const first = negative ? start + 1 : start;
  // The straight path: few enough digits that the running value is exact without checks, and no division, because the
  // zeros that venues pad with are compared instead of being divided away.
  if (end - first > EXACT_DIGITS) return slowScaled(ascii(bytes, start, end), decimals);
  let at = first;
  let value = 0;
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  let missing = decimals;
  if (at < end) {
    if (bytes[at] !== POINT || at === first || at + 1 === end) return slowScaled(ascii(bytes, start, end), decimals);
    at++;
    const wanted = Math.min(end, at + decimals);
    missing -= wanted - at;
    for (; at < wanted; at++) {
      const digit = bytes[at] - ZERO;
      if (digit < 0 || digit > 9) return slowScaled(ascii(bytes, start, end), decimals);
      value = value * 10 + digit;
    }
    for (; at < end; at++) if (bytes[at] !== ZERO) return slowScaled(ascii(bytes, start, end), decimals);
  } else if (at === first) {
    return Number.NaN; // nothing, or a sign alone
  }
  return finish(value, missing, negative);
}

/** The same for a string. */
export function scaledFromText(text: string, decimals: number): number {
  const end = text.length;
  const negative = end > 0 && text.charCodeAt(0) === MINUS;
  const first = negative ? 1 : 0;
  if (end - first > EXACT_DIGITS) return slowScaled(text, decimals);
  let at = first;
  let value = 0;
  for (; at < end; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  let missing = decimals;
  if (at < end) {
    if (text.charCodeAt(at) !== POINT || at === first || at + 1 === end) return slowScaled(text, decimals);
    at++;
    const wanted = Math.min(end, at + decimals);
    missing -= wanted - at;
    for (; at < wanted; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (digit < 0 || digit > 9) return slowScaled(text, decimals);
      value = value * 10 + digit;
    }
    for (; at < end; at++) if (text.charCodeAt(at) !== ZERO) return slowScaled(text, decimals);
  } else if (at === first) {
    return Number.NaN; // nothing, or a sign alone
  }
  return finish(value, missing, negative);
}

function finish(digits: number, missing: number, negative: boolean): number {
  let value = digits;
  if (missing > 0) {
    if (missing > EXACT_DIGITS) return digits === 0 ? 0 : Number.NaN;
    value = digits * POWERS_OF_TEN[missing];
    if (!(value <= Number.MAX_SAFE_INTEGER)) return Number.NaN;
  }
  return negative && value !== 0 ? -value : value;
}

/** Exponents, long texts and everything malformed: rare, so plain. BigInt keeps it exact. */
function slowScaled(text: string, decimals: number): number {
  if (text.length > MAX_LENGTH) return Number.NaN;
  const parts = GRAMMAR.exec(text);
  if (parts === null) return Number.NaN;
  const digits = (parts[2] + (parts[3] ?? '')).replace(/^0+(?=\d)/, '');
  if (/^0+$/.test(digits)) return 0;
  const shift = decimals + Number(parts[4] ?? 0) - (parts[3]?.length ?? 0);
  if (digits.length + shift > EXACT_DIGITS + 1) return Number.NaN;
  let value = BigInt(digits);
  if (shift >= 0) {
    value *= 10n ** BigInt(shift);
  } else {
    const divisor = 10n ** BigInt(-shift);
    if (value % divisor !== 0n) return Number.NaN;
    value /= divisor;
  }
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) return Number.NaN;
  return parts[1] === '-' ? -Number(value) : Number(value);
}

/** The reader's verdict in words: why `text` was refused at this scale, or undefined when it was not. */
export function decimalFault(text: string, decimals: number): string | undefined {
  if (!Number.isNaN(scaledFromText(text, decimals))) return undefined;
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  if (text.length > MAX_LENGTH) return `"${shown}" is longer than ${MAX_LENGTH} characters`;
  if (!GRAMMAR.test(text)) return `"${shown}" is not a decimal number`;
  const needed = decimalsOf(text);
  if (needed === -1 || needed > decimals) return `"${shown}" has more than ${decimals} decimals`;
  return `"${shown}" at ${decimals} decimals is beyond 2^53`;
}

/**
 * The fewest decimals that represent `text` exactly (trailing zeros do not count), or −1 where the readers would not
 * take it at any scale up to 30.
 */
export function decimalsOf(text: string): number {
  const end = text.length;
  if (end > MAX_LENGTH) return -1;
  let at = end > 0 && text.charCodeAt(0) === MINUS ? 1 : 0;
  let digits = 0;
  let point = -1;
  let lastNonZero = -1;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      digits++;
      if (code !== ZERO) lastNonZero = at;
    } else if (code === POINT && point < 0 && digits > 0) {
      point = at;
    } else {
      break;
    }
  }
  if (digits === 0 || point === at - 1) return -1;
  const fraction = point < 0 || lastNonZero < point ? 0 : lastNonZero - point;
  if (at === end) return fraction <= MAX_DECIMALS ? fraction : -1;
  return decimalsWithExponent(text, at, lastNonZero, point < 0 ? at : point);
}

function decimalsWithExponent(text: string, at: number, lastNonZero: number, point: number): number {
  const code = text.charCodeAt(at);
  if (code !== LOWER_E && code !== UPPER_E) return -1;
  let from = at + 1;
  if (text.charCodeAt(from) === PLUS || text.charCodeAt(from) === MINUS) from++;
  if (!/^\d{1,3}$/.test(text.slice(from))) return -1;
  if (lastNonZero < 0) return 0;
  // Position of the last significant digit relative to the point, moved by the exponent.
  const place = lastNonZero < point ? lastNonZero - point + 1 : lastNonZero - point;
  const needed = Math.max(0, place - Number(text.slice(at + 1)));
  return needed <= MAX_DECIMALS ? needed : -1;
}

/** Writes a scaled integer as fixed-point text: `textFromScaled(618002, 1)` is `"61800.2"`. Throws RangeError on an unsafe integer. */
export function textFromScaled(value: number, decimals: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`scaled value must be a safe integer, got ${value}`);
  if (decimals === 0) return String(value === 0 ? 0 : value);
  const negative = value < 0;
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0');
  const cut = digits.length - decimals;
  return `${negative ? '-' : ''}${digits.slice(0, cut)}.${digits.slice(cut)}`;
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  // One more than is read: cut there, the text would be another number.
  const stop = Math.min(end, start + MAX_LENGTH + 1);
  for (let at = start; at < stop; at++) text += String.fromCharCode(bytes[at]);
  return text;
}
