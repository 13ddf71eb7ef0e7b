import type { Interval } from '../statistics.ts';

/** Where a ratio counts as no difference: within 1 ± this, as a factor on both sides. */
export const SAME_WITHIN = 0.02;

/** A logarithmic axis: as far from 1 to 2 as from 1 to a half. Contains 1. */
export interface RulerScale {
  readonly low: number;
  readonly high: number;
}

/** The axis that shows all of these ratios, the band around 1, and a little air at both ends. */
export function rulerScale(ratios: readonly number[]): RulerScale {
  const band = 1 + SAME_WITHIN;
  const low = Math.log(Math.min(1 / band, ...ratios));
  const high = Math.log(Math.max(band, ...ratios));
  const air = (high - low) * 0.04;
  return { low: Math.exp(low - air), high: Math.exp(high + air) };
}

/** The numbers that a ratio with its interval needs room for. */
export function extent({ value, low, high }: Interval): number[] {
  return [value, low ?? value, high ?? value];
}

/** From 0 at the low end of the axis to 1 at the high end. */
export function positionOn({ low, high }: RulerScale, ratio: number): number {
  return Math.log(ratio / low) / Math.log(high / low);
}

/**
 * One line of `width` characters: `   ·│· ├──●──┤ `: the interval from ├ to ┤, the ratio at ●, 1 at │ (┼ inside the interval), no difference at ·.
 * What lies in one cell with the ratio is hidden by it. `toAscii` has a letter for each.
 */
export function textRuler(ratio: Interval, scale: RulerScale, width: number): string {
  const cells = Array.from({ length: width }, () => ' ');
  const cellOf = (value: number): number => {
    const cell = Math.floor(positionOn(scale, value) * width);
    return Math.min(width - 1, Math.max(0, cell));
  };
  const fill = (from: number, to: number, mark: string): void => {
    cells.fill(mark, cellOf(from), cellOf(to) + 1);
  };
  fill(1 / (1 + SAME_WITHIN), 1 + SAME_WITHIN, '·');
  cells[cellOf(1)] = '│';
  if (ratio.low !== null && ratio.high !== null) {
    fill(ratio.low, ratio.high, '─');
    if (ratio.low < 1 && ratio.high > 1) cells[cellOf(1)] = '┼';
    cells[cellOf(ratio.low)] = '├';
    cells[cellOf(ratio.high)] = '┤';
  }
  cells[cellOf(ratio.value)] = '●';
  return cells.join('');
}
