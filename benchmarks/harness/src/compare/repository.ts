// What a comparison does otherwise in somebody else's repository: which files count, how a base is made ready, what is taken from which side.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { filesInRepository } from '../cli/files.ts';
import { run, SideNotReady, type Steps } from './program.ts';
import type { Resolution } from './resolution.ts';
import { folderTree, sortedFiles, type Tree } from './tree.ts';

/** Nobody runs words. */
const NO_INPUT = /\.(?:md|mdx|markdown|txt|rst|adoc)$|^(?:docs?|\.github)\/|(?:^|\/)(?:LICEN[CS]E|CHANGELOG|AUTHORS)$/i;

/** Folders that are only there for benchmarks: what lies in them beside cases is head's on both sides, too. */
const BENCH_FOLDER = /^(?:__)?bench(?:es|mark|marks)?(?:__)?$/i;

/** Names all files but documentation: two versions with the same digest need no comparison. */
export function repositoryDigest(tree: Tree): string {
  const hash = createHash('sha256');
  for (const [path, id] of sortedFiles(tree)) {
    if (!NO_INPUT.test(path)) hash.update(`${path}\0${id}\n`);
  }
  return hash.digest('hex');
}

/** How a side finds the files of the repository: those at `sideRoot`, but the cases and what lies with them in folders for benchmarks. */
export function repositoryResolution(headRoot: string, sideRoot: string): Resolution {
  const [head, side] = [folderUrl(headRoot), folderUrl(sideRoot)];
  const { name } = manifestOf(folderTree(sideRoot), 'package.json');
  return {
    cases: head,
    from: `${side}package.json`,
    names: typeof name === 'string' ? [name] : [],
    within: side,
    repository: { head, side, kept: keptFiles(headRoot, head) },
  };
}

/** A published version: only what is imported by the name of the package can be taken from it. */
export function publishedInRepository(headRoot: string, project: string, name: string): Resolution {
  const head = folderUrl(headRoot);
  const within = folderUrl(project);
  return {
    cases: head,
    from: `${within}package.json`,
    names: [name],
    within,
    repository: { head, kept: keptFiles(headRoot, head) },
  };
}

function folderUrl(path: string): string {
  return `${pathToFileURL(path).href}/`;
}

function keptFiles(headRoot: string, head: string): string[] {
  const kept = new Set<string>();
  for (const { file, path } of filesInRepository(headRoot)) {
    kept.add(pathToFileURL(path).href);
    const folders = file.split('/').slice(0, -1);
    const last = folders.at(-1);
    if (last !== undefined && BENCH_FOLDER.test(last)) kept.add(head + folders.map(encodeURIComponent).join('/') + '/');
  }
  return [...kept];
}

let buildCommand: string | undefined;

/** From now on both sides are built by this command of the shell. */
export function buildBy(command: string | undefined): void {
  buildCommand = command;
}

export async function buildRepository(root: string, isHead: boolean, { say, signal }: Steps): Promise<void> {
  if (buildCommand === undefined) return;
  const side = isHead ? 'head' : 'the base';
  say(`building ${side}: ${buildCommand}`);
  await run(buildCommand, [], { cwd: root, what: `${side} does not build`, signal, shell: true });
}

const LOCKFILES = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'];

/**
 * Gives a checkout its dependencies. Those of head are linked where manifests and lockfile are equal; else they are installed by the lockfile,
 * from the cache when it has them all.
 */
export async function installInRepository(root: string, headRoot: string, { say, signal }: Steps): Promise<void> {
  const [base, head] = [folderTree(root), folderTree(headRoot)];
  const linked = manifests(head)
    .map(dirname)
    .filter((folder) => existsSync(join(headRoot, folder, 'node_modules')));
  if (dependencyDigest(base) === dependencyDigest(head)) {
    if (linked.length > 0) say('linking the dependencies of head');
    for (const folder of linked) link(join(headRoot, folder, 'node_modules'), join(root, folder, 'node_modules'));
    return;
  }
  say('installing the dependencies of the base');
  const what = 'the dependencies of the base cannot be installed';
  const has = (file: string): boolean => base.files.has(file);
  const attempt = async (program: string, args: readonly string[], offline: string): Promise<void> => {
    try {
      await run(program, [...args, offline], { cwd: root, what, signal });
    } catch (error) {
      if (signal?.aborted || !(error instanceof SideNotReady)) throw error;
      await run(program, args, { cwd: root, what, signal });
    }
  };
  if (has('pnpm-lock.yaml')) {
    await attempt('pnpm', ['install', '--frozen-lockfile', '--config.confirmModulesPurge=false'], '--offline');
  } else if (has('package-lock.json') || has('npm-shrinkwrap.json')) {
    await attempt('npm', ['ci', '--no-audit', '--no-fund'], '--offline');
  } else if (has('yarn.lock') || has('bun.lock') || has('bun.lockb')) {
    throw new SideNotReady(
      `${what}: they differ from head's, and only npm and pnpm can be asked for them. Check the base out somewhere, install it there, and give that folder to --base`,
    );
  } else {
    await attempt('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], '--prefer-offline');
  }
}

function link(target: string, path: string): void {
  if (existsSync(path) || !existsSync(dirname(path))) return;
  symlinkSync(target, path, process.platform === 'win32' ? 'junction' : 'dir');
}

function manifests(tree: Tree): string[] {
  return [...tree.files.keys()].filter((path) => path === 'package.json' || path.endsWith('/package.json')).sort();
}

/** Everything that decides what an install makes. */
function dependencyDigest(tree: Tree): string {
  const files = LOCKFILES.concat('pnpm-workspace.yaml', '.npmrc', '.yarnrc.yml').map((file) => tree.files.get(file));
  const needs = manifests(tree).map((path) => {
    const { name, dependencies, devDependencies, optionalDependencies, peerDependencies, ...rest } = manifestOf(
      tree,
      path,
    );
    const { workspaces, overrides, bundleDependencies } = rest;
    const needed = {
      dependencies,
      devDependencies,
      optionalDependencies,
      peerDependencies,
      overrides,
      bundleDependencies,
    };
    return [path, { name, workspaces, ...needed }];
  });
  return JSON.stringify([files, needs]);
}

/** Empty where there is none, or none that can be read: fixtures of tests are sometimes broken on purpose. */
function manifestOf(tree: Tree, path: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(tree.read(path) ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** So that git does not list the checkouts of bases in a repository that does not ignore them. */
export function ignoreBases(root: string): void {
  const folder = join(root, '.perf');
  const file = join(folder, '.gitignore');
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, '*\n');
}
