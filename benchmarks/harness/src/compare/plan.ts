/** One launch of a case, with the number that it has among the case's own. */
export interface Planned<Case> {
  readonly of: Case;
  readonly launch: number;
}

/**
 * All launches of all cases in one shuffled order, so that a busy minute of the machine does not fall on one case. The numbers of a case's
 * launches still go up, which keeps the roles alternating within it.
 */
export function shuffledLaunches<Case>(
  cases: readonly { readonly of: Case; readonly launches: number }[],
  random: () => number,
): Planned<Case>[] {
  const order = cases.flatMap((each) => Array.from({ length: each.launches }, () => each.of));
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const counts = new Map<Case, number>();
  return order.map((each) => {
    const launch = counts.get(each) ?? 0;
    counts.set(each, launch + 1);
    return { of: each, launch };
  });
}
