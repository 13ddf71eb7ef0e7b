import { median } from '../statistics.ts';
import { judgeCanary } from '../verdict/canary.ts';
import type { CaseEvidence, VerdictOptions } from '../verdict/evidence.ts';
import { complete } from '../verdict/options.ts';
import { studentQuantile } from '../verdict/student.ts';
import type { LockStepLaunch, SideLaunch } from './lock-step.ts';

/** The harness calls an empty function in 3 ns: what is hardly slower did hardly anything. */
const EMPTY_CALL_NS = 5;
/** A block this short is near the two clock reads around it (0.1 µs) and to what wakes a process (some 10 µs). */
const TIMER_FLOOR_NS = 200_000;

/** When a machine is too busy for its figures to be believed. */
export interface BusyLimits {
  /** A launch is disturbed when another process had the CPU of a side for more than this share of its blocks. */
  readonly waited: number;
  /** Above this share of the machine's time taken by other guests the clock counts work that is not ours. */
  readonly steal: number;
}

export const BUSY: BusyLimits = { waited: 0.1, steal: 0.05 };

/** A few disturbed launches widen an interval; of more than this share of them nothing is concluded. */
const DISTURBED_SHARE = 1 / 4;

/**
 * Where the system does not tell how long a thread waited for its CPU, time without CPU time stands in. The clocks of CPU time are
 * coarse and a synchronous run may wait for something else, so that it takes more of it, and all launches together.
 */
const IDLE_LIMIT = 0.3;

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

/**
 * Whether the machine was too busy for the launches of one stage. No launch is taken out for it: what is left would be fewer pairs than
 * were planned, chosen by what happened.
 */
export function disturbances(launches: readonly LockStepLaunch[], { waited: limit }: BusyLimits): string[] {
  if (launches.length === 0) return [];
  const waits = launches.map(({ base, head }) =>
    base.waited === undefined || head.waited === undefined ? undefined : Math.max(base.waited, head.waited),
  );
  const known = waits.filter((each) => each !== undefined);
  if (known.length === launches.length) {
    const disturbed = known.filter((each) => each > limit);
    if (disturbed.length <= launches.length * DISTURBED_SHARE) return [];
    return [
      `in ${disturbed.length} of ${launches.length} launches another process had its CPU, for ${percent(median(disturbed))} of the time`,
    ];
  }
  // An asynchronous run has nothing to do for some of its time, whatever else the machine does.
  if (launches.some((each) => each.async)) return [];
  const share = median(launches.flatMap((each) => [idleShare(each, 'base'), idleShare(each, 'head')]));
  return share <= Math.max(IDLE_LIMIT, limit)
    ? []
    : [`for ${percent(share)} of the time it had no CPU: another process did`];
}

/** Of the time of its blocks. More threads than one use more CPU time than there was time. */
function idleShare(launch: LockStepLaunch, name: 'base' | 'head'): number {
  const side: SideLaunch = launch[name];
  const blockNs = side.blockNs.reduce((sum, ns) => sum + ns, 0) / side.blockNs.length;
  return Math.max(0, 1 - (side.cpuNs * launch.iterations) / blockNs);
}

export function stealReasons(share: number, { steal: limit }: BusyLimits): string[] {
  return share > limit ? [`other guests took ${(share * 100).toFixed(1)} % of this machine's CPU time`] : [];
}

/**
 * Why a second stage could not be believed either, from the first stage of the canary and of the machine. That the launches of the
 * second make the canary's interval narrower is allowed for.
 */
export function whyHopeless(
  canary: CaseEvidence,
  steal: number,
  { busy, screenLaunches, launches }: { busy: BusyLimits; screenLaunches: number; launches: number },
  verdictOptions: VerdictOptions,
): string | undefined {
  const pairs = canary.screen.length >> 1;
  const known = [...stealReasons(steal, busy), ...(canary.invalid ?? [])];
  // A single pair says nothing about the next.
  if (known.length > 0 || pairs < 2) return known[0];
  const all = complete(verdictOptions);
  const later = Math.floor((pairs * (screenLaunches + launches)) / screenLaunches);
  const width = (n: number): number => studentQuantile(1 - all.confidence, n - 1) / Math.sqrt(n);
  const canaryHalfWidth = (all.canaryHalfWidth * width(pairs)) / width(later);
  return judgeCanary(canary, { ...all, canaryHalfWidth }).reasons[0];
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
