import { formatNumber } from '../format.ts';
import type { Interval } from '../statistics.ts';

/** Characters of a ruler. */
export const RULER_WIDTH = 24;

/** Where a ratio counts as no difference: within 1 ± this, as a factor on both sides. */
export const SAME_WITHIN = 0.02;

/** A logarithmic axis: as far from 1 to 2 as from 1 to a half. Contains 1. */
export interface RulerScale {
  readonly low: number;
  readonly high: number;
}

/**
 * The axis that shows all of these ratios, the band around 1, and a little air at both ends. What is further from 1 than the factor
 * `furthest` is left out, so that one large ratio does not press the others into one cell.
 */
export function rulerScale(
  ratios: readonly number[],
  within: number = SAME_WITHIN,
  furthest: number = Number.POSITIVE_INFINITY,
): RulerScale {
  const end = Math.log(furthest);
  const upTo = (log: number): number => Math.min(end, Math.max(-end, log));
  const low = upTo(Math.log(Math.min(1 / (1 + within), ...ratios)));
  const high = upTo(Math.log(Math.max(1 + within, ...ratios)));
  const air = (high - low) * 0.04;
  return { low: Math.exp(low - air), high: Math.exp(high + air) };
}

/** The numbers that a ratio with its interval needs room for. */
export function extent({ value, low, high }: Interval): number[] {
  return [value, low ?? value, high ?? value];
}

/** From 0 at the low end of the axis to 1 at the high end; outside of it for what the axis leaves out. */
export function positionOn({ low, high }: RulerScale, ratio: number): number {
  return Math.log(ratio / low) / Math.log(high / low);
}

/**
 * One line of `width` characters: `   ·│· ├──●──┤ `: the interval from ├ to ┤, the ratio at ●, 1 at │ (┼ inside the interval), no difference at ·.
 * What lies in one cell with the ratio is hidden by it. A ratio beyond the axis is ◀ or ▶ at its end; an interval that leaves it has no end there.
 * `toAscii` has a letter for each.
 */
export function textRuler(
  ratio: Interval,
  scale: RulerScale,
  width: number = RULER_WIDTH,
  within: number = SAME_WITHIN,
): string {
  const cells = Array.from({ length: width }, () => ' ');
  const cellOf = (value: number): number => {
    const cell = Math.floor(positionOn(scale, value) * width);
    return Math.min(width - 1, Math.max(0, cell));
  };
  const fill = (from: number, to: number, mark: string): void => {
    cells.fill(mark, cellOf(from), cellOf(to) + 1);
  };
  fill(1 / (1 + within), 1 + within, '·');
  cells[cellOf(1)] = '│';
  if (ratio.low !== null && ratio.high !== null) {
    fill(ratio.low, ratio.high, '─');
    if (ratio.low < 1 && ratio.high > 1) cells[cellOf(1)] = '┼';
    if (isOn(scale, ratio.low)) cells[cellOf(ratio.low)] = '├';
    if (isOn(scale, ratio.high)) cells[cellOf(ratio.high)] = '┤';
  }
  cells[cellOf(ratio.value)] = isOn(scale, ratio.value) ? '●' : ratio.value < scale.low ? '◀' : '▶';
  return cells.join('');
}

export function isOn({ low, high }: RulerScale, ratio: number): boolean {
  return ratio >= low && ratio <= high;
}

/** `│ is 1, log 0.71 to 3.28`: what the ends of the axis are. */
export function axisLabel({ low, high }: RulerScale): string {
  return `│ is 1, log ${formatNumber(low)} to ${formatNumber(high)}`;
}

/** As code, with spaces that no reader of Markdown collapses. */
export function rulerInMarkdown(ruler: string): string {
  return `\`${ruler.replaceAll(' ', '\u00A0')}\``;
}
