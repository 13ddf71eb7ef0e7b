/** Steps of one pass: a few milliseconds, longer than what the clock or an interrupt adds. */
const STEPS = 3_000_000;
/** The quickest pass counts: other work on the machine makes passes slower, never quicker. */
const PASSES = 9;

/**
 * Nanoseconds that a fixed chain of dependent integer operations takes, which only the frequency of the processor changes: no
 * memory, no allocation, one thread. Virtual machines do not show the frequency itself. Blocks for about 50 ms.
 */
export function chainNs(): number {
  let quickest = Number.POSITIVE_INFINITY;
  for (let pass = 0; pass < PASSES; pass++) {
    const start = process.hrtime.bigint();
    const end = chain(pass);
    const elapsedNs = Number(process.hrtime.bigint() - start);
    // Looks at the end of the chain, which must not be dropped; it comes back to its seed for none of these passes.
    if (end !== pass) quickest = Math.min(quickest, elapsedNs);
  }
  return quickest;
}

/** Every step needs the one before, so that nothing is reordered or computed at once. */
function chain(seed: number): number {
  let x = seed | 1;
  for (let i = 0; i < STEPS; i++) x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
  return x;
}

/** Above this change the figures of the first cases and the last are of two machines. */
const CLOCK_CHANGE = 0.1;

/** `beforeNs` and `afterNs`: the chain at the start and at the end of a run. */
export function clockWarnings(beforeNs: number, afterNs: number): string[] {
  const change = afterNs / beforeNs;
  if (Math.max(change, 1 / change) <= 1 + CLOCK_CHANGE) return [];
  const percent = Math.round(Math.abs(change - 1) * 100);
  return [
    `the processor's clock changed: a fixed loop took ${percent} % ${change > 1 ? 'longer' : 'less'} at the end of the run than at its start`,
  ];
}
