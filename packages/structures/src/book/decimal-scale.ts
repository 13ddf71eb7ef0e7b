import { decimalsOf, scaledFromText, textFromScaled } from '@perf/internal';

/** A decimal as users have it: text as it came over the wire, or a number, which stands for its shortest text. */
export type Decimal = string | number;

/** Up to here a scaled number's quotient by a power of ten names one decimal only: 15 digits survive a double. */
const UNIQUE_DIGITS = 1e15;
const MAX_EXACT_POWER = 22;

/**
 * Prices as multiples of a step: `step` = unit × 10^−decimals, so 0.25 is 25 at 2 decimals.
 *
 * The number of ticks of a decimal is exact or refused. A number is not multiplied and rounded into its answer: its nearest
 * candidate k counts only if k / 10^decimals is that very double, which a correctly rounded division grants to at most one
 * decimal of up to 15 digits; otherwise its shortest text decides.
 */
export class DecimalScale {
  readonly step: string;
  readonly decimals: number;
  readonly #unit: number;
  readonly #power: number;

  private constructor(step: string, decimals: number, unit: number) {
    this.step = step;
    this.decimals = decimals;
    this.#unit = unit;
    this.#power = Number(`1e${decimals}`);
  }

  /** Undefined where `step` is no positive decimal of at most 22 decimals. */
  static of(step: Decimal): DecimalScale | undefined {
    const text = String(step);
    const decimals = decimalsOf(text);
    if (decimals < 0 || decimals > MAX_EXACT_POWER) return undefined;
    const unit = scaledFromText(text, decimals);
    return unit > 0 ? new DecimalScale(textFromScaled(unit, decimals), decimals, unit) : undefined;
  }

  /** Whole steps of a non-negative decimal; NaN where it is none, does not fit a safe integer, or is no whole number of steps. */
  toSteps(value: Decimal): number {
    const scaled = typeof value === 'number' ? this.#scaledNumber(value) : scaledFromText(value, this.decimals);
    const steps = this.#unit === 1 ? scaled : scaled / this.#unit;
    // A quotient of safe integers that rounds to an integer may still have a remainder: multiply back.
    return steps >= 0 && Math.floor(steps) === steps && steps * this.#unit === scaled ? steps + 0 : Number.NaN;
  }

  /** The number nearest to so many steps: what `Number` makes of their decimal text. */
  toNumber(steps: number): number {
    return (steps * this.#unit) / this.#power;
  }

  #scaledNumber(value: number): number {
    const nearest = Math.round(value * this.#power);
    if (nearest < UNIQUE_DIGITS && nearest / this.#power === value) return nearest;
    return scaledFromText(String(value), this.decimals);
  }
}
