import { caseFiles } from '../discover.ts';
import { inRepository } from '../layout.ts';
import { listFile, type LaunchOptions } from '../launch.ts';
import type { FoundCase } from '../rounds.ts';
import { findCases } from '../run.ts';
import type { Base, ReadyBase } from './base.ts';
import { build } from './build.ts';
import type { ComparedEvidence, CompareHooks, CompareRequest } from './compare.ts';
import { countInputs } from './kept-counts.ts';
import type { ComparedCase } from './lock-step.ts';
import type { SideName } from './protocol.ts';
import { workspaceResolution } from './session.ts';
import { folderTree, type Tree } from './tree.ts';
import { artifactDigest, dependenciesOf, inputDigest, packagesOf, workspaces } from './workspace.ts';

/** The cases to run, each with what is known of it before, and those that need no run. */
export class Found extends Map<ComparedCase, ComparedEvidence> {
  readonly settled: ComparedEvidence[] = [];
  /** Of packages whose case files are the same on both sides: a count of a base says what head's cases do there. */
  readonly countInputs: Map<string, Readonly<Record<SideName, string>>> = new Map();
}

/** Finds out what has to run, and makes both sides ready for it. */
export async function findEvidence(
  { root, packages, filters, settings, signal }: CompareRequest,
  base: Base,
  { say = () => {} }: CompareHooks,
): Promise<Found> {
  const found = new Found();
  const head = folderTree(root);
  const headAll = workspaces(head);
  const changed = packages.filter((folder) => {
    if (base.published !== undefined) return concerns(headAll, folder, base.published);
    if (base.tree === undefined) return true;
    const digest = inputDigest(head, folder);
    const same = digest !== undefined && digest === inputDigest(base.tree, folder);
    if (same) found.settled.push(identical(folder));
    return !same;
  });
  if (changed.length === 0) return found;

  const launch: LaunchOptions = { root, limitMs: settings.limitMs, signal };
  // Elsewhere a case may import what is built, and cannot be loaded before.
  if (inRepository()) await build(root, [], { headRoot: root, say, signal });
  // Before anything is built, so that a filter which fits nothing costs nothing.
  const everything = await findCases(changed, '', launch);
  const all = { ...everything, cases: everything.cases.filter((each) => isWanted(each, filters)) };
  const different = changed.filter((folder) => [...all.cases, ...all.broken].some((each) => each.package === folder));
  if (different.length === 0) return found;
  const needed = different.flatMap((folder) => dependenciesOf(headAll, folder));
  if (!inRepository()) await build(root, [...new Set(needed)], { headRoot: root, say, signal });
  const baseAll = base.tree === undefined ? [] : workspaces(base.tree);
  const ready = await base.prepare([...new Set(different.flatMap((folder) => dependenciesOf(baseAll, folder)))]);

  const remaining = different.filter((folder) => {
    if (ready.root === undefined || base.tree === undefined) return true;
    const ofHead = artifactDigest(root, head, folder);
    const ofBase = artifactDigest(ready.root, base.tree, folder);
    if (ofHead === undefined || ofBase === undefined) return true;
    if (ofHead === ofBase) found.settled.push(identical(folder));
    else if (haveSameCases(head, base.tree, folder)) {
      found.countInputs.set(folder, { base: countInputs(ofBase, head), head: countInputs(ofHead, head) });
    }
    return ofHead !== ofBase;
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
  // Loading a case file takes a process. Where nothing beside the sources of packages changed, head's cases are the base's.
  const [alike, unlike] = [true, false].map((wanted) =>
    remaining.filter((folder) => haveSameCases(head, base.tree, folder) === wanted),
  ) as [string[], string[]];
  const baseCases = await casesOfBase(ready, base.tree, unlike, filters, launch);
  for (const each of listed.cases) {
    if (base.published !== undefined && !inRepository() && each.contestants[0]!.package !== base.published) continue;
    const about = aboutCase(each, head, base.tree);
    if (baseCases !== undefined && !alike.includes(each.package) && !baseCases.knows(each))
      found.settled.push({ ...about, onlyIn: 'head' });
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

/** In `benchmarks/<folder>`, yet no case looks at them. */
const NO_CASE = /\.md$|\/(?:recorded|targets|\.counts)\.json$/;

function haveSameCases(head: Tree, base: Tree | undefined, folder: string): boolean {
  if (base === undefined || inRepository()) return false;
  const listOf = ({ files }: Tree): string =>
    [...files]
      .filter(([path]) => path.startsWith(`benchmarks/${folder}/`) && !NO_CASE.test(path))
      .map((entry) => entry.join(' '))
      .sort()
      .join('\n');
  return listOf(head) === listOf(base);
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
  filters: readonly string[],
  launch: LaunchOptions,
): Promise<BaseCases | undefined> {
  if (ready.root === undefined || tree === undefined) return undefined;
  const cases: { package: string; file: string; name: string }[] = [];
  const unknown = new Set<string>();
  const present = packages.filter(
    (folder) => inRepository() || [...tree.files.keys()].some((path) => path.startsWith(`benchmarks/${folder}/`)),
  );
  for (const { package: folder, file, path } of caseFiles(ready.root, present)) {
    const told = await listFile(path, { ...launch, root: ready.root });
    if (told.kind !== 'listed') unknown.add(file);
    else for (const { name } of told.cases) cases.push({ package: folder, file, name });
  }
  const wanted = cases.filter((each) => isWanted(each, filters));
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
  const names = packagesOf(all, folder);
  const sides = { base: ready.resolution(folder, names), head: workspaceResolution(root, root, folder, names) };
  return { package: folder, name, file, path, index, sides };
}

function aboutCase({ package: folder, name, file }: FoundCase, head: Tree, base: Tree | undefined): ComparedEvidence {
  const caseChanged = base !== undefined && base.files.get(file) !== head.files.get(file);
  return { package: folder, case: name, file, screen: [], decide: [], ...(caseChanged ? { caseChanged } : {}) };
}

/** For all cases of a package: listing them would take longer than knowing that none has to run. */
function identical(folder: string): ComparedEvidence {
  return { package: folder, case: 'all cases', file: `benchmarks/${folder}`, screen: [], decide: [], identical: true };
}

/** A published package is compared by the cases of the workspaces that depend on it. */
function concerns(all: ReturnType<typeof workspaces>, folder: string, name: string): boolean {
  return inRepository() || dependenciesOf(all, folder).some((workspace) => workspace.name === name);
}

/** Any of the filters is part of its name, in any case. */
function isWanted({ name }: { readonly name: string }, filters: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return filters.length === 0 || filters.some((filter) => lower.includes(filter.toLowerCase()));
}
