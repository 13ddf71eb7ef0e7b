import { LINEARITY_BOUND, slopeOf, type Point, type Slope } from './slope.ts';

/** A segment has at least this many instructions, in the first attempt and, where that was not linear, in the second. */
export const SEGMENT_INSTRUCTIONS = [128e6, 512e6] as const;
/** Segments of the final number of runs before the first one that counts: code that got hot last is compiled in them. */
export const WARM_SEGMENTS = 3;
/** The points of the slope, in multiples of the number of runs: 1 and 3 give it, 2 checks that it is a line. */
export const SEGMENTS = [1, 2, 3] as const;

/** A call of nothing takes more than two instructions. */
const MOST_RUNS = 2 ** 28;
const NOT_GROWING = 'counts do not grow with the runs';

/** What the process is to do next: a segment of `factor` times `runs`. `runs` is the same as before, or twice as many. */
export interface Step {
  readonly runs: number;
  readonly factor: number;
}

export interface Counted {
  readonly perRun: number;
  readonly runs: number;
  readonly nonlinearity: number;
}

/**
 * Yields the segments that are to be counted, and is told the instructions of each. Runs are doubled until a segment has enough instructions,
 * or until they are `given`: no clock has a say, so that a busy machine counts what an idle one counts. Returns the last attempt, linear or
 * not (`LINEARITY_BOUND`). Throws RangeError for counts that do not grow.
 */
export function* countingPlan(given?: number): Generator<Step, Counted, number> {
  let runs = 1;
  let last: Counted | undefined;
  for (const enough of SEGMENT_INSTRUCTIONS) {
    for (let warm = 0; warm < WARM_SEGMENTS;) {
      const instructions: number = yield { runs, factor: 1 };
      if (given === undefined ? instructions >= enough : runs >= given) warm++;
      else [runs, warm] = [2 * runs, 0];
      if (runs > MOST_RUNS) throw new RangeError(NOT_GROWING);
    }
    const points: Point[] = [];
    for (const factor of SEGMENTS) points.push({ runs: factor * runs, instructions: yield { runs, factor } });
    last = { ...slope(points as [Point, Point, Point]), runs };
    if (last.nonlinearity <= LINEARITY_BOUND) break;
  }
  if (Number.isNaN(last!.perRun)) throw new RangeError(NOT_GROWING);
  return last!;
}

/** Counts that do not grow are on no line either. */
function slope(points: readonly [Point, Point, Point]): Slope {
  try {
    return slopeOf(points);
  } catch {
    return { perRun: Number.NaN, nonlinearity: Number.POSITIVE_INFINITY };
  }
}
