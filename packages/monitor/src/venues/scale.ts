import { decimalsOf, scaledFromText, textFromScaled } from '@perf/internal';
import { MonitorError } from '../errors.ts';

/**
 * The grid that a price or a quantity lies on: a count `n` stands for `n × step / 10^decimals`.
 * Tick 0.10 is `{ decimals: 1, step: 1 }`, tick 0.5 is `{ decimals: 1, step: 5 }`, tick 25 is `{ decimals: 0, step: 25 }`.
 */
export interface Scale {
  readonly decimals: number;
  readonly step: number;
}

/** Reads a tick or lot size as the venue or the user writes it. Throws `ERR_PERF_MONITOR_OPTION` unless it is a positive decimal. */
export function scaleOf(size: string): Scale {
  const decimals = decimalsOf(size);
  const step = decimals < 0 ? Number.NaN : scaledFromText(size, decimals);
  if (!(step > 0)) {
    throw new MonitorError('ERR_PERF_MONITOR_OPTION', `tick or lot size must be a positive decimal, got "${size}"`);
  }
  return { decimals, step };
}

/** The grid of this many decimals. */
export function decimalScale(decimals: number): Scale {
  return { decimals, step: 1 };
}

/** Counts of `scale` in a decimal text: exact, or NaN where it is off the grid, no decimal number or beyond 2^53. */
export function countFromText(text: string, scale: Scale): number {
  return onGrid(scaledFromText(text, scale.decimals), scale.step);
}

/** Decimal text of a count, with the decimals of the scale: 618002 at tick 0.1 is "61800.2". */
export function textFromCount(count: number, scale: Scale): string {
  return textFromScaled(count * scale.step, scale.decimals);
}

/** The size of one count as text: "0.1". */
export function scaleText(scale: Scale): string {
  return textFromScaled(scale.step, scale.decimals);
}

export function onGrid(scaled: number, step: number): number {
  if (step === 1) return scaled;
  return scaled % step === 0 ? scaled / step : Number.NaN;
}
