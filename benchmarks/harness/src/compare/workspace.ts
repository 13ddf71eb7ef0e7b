import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { inRepository } from '../layout.ts';
import { lockEntries } from './lockfile.ts';
import { repositoryDigest } from './repository.ts';
import { sortedFiles, type Tree } from './tree.ts';

interface Manifest {
  readonly name?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  /** Settings of napi-rs: the package is built from crates. */
  readonly napi?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface Workspace {
  /** From the root, with `/`. */
  readonly folder: string;
  readonly name: string;
  readonly manifest: Manifest;
}

/** Where the harness is. Both sides run with head's, so it is no input of either. */
const HARNESS = 'benchmarks/harness';

/** Decide how every package is built. */
const SHARED = new Set(['tsup.config.ts', 'tsconfig.base.json']);
const RUST = /^(?:crates\/|\.cargo\/|Cargo\.toml$|Cargo\.lock$|rust-toolchain\.toml$)/;
/** In a workspace folder, yet neither built nor run by a case. The same that turbo's `build` leaves out, and recorded results. */
const NO_INPUT = /\.md$|\.test\.[cm]?[jt]s$|\.fuzz\.ts$|\/(?:recorded|targets|\.counts)\.json$/;

/** Reading the manifests of a commit starts a process for each. */
const known = new WeakMap<Tree, readonly Workspace[]>();

/** All workspaces: every folder under `packages/` and `benchmarks/` with a manifest. None in somebody else's repository. */
export function workspaces(tree: Tree): readonly Workspace[] {
  if (inRepository()) return [];
  let found = known.get(tree);
  if (found === undefined) {
    found = readWorkspaces(tree);
    known.set(tree, found);
  }
  return found;
}

function readWorkspaces(tree: Tree): Workspace[] {
  const found: Workspace[] = [];
  for (const path of tree.files.keys()) {
    const folder = /^((?:packages|benchmarks)\/.+)\/package\.json$/.exec(path)?.[1];
    if (folder === undefined) continue;
    const manifest = JSON.parse(tree.read(path)!) as Manifest;
    if (typeof manifest.name === 'string') found.push({ folder, name: manifest.name, manifest });
  }
  return found;
}

/** The workspace of the cases in `benchmarks/<folder>` and all workspaces that it depends on, by any kind of dependency. */
export function dependenciesOf(all: readonly Workspace[], folder: string): Workspace[] {
  const byName = new Map(all.map((each) => [each.name, each]));
  const start = all.find((each) => each.folder === `benchmarks/${folder}`);
  const reached = new Set<Workspace>(start === undefined ? [] : [start]);
  for (const { manifest } of reached) {
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const) {
      for (const name of Object.keys(manifest[kind] ?? {})) {
        const next = byName.get(name);
        if (next !== undefined && next.folder !== HARNESS) reached.add(next);
      }
    }
  }
  return [...reached];
}

/** The names of the packages that these cases run: the ones that a side has of its own. */
export function packagesOf(all: readonly Workspace[], folder: string): string[] {
  return dependenciesOf(all, folder)
    .filter((each) => each.folder.startsWith('packages/'))
    .map((each) => each.name);
}

/**
 * Names everything that decides what the cases of `benchmarks/<folder>` run: sources of the packages and of those they depend on, crates
 * when one of them is native, the case files, lock entries and build settings. Two trees with the same digest need no comparison.
 * Node is the same for both sides. Undefined when the tree has no such cases.
 */
export function inputDigest(tree: Tree, folder: string): string | undefined {
  if (inRepository()) return repositoryDigest(tree);
  const reached = dependenciesOf(workspaces(tree), folder);
  if (reached.length === 0) return undefined;
  const folders = reached.map((each) => `${each.folder}/`);
  const native = reached.some(({ manifest }) => manifest.napi !== undefined);
  const isInput = (path: string): boolean =>
    SHARED.has(path) ||
    (native && RUST.test(path)) ||
    (folders.some((each) => path.startsWith(each)) && !NO_INPUT.test(path));
  const hash = createHash('sha256');
  for (const [path, id] of sortedFiles(tree)) {
    const manifest = reached.find((each) => path === `${each.folder}/package.json`)?.manifest;
    if (isInput(path)) hash.update(`${path}\0${manifest === undefined ? id : JSON.stringify(buildsAs(manifest))}\n`);
  }
  addLockEntries(hash, tree, reached);
  return hash.digest('hex');
}

/** What of a manifest decides how a package is built and loaded. The version is compiled into the addon. */
function buildsAs(manifest: Manifest): object {
  const { name, version, napi, perf } = manifest as Readonly<Record<string, unknown>>;
  const { build, 'build:native': native } = manifest.scripts ?? {};
  return { name, version, napi, perf, build, native, ...loadsAs({ ...manifest }) };
}

/** What of a manifest decides which files are loaded, once all is built. */
function loadsAs(manifest: Readonly<Record<string, unknown>>): object {
  const { type, main, exports, imports, dependencies, optionalDependencies, peerDependencies, devDependencies } =
    manifest;
  return { type, main, exports, imports, dependencies, optionalDependencies, peerDependencies, devDependencies };
}

/** What a build leaves that runs: not declarations, whose comments change nothing, nor source maps. */
const RUNS = /\.(?:[cm]?js|wasm|json)$/;

/**
 * Names what the cases of `benchmarks/<folder>` run once everything is built. Sources that differ only in comments, types or tests give the same digest.
 * Packages without `dist` count as they are.
 */
export function artifactDigest(root: string, tree: Tree, folder: string): string | undefined {
  const reached = dependenciesOf(workspaces(tree), folder);
  if (reached.length === 0) return undefined;
  const hash = createHash('sha256');
  for (const each of [...reached].sort((a, b) => (a.folder < b.folder ? -1 : 1))) {
    const dist = join(root, each.folder, 'dist');
    hash.update(`${each.folder}\0${JSON.stringify(loadsAs({ ...each.manifest }))}\n`);
    if (existsSync(dist)) {
      const built = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) => RUNS.test(path));
      for (const path of built.sort()) addFile(hash, dist, path);
    } else {
      for (const [path, id] of sortedFiles(tree)) {
        const own = path.startsWith(`${each.folder}/`) && path !== `${each.folder}/package.json`;
        if (own && !NO_INPUT.test(path)) hash.update(`${path}\0${id}\n`);
      }
    }
    const folder = join(root, each.folder);
    for (const addon of readdirSync(folder).filter((path) => path.endsWith('.node'))) addFile(hash, folder, addon);
  }
  addLockEntries(hash, tree, reached);
  return hash.digest('hex');
}

/** What is installed for these workspaces. */
function addLockEntries(hash: Hash, tree: Tree, reached: readonly Workspace[]): void {
  const lockfile = tree.read('pnpm-lock.yaml');
  if (lockfile === undefined) return;
  const folders = reached.map((each) => each.folder);
  hash.update(lockEntries(lockfile, folders));
}

function addFile(hash: Hash, folder: string, path: string): void {
  hash
    .update(path)
    .update('\0')
    .update(readFileSync(join(folder, path)));
}
