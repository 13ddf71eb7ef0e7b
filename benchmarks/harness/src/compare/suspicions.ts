import { median } from '../statistics.ts';
import { judgeCanary } from '../verdict/canary.ts';
import type { CaseEvidence, VerdictOptions } from '../verdict/evidence.ts';
import { complete } from '../verdict/options.ts';
import { studentQuantile } from '../verdict/student.ts';
import type { LockStepLaunch } from './lock-step.ts';

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

/** A few disturbed launches widen an interval; when more than this share of them were, nothing is concluded. */
const DISTURBED_SHARE = 1 / 4;

/**
 * The canary has no threads and no children, and its launches are shuffled among those of the cases. Where no more of them than this
 * were disturbed, a case waits for what it started itself.
 */
const CALM_CANARY_SHARE = 1 / 8;

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
 * Whether the machine was too busy for the launches that a case had in one stage; `canary` has those of the canary in that stage. No
 * launch is taken out for it: what is left would be fewer pairs than were planned, chosen by what happened.
 */
export function disturbances(
  launches: readonly LockStepLaunch[],
  { waited: limit }: BusyLimits,
  canary?: readonly LockStepLaunch[],
): string[] {
  if (launches.length === 0) return [];
  const waits = knownWaits(launches);
  if (waits !== undefined) {
    const disturbed = waits.filter((each) => each > limit);
    if (disturbed.length <= launches.length * DISTURBED_SHARE) return [];
    const others = canary === undefined ? undefined : knownWaits(canary)?.filter((each) => each > limit);
    if (others !== undefined && others.length <= canary!.length * CALM_CANARY_SHARE) return [];
    return [
      `in ${disturbed.length} of ${launches.length} launches another process had its CPU, for ${percent(median(disturbed))} of the time`,
    ];
  }
  // An asynchronous run has nothing to do for some of its time, whatever else the machine does.
  if (launches.some((each) => each.async)) return [];
  const idle = idleShare(launches);
  const limitIdle = Math.max(IDLE_LIMIT, limit);
  if (idle <= limitIdle || (canary !== undefined && canary.length > 0 && idleShare(canary) <= limitIdle / 2)) return [];
  return [`for ${percent(idle)} of the time it had no CPU: another process did`];
}

/** Per launch, of the side that waited longer. */
function knownWaits(launches: readonly LockStepLaunch[]): number[] | undefined {
  const waits = launches.flatMap(({ base, head }) =>
    base.waited === undefined || head.waited === undefined ? [] : Math.max(base.waited, head.waited),
  );
  return waits.length === launches.length ? waits : undefined;
}

/** Of the time of the blocks, how much no thread had a CPU; a process whose threads work at once may hide it. */
function idleShare(launches: readonly LockStepLaunch[]): number {
  return median(
    launches.flatMap(({ base, head, iterations }) =>
      [base, head].map(({ blockNs, cpuNs }) => {
        const meanNs = blockNs.reduce((sum, ns) => sum + ns, 0) / blockNs.length;
        return Math.max(0, 1 - (cpuNs * iterations) / meanNs);
      }),
    ),
  );
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
  { busy, canaryLaunches }: { busy: BusyLimits; canaryLaunches: number },
  verdictOptions: VerdictOptions,
): string | undefined {
  const launches = canary.screen.length;
  const known = [...stealReasons(steal, busy), ...(canary.invalid ?? [])];
  // A single launch says nothing about the next.
  if (known.length > 0 || launches < 2) return known[0];
  const all = complete(verdictOptions);
  const later = launches + canaryLaunches;
  const width = (n: number): number => studentQuantile(1 - all.confidence, n - 1) / Math.sqrt(n);
  const canaryHalfWidth = (all.canaryHalfWidth * width(launches)) / width(later);
  return judgeCanary(canary, { ...all, canaryHalfWidth }).reasons[0];
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
