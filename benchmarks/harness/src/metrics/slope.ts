export interface Point {
  readonly runs: number;
  readonly instructions: number;
}

export interface Slope {
  /** Instructions per run. */
  readonly perRun: number;
  /** How much the two halves of the line differ, as a share of the slope. */
  readonly nonlinearity: number;
}

/**
 * The line is accepted when its two halves agree this well: half of what a comparison calls a regression. Code that is still being compiled
 * or a heap that still grows bends it by several per cent.
 */
export const LINEARITY_BOUND = 0.0025;

/**
 * The slope through three points, whose fixed costs (the marks, the loop's set-up) cancel. For equidistant points this is the least-squares
 * line: the middle point only checks. NaN or a slope that is not above 0 cannot happen for counts of work, and throws RangeError.
 */
export function slopeOf([first, middle, last]: readonly [Point, Point, Point]): Slope {
  const between = (from: Point, to: Point): number => (to.instructions - from.instructions) / (to.runs - from.runs);
  const perRun = between(first, last);
  if (!(perRun > 0)) throw new RangeError(`counts do not grow with the runs: ${perRun} instructions per run`);
  return { perRun, nonlinearity: Math.abs(between(middle, last) - between(first, middle)) / perRun };
}
