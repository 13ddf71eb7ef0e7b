import { launchContestant, type LaunchOptions } from './launch.ts';
import type { ChildMessage, ListedCase, ListedContestant } from './protocol.ts';
import type { CaseResult, ContestantResult, Launch, Settings } from './result.ts';
import { median, ratioInterval } from './statistics.ts';
import { caseWarnings } from './warnings.ts';

/** A case with the place it is at. */
export interface FoundCase extends ListedCase {
  readonly package: string;
  readonly file: string;
  readonly path: string;
  readonly index: number;
}

/** Which launch begins now. */
export interface Step {
  readonly round: number;
  readonly launches: number;
  readonly contestant: string;
}

type CaseEnd = Pick<CaseResult, 'status' | 'error' | 'wrongAnswer'>;

type Measured = Extract<ChildMessage, { kind: 'measured' }>;

/** What is known about a contestant so far; it is launched while `stopped` is undefined. */
interface Progress extends ListedContestant {
  version?: string;
  stopped?: { readonly status: 'missing' | 'failed'; readonly reason: string };
  readonly launches: Launch[];
}

/**
 * Measures a case: `launches` rounds, each with one launch of every contestant, in an order that is rotated by one from
 * round to round, so that none is always first or always after the same other. A peer that is missing stays in the result
 * with the reason. The contestants of a round share one of `cpus`. A wrong answer, a missing input, or ours failing ends the case at once.
 */
export async function measureCase(
  found: FoundCase,
  settings: Settings,
  options: LaunchOptions,
  onStep: (step: Step) => void,
  cpus: readonly number[] = [],
): Promise<CaseResult> {
  const contestants: Progress[] = found.contestants.map((contestant) => ({ ...contestant, launches: [] }));
  let sample: Measured | undefined;
  const cutShort = (end: CaseEnd): CaseResult => caseResult(found, contestants, sample, end, false);

  for (let round = 0; round < settings.launches; round++) {
    const { timeMs, warmupMs } = settings;
    const timing = { timeMs, warmupMs, ...(cpus.length === 0 ? {} : { cpu: cpus[round % cpus.length]! }) };
    for (let place = 0; place < contestants.length; place++) {
      const index = (round + place) % contestants.length;
      const contestant = contestants[index]!;
      if (contestant.stopped !== undefined) continue;
      onStep({ round, launches: settings.launches, contestant: contestant.name });
      const told = await launchContestant(found.path, found.index, index, timing, options);
      switch (told.kind) {
        case 'measured':
          contestant.version = told.version;
          contestant.launches.push({ round, place, ...told.measurement });
          sample ??= told;
          if (told.input.sha256 !== sample.input.sha256 || told.units.count !== sample.units.count) {
            return cutShort({ status: 'failed', error: 'its input is not the same in every launch: fix the seed' });
          }
          break;
        case 'no-input':
          return cutShort({ status: 'skipped', error: told.reason });
        case 'wrong-answer': {
          const error = `wrong answer of ${contestant.name}: expected ${told.expected}, got ${told.got}`;
          return cutShort({ status: 'failed', error, wrongAnswer: true });
        }
        case 'unavailable':
          contestant.stopped = { status: 'missing', reason: told.reason };
          break;
        case 'failed':
          contestant.stopped = { status: 'failed', reason: `${told.where}: ${told.reason}` };
          break;
        case 'listed':
          throw new Error('a launch answered with a list of cases');
      }
      if (options.signal?.aborted) return cutShort({ status: 'failed', error: 'interrupted' });
      if (index === 0 && contestant.stopped !== undefined) {
        return cutShort({ status: 'failed', error: `${contestant.name}: ${contestant.stopped.reason}` });
      }
    }
  }
  const complete = (end: CaseEnd): CaseResult => caseResult(found, contestants, sample, end, true);
  const failed = contestants.filter(({ stopped }) => stopped?.status === 'failed');
  if (failed.length === 0) return complete({ status: 'measured' });
  const error = failed.map(({ name, stopped }) => `${name}: ${stopped!.reason}`).join('; ');
  return complete({ status: 'failed', error });
}

function caseResult(
  found: FoundCase,
  contestants: readonly Progress[],
  sample: Measured | undefined,
  end: CaseEnd,
  complete: boolean,
): CaseResult {
  const unitCount = sample?.units.count ?? 1;
  const ours = contestants[0]!;
  const rows = contestants.map((contestant, index) =>
    contestantResult(contestant, index, ours, complete ? unitCount : undefined),
  );
  return {
    package: found.package,
    file: found.file,
    name: found.name,
    ...end,
    ...(sample === undefined ? {} : { input: sample.input, units: sample.units }),
    contestants: rows,
    warnings: caseWarnings(rows),
  };
}

/** `unitCount` is undefined when the case was cut short: then there are launches but no figures. */
function contestantResult(
  contestant: Progress,
  index: number,
  ours: Progress,
  unitCount: number | undefined,
): ContestantResult {
  const { name, version, optional, stopped, launches } = contestant;
  const head = {
    name,
    role: index === 0 ? 'ours' : 'peer',
    ...(contestant.package === undefined ? {} : { package: contestant.package }),
    ...(version === undefined ? {} : { version }),
    ...(optional === undefined ? {} : { optional }),
  } as const;
  if (stopped !== undefined) return { ...head, ...stopped, launches };
  if (unitCount === undefined) return { ...head, status: 'failed', reason: 'the case was cut short', launches };
  const runNs = median(launches.map((launch) => launch.medianNs));
  return {
    ...head,
    status: 'measured',
    figures: {
      runNs,
      unitsPerSecond: (unitCount / runNs) * 1e9,
      cpuNsPerUnit: median(launches.map((launch) => launch.cpuNs)) / unitCount,
      maxRssBytes: Math.max(...launches.map((launch) => launch.maxRssBytes)),
      ...(index === 0 ? {} : ratioOf(ours.launches, launches)),
    },
    launches,
  };
}

/** Over the rounds in which both were launched; a case that ended early may have none. */
function ratioOf(
  ours: readonly Launch[],
  peer: readonly Launch[],
): Pick<NonNullable<ContestantResult['figures']>, 'ratio'> {
  const pairs = peer.flatMap((launch) => {
    const other = ours.find(({ round }) => round === launch.round);
    return other === undefined ? [] : [{ ours: other.medianNs, peer: launch.medianNs }];
  });
  if (pairs.length === 0) return {};
  return {
    ratio: ratioInterval(
      pairs.map((pair) => pair.ours),
      pairs.map((pair) => pair.peer),
    ),
  };
}
