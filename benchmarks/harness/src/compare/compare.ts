import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

import { beside } from '../beside.ts';
import { environment, type Environment } from '../environment.ts';
import type { CountChange } from '../metrics/compare-counts.ts';
import { randomNumbers } from '../random.ts';
import { loadWarnings } from '../warnings.ts';
import type { CaseEvidence, RunVerdict, VerdictOptions } from '../verdict/evidence.ts';
import { judge, undecided } from '../verdict/judge.ts';
import { goesOn, looksFor, stepsOf } from '../verdict/looks.ts';
import { complete } from '../verdict/options.ts';
import { estimateStage } from '../verdict/stage.ts';
import type { CompareSettings } from './arguments.ts';
import type { Base } from './base.ts';
import { findEvidence, type Found } from './cases.ts';
import { countingHere, withCounts } from './counts.ts';
import { lockStep, type ComparedCase, type LaunchSettings, type LockStepLaunch } from './lock-step.ts';
import { shuffledLaunches } from './plan.ts';
import { workspaceResolution } from './session.ts';
import { runStage, type LaunchOnce, type Stage, type StageStep } from './stages.ts';
import { disturbances, stealReasons, suspicions, whyHopeless } from './suspicions.ts';

/** Grows when a reader of older comparisons would misread newer ones. */
export const COMPARISON_SCHEMA = 1;

/** A whole comparison: what `--json` prints. Plain JSON. */
export interface Comparison {
  readonly schema: typeof COMPARISON_SCHEMA;
  readonly base: string;
  /** Of head, and of the machine. */
  readonly environment: Environment;
  readonly settings: CompareSettings;
  readonly warnings: readonly string[];
  readonly evidence: readonly ComparedEvidence[];
  readonly canary?: ComparedEvidence;
  /** What launched cases do beside time, and the sizes of their packages. */
  readonly metrics: readonly CountChange[];
  /** The first stage could not be believed, so there was no second. */
  readonly stopped?: true;
  readonly verdict: RunVerdict;
  /** Wall time of the whole comparison and of its launches. */
  readonly seconds: number;
  readonly launchSeconds: number;
}

export interface ComparedEvidence extends CaseEvidence {
  readonly screen: readonly LockStepLaunch[];
  readonly decide: readonly LockStepLaunch[];
  /** Relative to the root, with `/`. */
  readonly file: string;
  /** The case file is not the same in base and head; both ran head's. */
  readonly caseChanged?: true;
}

/** `extend`: the launches of the second stage after a look at it. */
export type StageName = 'screen' | 'decide' | 'extend';

export interface CompareHooks {
  readonly say?: (line: string) => void;
  readonly onStage?: (stage: StageName, cases: number, launches: number) => void;
  readonly onStep?: (step: StageStep) => void;
}

export interface CompareRequest {
  readonly root: string;
  readonly packages: readonly string[];
  /** A case runs when any of these is part of its name; none: every case. */
  readonly filters: readonly string[];
  readonly settings: CompareSettings;
  /** Instructions and packed sizes are counted too. Default false. */
  readonly counts?: boolean;
  readonly signal?: AbortSignal | undefined;
}

const CANARY = fileURLToPath(beside('./canary.bench', import.meta.url));

/** Compares head, which is `root` as it is now, with `base`. The caller closes the base. */
export async function compare(
  request: CompareRequest,
  base: Base,
  verdictOptions: VerdictOptions,
  hooks: CompareHooks = {},
): Promise<Comparison> {
  const started = performance.now();
  const found = await findEvidence(request, base, hooks);
  const comparison = await compareFound(found, request, base.label, verdictOptions, hooks);
  return { ...comparison, seconds: (performance.now() - started) / 1e3 };
}

/** The part that takes the time: runs what was found and judges it. May be called again for the same cases. */
export async function compareFound(
  found: Found,
  request: CompareRequest,
  base: string,
  verdictOptions: VerdictOptions,
  hooks: CompareHooks = {},
): Promise<Comparison> {
  const started = performance.now();
  const { root, settings, signal } = request;
  const machine = environment(root);
  const cases = [...found.keys()];
  const warnings = cases.length === 0 ? [] : loadWarnings(machine);
  const canary = canaryCase(root);
  const random = randomNumbers(settings.seed);
  const options = { cwd: root, limitMs: settings.limitMs, signal };
  const launchesStarted = performance.now();

  const stage = (
    name: StageName,
    of: readonly ComparedCase[],
    launches: number,
    screened?: Stage,
  ): Promise<Stage> | undefined => {
    if (of.length === 0) return undefined;
    hooks.onStage?.(name, of.length, launches);
    // Every stage adds to what is known of the canary.
    const plan = shuffledLaunches(
      [{ of: canary, launches: canaryLaunches(name, settings) }, ...of.map((each) => ({ of: each, launches }))],
      random,
    );
    const launchOnce: LaunchOnce = (compared, launch, asked, within) =>
      lockStep(compared, launch, settingsOf(compared, asked, screened), within);
    // The first stage has launches enough for what a process uses beside time, and observing that takes longer than some cases.
    return runStage(plan, { ...settings, usage: name === 'screen' }, options, hooks.onStep, launchOnce);
  };
  const settingsOf = (compared: ComparedCase, asked: LaunchSettings, screened: Stage | undefined): LaunchSettings => {
    if (compared === canary) return chargedFully(asked);
    const launches = screened?.results.get(compared)?.launches;
    return launches === undefined ? asked : preciseEnough(asked, launches);
  };
  const screen = await stage('screen', cases, settings.screenLaunches);
  const withStages = (compared: ComparedCase, about: ComparedEvidence, ...decide: Stage[]): ComparedEvidence =>
    withLaunches(about, screen, decide, compared, canary, settings);
  const screened = new Map(cases.map((each) => [withStages(each, found.get(each)!) as CaseEvidence, each]));
  const open = undecided([...screened.keys()], verdictOptions).map((each) => screened.get(each)!);
  const hopeless =
    screen === undefined || open.length === 0
      ? undefined
      : whyHopeless(withStages(canary, blank(canary)), screen.stealShare, settings, verdictOptions);
  if (hopeless !== undefined) hooks.say?.(`no second stage: ${hopeless}`);
  const all = complete(verdictOptions);
  const looks = looksFor(open.length, settings.launches, all.familyError);
  const stages: Stage[] = [];
  const looked = new Map<ComparedCase, Pick<ComparedEvidence, 'look'>>();
  let unfinished = hopeless === undefined ? open : [];
  let made = 0;
  for (const { upTo, look } of stepsOf(looks)) {
    const next = signal?.aborted
      ? undefined
      : await stage(made === 0 ? 'decide' : 'extend', unfinished, upTo - made, screen);
    if (next === undefined) break;
    made = upTo;
    stages.push(next);
    for (const each of unfinished) looked.set(each, look === undefined ? {} : { look });
    unfinished = unfinished.filter((each) => {
      const evidence = withStages(each, found.get(each)!, ...stages);
      return evidence.invalid === undefined && goesOn(evidence, looks, open.length, all);
    });
  }
  const launchSeconds = (performance.now() - launchesStarted) / 1e3;

  const timed = [
    ...found.settled,
    ...cases.map((each) => ({ ...withStages(each, found.get(each)!, ...stages), ...looked.get(each) })),
  ].sort((a, b) => (a.package === b.package ? 0 : a.package < b.package ? -1 : 1));
  const { evidence, metrics } = await withCounts(timed, cases, countingHere(request, hooks.say, found.countInputs));
  const canaryEvidence = screen === undefined ? undefined : withStages(canary, blank(canary), ...stages);
  const steal = Math.max(...[screen, ...stages].map((each) => each?.stealShare ?? 0));
  const invalid = stealReasons(steal, settings.busy);
  return {
    schema: COMPARISON_SCHEMA,
    base,
    environment: machine,
    settings,
    warnings,
    evidence,
    ...(canaryEvidence === undefined ? {} : { canary: canaryEvidence }),
    metrics,
    ...(hopeless === undefined ? {} : { stopped: true }),
    verdict: judge(
      { cases: evidence, invalid, ...(canaryEvidence === undefined ? {} : { canary: canaryEvidence }) },
      verdictOptions,
    ),
    seconds: (performance.now() - started) / 1e3,
    launchSeconds: cases.length === 0 ? 0 : launchSeconds,
  };
}

/** Launches that were added say a little more of the canary, which is known by then. */
function canaryLaunches(stage: StageName, { canaryLaunches: launches }: CompareSettings): number {
  return stage === 'extend' ? Math.min(2, launches) : launches;
}

/** A trial slows head down. The canary shows whether the machine can be trusted, so it stays equal on both sides. */
function chargedFully({ headIterations: _charged, ...settings }: LaunchSettings): LaunchSettings {
  return settings;
}

/** Launches that differ from each other anyway need not be known better than this share of it, which makes them scatter by an eighth more. */
const PRECISE_ENOUGH = 0.5;

/** In the second stage: by what the launches of the first differed. */
function preciseEnough(settings: LaunchSettings, screened: readonly LockStepLaunch[]): LaunchSettings {
  const { mean } = estimateStage(screened, { seed: 1 });
  const deviation = mean === undefined || Number.isNaN(mean.deviation) ? 0 : mean.deviation;
  return { ...settings, precision: Math.max(settings.precision, PRECISE_ENOUGH * deviation) };
}

/** Head on both sides. */
function canaryCase(root: string): ComparedCase {
  const side = workspaceResolution(root, root, 'harness', []);
  const file = `benchmarks/harness/src/compare/${basename(CANARY)}`;
  return { package: 'harness', name: 'canary', file, path: CANARY, index: 0, sides: { base: side, head: side } };
}

function blank({ package: folder, name, file }: ComparedCase): ComparedEvidence {
  return { package: folder, case: name, file, screen: [], decide: [] };
}

function withLaunches(
  about: ComparedEvidence,
  screened: Stage | undefined,
  deciding: readonly Stage[],
  compared: ComparedCase,
  canary: ComparedCase,
  { busy }: CompareSettings,
): ComparedEvidence {
  const stages = screened === undefined ? deciding : [screened, ...deciding];
  const launchesOf = (stage: Stage | undefined): readonly LockStepLaunch[] =>
    stage?.results.get(compared)?.launches ?? [];
  const screen = launchesOf(screened);
  const decide = deciding.flatMap(launchesOf);
  const stopped = stages
    .map((stage) => stage.results.get(compared))
    .flatMap((result) =>
      result?.stopped === undefined || result.stopped.kind === 'interrupted' ? [] : [result.stopped.reason],
    );
  const disturbed = stages.flatMap((stage) => {
    const others = compared === canary ? undefined : stage.results.get(canary)?.launches;
    return disturbances(launchesOf(stage), busy, others);
  });
  const invalid = [...stopped, ...suspicions([...screen, ...decide]), ...disturbed];
  return { ...about, screen, decide, ...(invalid.length === 0 ? {} : { invalid }) };
}
