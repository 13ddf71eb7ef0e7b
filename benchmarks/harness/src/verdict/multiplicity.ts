export interface HolmDecision {
  readonly rejected: boolean;
  /**
   * The level at which this hypothesis was decided: α over the number of hypotheses that were left. An interval at this level
   * excludes the hypothesis when, and only when, it is rejected.
   */
  readonly level: number;
}

/**
 * Holm's step-down procedure: with probability at most `alpha` is any true hypothesis rejected, whatever the dependence between
 * them. (Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979.) In the order of `ps`.
 */
export function holm(ps: readonly number[], alpha: number): HolmDecision[] {
  const order = ascending(ps);
  const decisions = new Array<HolmDecision>(ps.length);
  let left = ps.length;
  for (const i of order) {
    const level = alpha / left;
    const rejected = ps[i]! <= level;
    decisions[i] = { rejected, level };
    // Nothing is rejected after the first that stays: those after it have larger p values and, as `left` stays, its level.
    if (rejected) left--;
  }
  return decisions;
}

/**
 * Benjamini and Hochberg's step-up procedure: of what it rejects, a share of at most `rate` is true on average. (Controlling the
 * false discovery rate, Journal of the Royal Statistical Society B 57, 1995.) In the order of `ps`.
 */
export function benjaminiHochberg(ps: readonly number[], rate: number): boolean[] {
  const order = ascending(ps);
  const last = order.findLastIndex((i, place) => ps[i]! <= ((place + 1) * rate) / ps.length);
  const rejected = new Array<boolean>(ps.length).fill(false);
  for (const i of order.slice(0, last + 1)) rejected[i] = true;
  return rejected;
}

/** Indices in the order of their values; equal ones keep theirs. */
function ascending(ps: readonly number[]): number[] {
  if (ps.some(Number.isNaN)) throw new RangeError('a p value that is NaN');
  return ps.map((_p, i) => i).toSorted((a, b) => ps[a]! - ps[b]!);
}
