// Prices and quantities repeat: the same few hundred integers are written thousands of times per second. A small
// direct-mapped cache turns most of them into one array read.

const SLOTS = 2048;

/** Writes integers as fixed-point text, remembering the last text of each slot. */
export class DecimalText {
  readonly #decimals: number;
  readonly #units: number;
  readonly #keys: Float64Array = new Float64Array(SLOTS).fill(-1);
  readonly #texts: string[] = new Array<string>(SLOTS).fill('');

  /** `units` is what one step of the integer is worth in units of the last decimal. */
  constructor(decimals: number, units: number) {
    this.#decimals = decimals;
    this.#units = units;
  }

  /** `of(618002)` is "61800.20" at two decimals and ten units. For non-negative safe integers. */
  of(value: number): string {
    const slot = value & (SLOTS - 1);
    if (this.#keys[slot] === value) return this.#texts[slot];
    const text = fixedPoint(value * this.#units, this.#decimals);
    this.#keys[slot] = value;
    this.#texts[slot] = text;
    return text;
  }
}

function fixedPoint(value: number, decimals: number): string {
  const digits = String(value);
  if (decimals === 0) return digits;
  const padded = digits.length > decimals ? digits : digits.padStart(decimals + 1, '0');
  const cut = padded.length - decimals;
  return `${padded.slice(0, cut)}.${padded.slice(cut)}`;
}
