import { median } from '../statistics.ts';
import type { LockStepLaunch } from './lock-step.ts';

/** The harness calls an empty function in 3 ns: what is hardly slower did hardly anything. */
const EMPTY_CALL_NS = 5;
/** A block this short is near the two clock reads around it (0.1 µs) and to what wakes a process (some 10 µs). */
const TIMER_FLOOR_NS = 200_000;
/** Above this share of time taken by other guests the clock counts work that is not ours. */
export const STEAL_LIMIT = 0.05;

/** Why figures of a case cannot be believed although every launch gave some. */
export function suspicions(launches: readonly LockStepLaunch[]): string[] {
  if (launches.length === 0) return [];
  const found: string[] = [];
  const blockNs = median(launches.flatMap(({ base, head }) => [median(base.blockNs), median(head.blockNs)]));
  const runNs = median(
    launches.flatMap(({ base, head, iterations }) => [
      median(base.blockNs) / iterations,
      median(head.blockNs) / iterations,
    ]),
  );
  if (runNs < EMPTY_CALL_NS) {
    found.push(`a run takes ${runNs.toFixed(1)} ns, hardly more than an empty call: its work may be optimised away`);
  }
  if (blockNs < TIMER_FLOOR_NS) {
    found.push(`a block of runs takes ${Math.round(blockNs / 1e3)} µs, too short for the clock`);
  }
  return found;
}
