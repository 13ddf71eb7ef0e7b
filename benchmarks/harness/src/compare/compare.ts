import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

import { environment, type Environment } from '../environment.ts';
import { caseFiles } from '../discover.ts';
import { listFile, type LaunchOptions } from '../launch.ts';
import type { CountChange } from '../metrics/compare-counts.ts';
import { randomNumbers } from '../random.ts';
import { findCases } from '../run.ts';
import type { FoundCase } from '../rounds.ts';
import { loadWarnings } from '../warnings.ts';
import type { CaseEvidence, RunVerdict, VerdictOptions } from '../verdict/evidence.ts';
import { judge, undecided } from '../verdict/judge.ts';
import type { CompareSettings } from './arguments.ts';
import type { Base, ReadyBase } from './base.ts';
import { build } from './build.ts';
import type { ComparedCase, LockStepLaunch } from './lock-step.ts';
import { shuffledLaunches } from './plan.ts';
import { workspaceResolution } from './session.ts';
import { runStage, type Stage, type StageResult, type StageStep } from './stages.ts';
import { STEAL_LIMIT, suspicions } from './suspicions.ts';
import { folderTree, type Tree } from './tree.ts';
import { artifactDigest, dependenciesOf, inputDigest, workspaces } from './workspace.ts';

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
  readonly metrics?: readonly CountChange[];
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

export interface CompareHooks {
  readonly say?: (line: string) => void;
  readonly onStage?: (stage: 'screen' | 'decide', cases: number, launches: number) => void;
  readonly onStep?: (step: StageStep) => void;
}

export interface CompareRequest {
  readonly root: string;
  readonly packages: readonly string[];
  readonly filter: string;
  readonly settings: CompareSettings;
  readonly signal?: AbortSignal | undefined;
}

const CANARY = fileURLToPath(new URL('./canary.bench.ts', import.meta.url));

/** Compares head, which is `root` as it is now, with `base`. The caller closes the base. */
export async function compare(
  request: CompareRequest,
  base: Base,
  verdictOptions: VerdictOptions,
  hooks: CompareHooks = {},
): Promise<Comparison> {
  const started = performance.now();
  const { root, settings, signal } = request;
  const machine = environment(root);
  const found = await findEvidence(request, base, hooks);
  const cases = [...found.keys()];
  const warnings = cases.length === 0 ? [] : loadWarnings(machine);
  const canary = canaryCase(root);
  const random = randomNumbers(settings.seed);
  const options = { cwd: root, limitMs: settings.limitMs, signal };
  const launchesStarted = performance.now();

  const stage = (
    name: 'screen' | 'decide',
    of: readonly ComparedCase[],
    launches: number,
  ): Promise<Stage> | undefined => {
    if (of.length === 0) return undefined;
    hooks.onStage?.(name, of.length, launches);
    const plan = shuffledLaunches(
      [{ of: canary, launches: settings.canaryFactor * launches }, ...of.map((each) => ({ of: each, launches }))],
      random,
    );
    return runStage(plan, settings, options, hooks.onStep);
  };
  const screen = await stage('screen', cases, settings.screenLaunches);
  const screened = new Map(
    cases.map((each) => [withStages(found.get(each)!, screen?.results.get(each), undefined) as CaseEvidence, each]),
  );
  const open = undecided([...screened.keys()], verdictOptions).map((each) => screened.get(each)!);
  const decide = signal?.aborted ? undefined : await stage('decide', open, settings.launches);
  const launchSeconds = (performance.now() - launchesStarted) / 1e3;

  const evidence = [
    ...found.settled,
    ...cases.map((each) => withStages(found.get(each)!, screen?.results.get(each), decide?.results.get(each))),
  ].sort((a, b) => (a.package === b.package ? 0 : a.package < b.package ? -1 : 1));
  const canaryEvidence =
    screen === undefined
      ? undefined
      : withStages(blank(canary), screen.results.get(canary), decide?.results.get(canary));
  const steal = Math.max(screen?.stealShare ?? 0, decide?.stealShare ?? 0);
  const invalid =
    steal > STEAL_LIMIT ? [`other guests took ${(steal * 100).toFixed(1)} % of this machine's CPU time`] : [];
  return {
    schema: COMPARISON_SCHEMA,
    base: base.label,
    environment: machine,
    settings,
    warnings,
    evidence,
    ...(canaryEvidence === undefined ? {} : { canary: canaryEvidence }),
    verdict: judge(
      { cases: evidence, invalid, ...(canaryEvidence === undefined ? {} : { canary: canaryEvidence }) },
      verdictOptions,
    ),
    seconds: (performance.now() - started) / 1e3,
    launchSeconds: cases.length === 0 ? 0 : launchSeconds,
  };
}

/** The cases to run, each with what is known of it before, and those that need no run. */
class Found extends Map<ComparedCase, ComparedEvidence> {
  readonly settled: ComparedEvidence[] = [];
}

async function findEvidence(
  { root, packages, filter, settings, signal }: CompareRequest,
  base: Base,
  { say = () => {} }: CompareHooks,
): Promise<Found> {
  const found = new Found();
  const head = folderTree(root);
  const headAll = workspaces(head);
  const different = packages.filter((folder) => {
    if (base.tree === undefined) return concerns(headAll, folder, base.published!);
    const digest = inputDigest(head, folder);
    const same = digest !== undefined && digest === inputDigest(base.tree, folder);
    if (same) found.settled.push(identical(folder));
    return !same;
  });
  if (different.length === 0) return found;

  const launch: LaunchOptions = { root, limitMs: settings.limitMs, signal };
  // Before anything is built, so that a filter which fits nothing costs nothing.
  const all = await findCases(different, filter, launch);
  if (all.cases.length === 0 && all.broken.length === 0) return found;
  const needed = different.flatMap((folder) => dependenciesOf(headAll, folder));
  await build(root, [...new Set(needed)], { headRoot: root, say, signal });
  const baseAll = base.tree === undefined ? [] : workspaces(base.tree);
  const ready = await base.prepare([...new Set(different.flatMap((folder) => dependenciesOf(baseAll, folder)))]);

  const remaining = different.filter((folder) => {
    if (ready.root === undefined) return true;
    const digest = artifactDigest(root, head, folder);
    const same = digest !== undefined && digest === artifactDigest(ready.root, base.tree!, folder);
    if (same) found.settled.push(identical(folder));
    return !same;
  });
  const listed = {
    cases: all.cases.filter((each) => remaining.includes(each.package)),
    broken: all.broken.filter((each) => remaining.includes(each.package)),
  };
  for (const { package: folder, file, name, error } of listed.broken) {
    found.settled.push({
      package: folder,
      case: name,
      file,
      screen: [],
      decide: [],
      invalid: [error ?? 'cannot be loaded'],
    });
  }
  const baseCases = await casesOfBase(ready, base.tree, remaining, filter, launch);
  for (const each of listed.cases) {
    if (base.published !== undefined && each.contestants[0]!.package !== base.published) continue;
    const about = aboutCase(each, head, base.tree);
    if (baseCases !== undefined && !baseCases.knows(each)) found.settled.push({ ...about, onlyIn: 'head' });
    else found.set(comparedCase(root, each, headAll, ready), about);
  }
  for (const each of baseCases?.cases ?? []) {
    const inHead = listed.cases.some(({ package: folder, name }) => folder === each.package && name === each.name);
    // A file that head cannot load has been reported already.
    if (inHead || listed.broken.some(({ file }) => file === each.file)) continue;
    found.settled.push({
      package: each.package,
      case: each.name,
      file: each.file,
      screen: [],
      decide: [],
      onlyIn: 'base',
    });
  }
  return found;
}

interface BaseCases {
  readonly cases: readonly { readonly package: string; readonly file: string; readonly name: string }[];
  /** Files that cannot be loaded are taken to have every case: it is head's file that both sides run. */
  knows(each: FoundCase): boolean;
}

/** Undefined where the base has no case files of its own. */
async function casesOfBase(
  ready: ReadyBase,
  tree: Tree | undefined,
  packages: readonly string[],
  filter: string,
  launch: LaunchOptions,
): Promise<BaseCases | undefined> {
  if (ready.root === undefined || tree === undefined) return undefined;
  const cases: { package: string; file: string; name: string }[] = [];
  const unknown = new Set<string>();
  const present = packages.filter((folder) =>
    [...tree.files.keys()].some((path) => path.startsWith(`benchmarks/${folder}/`)),
  );
  for (const { package: folder, file, path } of caseFiles(ready.root, present)) {
    const told = await listFile(path, { ...launch, root: ready.root });
    if (told.kind !== 'listed') unknown.add(file);
    else for (const { name } of told.cases) cases.push({ package: folder, file, name });
  }
  const wanted = cases.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()));
  return {
    cases: wanted,
    knows: (each) =>
      unknown.has(each.file) ||
      wanted.some(({ package: folder, name }) => folder === each.package && name === each.name),
  };
}

function comparedCase(
  root: string,
  each: FoundCase,
  all: ReturnType<typeof workspaces>,
  ready: ReadyBase,
): ComparedCase {
  const { package: folder, name, file, path, index } = each;
  const names = dependenciesOf(all, folder)
    .filter((workspace) => workspace.folder.startsWith('packages/'))
    .map((workspace) => workspace.name);
  const sides = { base: ready.resolution(folder, names), head: workspaceResolution(root, root, folder, names) };
  return { package: folder, name, file, path, index, sides };
}

/** Head on both sides. */
function canaryCase(root: string): ComparedCase {
  const side = workspaceResolution(root, root, 'harness', []);
  const file = `benchmarks/harness/src/compare/${basename(CANARY)}`;
  return { package: 'harness', name: 'canary', file, path: CANARY, index: 0, sides: { base: side, head: side } };
}

function aboutCase({ package: folder, name, file }: FoundCase, head: Tree, base: Tree | undefined): ComparedEvidence {
  const caseChanged = base !== undefined && base.files.get(file) !== head.files.get(file);
  return { package: folder, case: name, file, screen: [], decide: [], ...(caseChanged ? { caseChanged } : {}) };
}

function blank({ package: folder, name, file }: ComparedCase): ComparedEvidence {
  return { package: folder, case: name, file, screen: [], decide: [] };
}

/** For all cases of a package: listing them would take longer than knowing that none has to run. */
function identical(folder: string): ComparedEvidence {
  return { package: folder, case: 'all cases', file: `benchmarks/${folder}`, screen: [], decide: [], identical: true };
}

function withStages(
  about: ComparedEvidence,
  screen: StageResult | undefined,
  decide: StageResult | undefined,
): ComparedEvidence {
  const launches = [...(screen?.launches ?? []), ...(decide?.launches ?? [])];
  const stopped = [screen?.stopped, decide?.stopped].flatMap((each) =>
    each === undefined || each.kind === 'interrupted' ? [] : [each.reason],
  );
  const invalid = [...stopped, ...suspicions(launches)];
  return {
    ...about,
    screen: screen?.launches ?? [],
    decide: decide?.launches ?? [],
    ...(invalid.length === 0 ? {} : { invalid }),
  };
}

/** A published package is compared by the cases of the workspaces that depend on it. */
function concerns(all: ReturnType<typeof workspaces>, folder: string, name: string): boolean {
  return dependenciesOf(all, folder).some((workspace) => workspace.name === name);
}
