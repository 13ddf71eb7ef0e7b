import { decimalsOf, scaledFromBytes, scaledFromText } from '@perf/internal';
import { MINUS, NINE, QUOTE, scanNumber, scanString, ZERO } from '../scan-tokens.ts';
import { unescaped } from './key-node.ts';
import { NEGATIVE, NUMBER, OK, PRECISION, RANGE, TYPE } from './reasons.ts';
import type { DecimalScale, NumberForm } from './types.ts';

const BACKSLASH = 0x5c;
/** As the readers of decimals: longer texts and longer exponents are no numbers. */
const MAX_LENGTH = 400;
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;
const DOUBLE = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A number or a text in a message that is known to be JSON. Reused; only as good as the last call. */
export class NumberToken {
  start = 0;
  /** After the last byte of the number or the text, without the quote. */
  end = 0;
  isQuoted = false;
  /** Set where the text is spelt with escapes. */
  text: string | undefined;
  /** Why the last read failed. */
  reason: number = OK;

  /** False where the value is neither a number nor a text, or not of the form. */
  open(bytes: Uint8Array, at: number, end: number, form: NumberForm): boolean {
    const byte = bytes[at];
    this.text = undefined;
    this.isQuoted = byte === QUOTE;
    if (form === (this.isQuoted ? 'number' : 'text')) {
      this.reason = TYPE;
      return false;
    }
    if (this.isQuoted) {
      this.start = at + 1;
      this.end = scanString(bytes, at + 1, end) - 1;
      for (let place = this.start; place < this.end; place++) {
        if (bytes[place] === BACKSLASH) {
          this.text = unescaped(bytes, this.start, this.end);
          break;
        }
      }
      return true;
    }
    if (byte !== MINUS && !(byte >= ZERO && byte <= NINE)) {
      this.reason = TYPE;
      return false;
    }
    this.start = at;
    this.end = scanNumber(bytes, at, end);
    return true;
  }

  /** After the value. */
  get after(): number {
    return this.isQuoted ? this.end + 1 : this.end;
  }

  /** The text of the number. */
  textOf(bytes: Uint8Array): string {
    return (
      this.text ?? Buffer.from(bytes.buffer, bytes.byteOffset + this.start, this.end - this.start).toString('utf8')
    );
  }

  /** Exact and scaled, or NaN with the reason. */
  count(bytes: Uint8Array, { decimals, step }: DecimalScale, isSigned: boolean): number {
    const scaled =
      this.text === undefined
        ? scaledFromBytes(bytes, this.start, this.end, decimals)
        : scaledFromText(this.text, decimals);
    if (Number.isNaN(scaled)) this.reason = whyNot(this.textOf(bytes), decimals);
    else if (scaled % step !== 0) this.reason = PRECISION;
    else if (scaled < 0 && !isSigned) this.reason = NEGATIVE;
    else return scaled === 0 ? 0 : scaled / step;
    return Number.NaN;
  }

  /** A double, or NaN with the reason. */
  double(bytes: Uint8Array): number {
    const text = this.textOf(bytes);
    if (text.length > MAX_LENGTH || !DOUBLE.test(text)) {
      this.reason = NUMBER;
      return Number.NaN;
    }
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    this.reason = RANGE;
    return Number.NaN;
  }

  /** An integer of 64 bits, or undefined with the reason. */
  bigint(bytes: Uint8Array): bigint | undefined {
    const small = this.text === undefined ? scaledFromBytes(bytes, this.start, this.end, 0) : Number.NaN;
    if (!Number.isNaN(small)) return BigInt(small);
    const text = this.textOf(bytes);
    const parts = text.length > MAX_LENGTH ? null : DECIMAL.exec(text);
    if (parts === null) {
      this.reason = NUMBER;
      return undefined;
    }
    const fraction = parts[3] ?? '';
    const shift = Number(parts[4] ?? 0) - fraction.length;
    let value = BigInt(parts[2] + fraction);
    if (shift >= 0) {
      value *= 10n ** BigInt(shift);
    } else {
      const divisor = 10n ** BigInt(-shift);
      if (value % divisor !== 0n) {
        this.reason = PRECISION;
        return undefined;
      }
      value /= divisor;
    }
    if (parts[1] === '-') value = -value;
    if (BigInt.asIntN(64, value) === value) return value;
    this.reason = RANGE;
    return undefined;
  }
}

/** Why a text is no count at this many decimals. */
function whyNot(text: string, decimals: number): number {
  if (text.length > MAX_LENGTH || !DECIMAL.test(text)) return NUMBER;
  const needed = decimalsOf(text);
  return needed < 0 || needed > decimals ? PRECISION : RANGE;
}
