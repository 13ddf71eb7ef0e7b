import type { Environment } from '../environment.ts';
import type { CaseResult, RunResult } from '../result.ts';
import { median } from '../statistics.ts';
import type { CaseEvidence } from '../verdict/evidence.ts';
import { fingerprintOf, LINE_SCHEMA, type HistoryCase, type HistoryLine } from './line.ts';

/** What the history keeps of a comparison; what `--json` of a comparison prints may have more fields. */
export interface ComparisonResult {
  readonly environment: Environment;
  /** The commit, version or folder that head was compared with. */
  readonly base?: string;
  readonly evidence: readonly CaseEvidence[];
  /** Reasons why nothing of it can be trusted. Nothing of such a comparison is kept. */
  readonly verdict?: { readonly invalid: readonly string[] };
}

/** One line per package of a run, in the order of the run. Only what was measured; a package without any has no line. */
export function linesOfRun(result: RunResult, variables: NodeJS.ProcessEnv): HistoryLine[] {
  const cases = result.cases.flatMap((each) => {
    const kept = caseOfRun(each);
    return kept === undefined ? [] : [{ package: each.package, case: kept }];
  });
  return lines(result.environment, undefined, cases, variables);
}

/** One line per package of a comparison. Cases that were not run, or whose figures cannot be trusted, are left out. */
export function linesOfComparison(result: ComparisonResult, variables: NodeJS.ProcessEnv): HistoryLine[] {
  if ((result.verdict?.invalid ?? []).length > 0) return [];
  const cases = result.evidence.flatMap((each) => {
    const kept = caseOfComparison(each);
    return kept === undefined ? [] : [{ package: each.package, case: kept }];
  });
  return lines(result.environment, result.base, cases, variables);
}

function lines(
  environment: Environment,
  base: string | undefined,
  cases: readonly { package: string; case: HistoryCase }[],
  variables: NodeJS.ProcessEnv,
): HistoryLine[] {
  const changed = environment.changed === true ? '+changes' : '';
  const names = [...new Set(cases.map((each) => each.package))];
  return names.map((name) => ({
    schema: LINE_SCHEMA,
    package: name,
    commit: environment.commit === undefined ? '' : environment.commit + changed,
    ...(base === undefined ? {} : { base }),
    date: environment.date,
    fingerprint: fingerprintOf(environment, variables),
    cases: cases.filter((each) => each.package === name).map((each) => each.case),
  }));
}

function caseOfRun({ name, contestants }: CaseResult): HistoryCase | undefined {
  const ours = contestants.find(({ role }) => role === 'ours');
  if (ours?.status !== 'measured' || ours.launches.length === 0) return undefined;
  const allocated = ours.launches.flatMap(({ allocatedBytes }) => allocatedBytes ?? []);
  return {
    name,
    launchNs: ours.launches.map(({ medianNs }) => medianNs),
    metrics: {
      cpuNs: median(ours.launches.map(({ cpuNs }) => cpuNs)),
      maxRssBytes: Math.max(...ours.launches.map(({ maxRssBytes }) => maxRssBytes)),
      ...(allocated.length === 0 ? {} : { allocatedBytes: median(allocated) }),
    },
  };
}

/** The second stage where there is one: it rests on fresh launches, the first is what it was chosen by. */
function caseOfComparison(evidence: CaseEvidence): HistoryCase | undefined {
  const measured = (evidence.decide.length > 0 ? evidence.decide : evidence.screen).filter(
    ({ blockLogRatios }) => blockLogRatios.length > 0,
  );
  if (measured.length === 0 || (evidence.invalid ?? []).length > 0) return undefined;
  const headsOf = (launches: CaseEvidence['decide']) => launches.flatMap(({ head }) => head ?? []);
  const heads = headsOf(measured);
  // What a process uses beside time is observed in the first stage only.
  const observed = headsOf([...evidence.screen, ...evidence.decide]);
  const summary = (key: string, values: readonly (number | undefined)[]): Record<string, number> => {
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? {} : { [key]: median(known) };
  };
  return {
    name: evidence.case,
    launchLogRatios: measured.map(({ blockLogRatios }) => median(blockLogRatios)),
    metrics: {
      ...summary(
        'cpuNs',
        heads.map(({ cpuNs }) => cpuNs),
      ),
      ...summary(
        'maxRssBytes',
        observed.map(({ usage }) => usage?.maxRssBytes),
      ),
      ...summary(
        'allocatedBytes',
        observed.map(({ usage }) => usage?.allocatedBytes),
      ),
      ...(evidence.instructions === undefined ? {} : { instructionRatio: evidence.instructions.ratio }),
    },
  };
}
