import type { Environment } from './environment.ts';
import { formatNumber, formatTime } from './format.ts';
import type { CaseResult, ContestantResult } from './result.ts';
import { median, spread } from './statistics.ts';

/** Above this load per core when a run begins, something else is at work. */
const LOAD_PER_CORE = 0.5;
/** Above this share of time taken by other guests, the clock counts work that is not ours. */
const STEAL_SHARE = 0.02;
/** Launch medians further apart than this are not one figure. */
const LAUNCH_SPREAD = 0.15;
/** Two clock reads are some 8 % of a call this short. */
const TIMER_FLOOR_NS = 1_000;
/** The harness calls an empty function in 3 ns: what is hardly slower did hardly anything. */
const EMPTY_CALL_NS = 5;
/** A mean this far above the median hides pauses, usually collections. */
const MEAN_OVER_MEDIAN = 1.25;
/** Contestants whose allocations differ more than this pay later, in collections that their median does not show. */
const ALLOCATION_FACTOR = 10;
/** The smallest object: less per run is what the harness allocates beside it. */
const LEAST_OBJECT_BYTES = 16;

export function loadWarnings(environment: Environment): string[] {
  const { loadAverage, cores } = environment;
  if (loadAverage <= LOAD_PER_CORE * cores) return [];
  return [`the machine was busy when the run began: load average ${loadAverage} on ${cores} cores`];
}

/** `cpus`: those that contestants were to be bound to. */
export function bindingWarnings(cases: readonly CaseResult[], cpus: readonly number[]): string[] {
  const launches = cases.flatMap(({ contestants }) => contestants.flatMap((each) => each.launches));
  if (cpus.length < 2 || launches.every(({ cpu }) => cpu !== undefined)) return [];
  return ['contestants were not on one CPU, because taskset is missing: a difference between CPUs is in the ratios'];
}

export function stealWarnings(share: number): string[] {
  if (share <= STEAL_SHARE) return [];
  return [`other guests took ${Math.round(share * 100)} % of this machine's CPU time during the run`];
}

/** What a reader must know before believing the figures of a case. Contestants without figures have their own row. */
export function caseWarnings(contestants: readonly ContestantResult[]): string[] {
  const measured = contestants.filter((contestant) => contestant.figures !== undefined);
  return [...measured.flatMap(contestantWarnings), ...asyncWarnings(measured), ...allocationWarnings(measured)];
}

function contestantWarnings({ name, figures, launches }: ContestantResult): string[] {
  const warnings: string[] = [];
  const apart = spread(launches.map((launch) => launch.medianNs));
  if (apart > LAUNCH_SPREAD) {
    warnings.push(`unstable: the launches of ${name} are ${Math.round(apart * 100)} % apart`);
  }
  const runNs = figures!.runNs;
  if (runNs < EMPTY_CALL_NS) {
    warnings.push(
      `a run of ${name} takes ${formatTime(runNs)}, hardly more than an empty call: its work may be optimised away`,
    );
  } else if (runNs < TIMER_FLOOR_NS) {
    const batch = launches[0]!.batch;
    warnings.push(
      `a run of ${name} takes ${formatTime(runNs)}, too short for the clock: timed in batches of ${batch}; do more work in a run`,
    );
  }
  const excess = Math.min(...launches.map((launch) => launch.meanNs / launch.medianNs));
  if (excess > MEAN_OVER_MEDIAN) {
    warnings.push(`the mean of ${name} is ${excess.toFixed(1)} times its median: pauses are not in the time shown`);
  }
  return warnings;
}

function asyncWarnings(measured: readonly ContestantResult[]): string[] {
  const isAsync = ({ launches }: ContestantResult): boolean => launches[0]!.async;
  const waiting = measured.filter(isAsync);
  if (waiting.length === 0 || waiting.length === measured.length) return [];
  const names = waiting.map((contestant) => contestant.name).join(', ');
  return [
    `${names} ${waiting.length === 1 ? 'returns a promise' : 'return promises'}, the others do not: the wait is in the time`,
  ];
}

function allocationWarnings(measured: readonly ContestantResult[]): string[] {
  const known = measured.flatMap(({ name, launches }) => {
    const bytes = launches.flatMap(({ allocatedBytes }) => allocatedBytes ?? []);
    return bytes.length === 0 ? [] : [{ name, bytes: Math.max(LEAST_OBJECT_BYTES, median(bytes)) }];
  });
  const [least, ...others] = known.toSorted((a, b) => a.bytes - b.bytes);
  const most = others.at(-1);
  if (least === undefined || most === undefined || most.bytes < ALLOCATION_FACTOR * least.bytes) return [];
  const factor = formatNumber(Math.round(most.bytes / least.bytes));
  return [`a run of ${most.name} allocates ${factor} times as much as one of ${least.name}: collections come later`];
}
