import { isScale, type PlannedScale } from '../decoder/plan.ts';
import type { DecimalScale, NumberForm } from '../decoder/types.ts';
import { MINUS, QUOTE } from '../scan-tokens.ts';
import { writeFixed } from './digits.ts';
import { REFUSED } from './refused.ts';

const MAX_SAFE = Number.MAX_SAFE_INTEGER;

/** How a count is written: as the decimal `count × step / 10^decimals`, as a number or a text of one. */
export interface CountForm {
  readonly decimals: number;
  /** `10^decimals`. */
  readonly power: number;
  readonly step: number;
  /** The smallest decimal, scaled. */
  readonly lowest: number;
  readonly isQuoted: boolean;
}

/** Sign, sixteen digits, a zero before the point, the point and quotes, and 30 decimals at most. */
export const MAX_COUNT_BYTES = 52;

export function countForm({ decimals, step }: DecimalScale, signed: boolean, isQuoted: boolean): CountForm {
  return { decimals, power: Number(`1e${decimals}`), step, lowest: signed ? -MAX_SAFE : 0, isQuoted };
}

/**
 * Whether a decimal is written as a text: unless its field insists on numbers. Venues write it so, and most readers round
 * long decimals that are numbers.
 */
export function isQuotedDecimal(form: NumberForm): boolean {
  return form !== 'number';
}

/** Integers are numbers unless their field insists on texts. */
export function isQuotedInteger(form: NumberForm): boolean {
  return form === 'text';
}

/** Writes a count and returns the end. Refuses what is no integer, not exact at its scale, or negative and unsigned. */
export function writeCount(view: DataView, from: number, count: number, form: CountForm): number {
  const { decimals, power, step, lowest, isQuoted } = form;
  let value = count * step;
  if (!(value >= lowest && value <= MAX_SAFE) || Math.floor(count) !== count) return REFUSED;
  let at = from;
  if (isQuoted) view.setUint8(at++, QUOTE);
  if (value < 0) {
    view.setUint8(at++, MINUS);
    value = -value;
  }
  at = writeFixed(view, at, value, decimals, power);
  if (isQuoted) view.setUint8(at++, QUOTE);
  return at;
}

/** The forms of counts whose scale hangs on a text, by the integer of the text. */
export class CountFormsByText {
  readonly #scale: PlannedScale;
  readonly #known: { readonly scale: DecimalScale; readonly form: CountForm }[] = [];

  constructor(scale: PlannedScale) {
    this.#scale = scale;
  }

  /** Undefined where the text has no scale, or none that decoders would take. */
  formOf(text: number): CountForm | undefined {
    const { scales, signed, form } = this.#scale;
    const scale = scales[text];
    if (scale === undefined) return undefined;
    const known = this.#known[text];
    if (known?.scale === scale) return known.form;
    if (!isScale(scale)) return undefined;
    const made = countForm(scale, signed, isQuotedDecimal(form));
    this.#known[text] = { scale, form: made };
    return made;
  }
}
