import type { Run } from './case.ts';

/** Often enough for V8 to have allocated feedback for the call site and to have filled it. */
const DECOY_CALLS = 10_000;

/**
 * Holds the results of the decoys, so that no call is dropped because nobody looks at it.
 *
 * @public Exported for that reason alone.
 */
export let decoySink: unknown;

/**
 * What is repeated in a loop to be measured is called through here. Were V8 to inline the contestant into the loop, it could move work
 * that is the same in every turn out of it, and a lookup would seem to take a third of a nanosecond. Two things keep it out: the
 * target is loaded from an array, so that it is not a constant of the loop, and the call site has seen unrelated functions
 * (`keepCallsApart`). A run stays what it is for a user: a call.
 */
export function call(targets: readonly Run<unknown>[], i: number): unknown {
  return targets[i & 1]!();
}

/** Once per process, before the first `call`. */
export function keepCallsApart(): void {
  const decoys = [
    [() => 0, () => ''],
    [() => null, () => []],
  ];
  for (let i = 0; i < DECOY_CALLS; i++) decoySink = call(decoys[(i >> 1) & 1]!, i);
}
