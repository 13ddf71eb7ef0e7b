import { UsageError } from '../command.ts';
import type { CaseResult, Launch, RunResult } from '../result.ts';
import { ratioInterval, type Interval } from '../statistics.ts';
import type { Target, TargetMetric } from './list.ts';

/**
 * `met`: the whole interval is at or above the target. `missed`: the whole interval is below it.
 * `undecided`: the target lies inside the interval, or there is no interval.
 */
export type TargetVerdict = 'met' | 'missed' | 'undecided';

export interface JudgedTarget extends Target {
  readonly package: string;
  readonly verdict: TargetVerdict;
  /** How many times as much as ours the peer takes. Absent when it was not measured. */
  readonly ratio?: Interval;
  /** Why there is no ratio. */
  readonly reason?: string;
}

const VALUE: Record<TargetMetric, (launch: Launch) => number | undefined> = {
  time: (launch) => launch.medianNs,
  cpu: (launch) => launch.cpuNs,
  rss: (launch) => launch.maxRssBytes,
  alloc: (launch) => launch.allocatedBytes,
};

type Cases = Pick<RunResult, 'cases'>;

/**
 * One verdict per target, in their order. Throws UsageError for a case or a peer that the run does not know; where `listed` has
 * the cases as they are now, only for what is not there either, because a record may be older than a case.
 */
export function judgeTargets(
  packageName: string,
  targets: readonly Target[],
  result: Cases | undefined,
  listed?: Cases,
): JudgedTarget[] {
  return targets.map((target) => {
    const undecided = (reason: string): JudgedTarget => ({
      ...target,
      package: packageName,
      verdict: 'undecided',
      reason,
    });
    if (result === undefined) return undecided('nothing recorded yet');
    if (listed !== undefined && !knows(packageName, target, result)) {
      if (knows(packageName, target, listed)) return undecided('not recorded yet');
      const broken = listed.cases.find((each) => each.package === packageName && each.error !== undefined);
      if (broken?.error !== undefined) return undecided(broken.error);
    }
    const { case: found, peer } = find(packageName, target, result);
    if (found.error !== undefined) return undecided(found.error);
    if (peer.status !== 'measured') return undecided(peer.reason ?? peer.status);
    const ours = found.contestants.find(({ role }) => role === 'ours')?.launches ?? [];
    const ratio = metricRatio(target.metric, ours, peer.launches);
    if (ratio === undefined) return undecided(`${target.metric} not measured`);
    return { ...target, package: packageName, verdict: verdictOf(ratio, target.atLeast), ratio };
  });
}

export function verdictOf({ low, high }: Interval, atLeast: number): TargetVerdict {
  if (low === null || high === null) return 'undecided';
  if (low >= atLeast) return 'met';
  return high < atLeast ? 'missed' : 'undecided';
}

/** Peer over ours, paired by round as the ratio of times is. Undefined where a launch has no value above 0. */
export function metricRatio(
  metric: TargetMetric,
  ours: readonly Launch[],
  peer: readonly Launch[],
): Interval | undefined {
  const value = VALUE[metric];
  const pairs = peer.flatMap((launch) => {
    const other = ours.find(({ round }) => round === launch.round);
    return other === undefined ? [] : [{ ours: value(other) ?? 0, peer: value(launch) ?? 0 }];
  });
  if (pairs.length === 0 || pairs.some((pair) => !(pair.ours > 0 && pair.peer > 0))) return undefined;
  return ratioInterval(
    pairs.map((pair) => pair.ours),
    pairs.map((pair) => pair.peer),
  );
}

/** Whether a run has the case and the peer of a target. */
export function knows(packageName: string, target: Target, { cases }: Cases): boolean {
  const found = cases.find((each) => each.package === packageName && each.name === target.case);
  if (found === undefined) return false;
  return found.contestants.length === 0 || peersOf(found).some(({ name }) => name === target.peer);
}

function find(packageName: string, target: Target, { cases }: Cases) {
  const where = `benchmarks/${packageName}/targets.json`;
  const own = cases.filter((each) => each.package === packageName);
  const found = own.find(({ name }) => name === target.case);
  if (found === undefined) {
    throw new UsageError(`${where}: no case "${target.case}"; there are ${own.map(quoted).join(', ') || 'none'}`);
  }
  const peers = peersOf(found);
  const peer = peers.find(({ name }) => name === target.peer);
  // A case that was cut short before it had contestants has no peers to check the name against.
  if (peer === undefined && found.contestants.length > 0) {
    throw new UsageError(
      `${where}: no peer "${target.peer}" in "${target.case}"; there are ${peers.map(quoted).join(', ') || 'none'}`,
    );
  }
  return {
    case: found,
    peer: peer ?? { name: target.peer, role: 'peer', status: 'failed', reason: found.error ?? 'failed', launches: [] },
  } as const;
}

function peersOf({ contestants }: CaseResult) {
  return contestants.filter(({ role }) => role === 'peer');
}

function quoted({ name }: { readonly name: string }): string {
  return `"${name}"`;
}
