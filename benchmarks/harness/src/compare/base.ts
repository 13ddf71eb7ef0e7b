import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { UsageError } from '../command.ts';
import { build, install } from './build.ts';
import { run, SideNotReady } from './program.ts';
import type { Resolution } from './resolution.ts';
import { publishedResolution, workspaceResolution } from './session.ts';
import { commitTree, folderTree, git, type Tree } from './tree.ts';
import type { Workspace } from './workspace.ts';
import { addWorktree, BASES, keepWorktree, own, removeStaleWorktrees, removeWorktree } from './worktree.ts';

/** What head is compared with. */
export interface Base {
  /** As a report names it: `main (1a2b3c4d5e)`, `@perf/json 0.1.0 from npm`, a folder. */
  readonly label: string;
  /** The sources; absent for a published package, of which only what is built is known, and for a trial, where nothing may be found equal. */
  readonly tree?: Tree;
  /** The published package that is compared: only its own cases have a base. */
  readonly published?: string;
  /** Makes it ready to run: checked out, installed, built. Called once, and only when something has to be run. */
  prepare(packages: readonly Workspace[]): Promise<ReadyBase>;
  /** Removes what `prepare` left behind. */
  close(): void;
}

export interface ReadyBase {
  /** Where its case files are; absent for a published package. */
  readonly root?: string;
  resolution(folder: string, names: readonly string[]): Resolution;
}

export interface BaseOptions {
  readonly headRoot: string;
  readonly keep: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly say: (line: string) => void;
}

/** Reads `--base`: a folder when there is one of that name and it is no commit, else a commit. Throws UsageError. */
export function readBase(text: string, options: BaseOptions): Base {
  if (text.startsWith('npm:')) return publishedBase(text, options);
  const commit = commitOf(options.headRoot, text);
  if (commit !== undefined) return commitBase(text, commit, options);
  const folder = resolve(options.headRoot, text);
  if (existsSync(join(folder, 'package.json')) || existsSync(join(folder, 'benchmarks'))) {
    return folderBase(realpathSync(folder), options);
  }
  throw new UsageError(`--base ${text}: neither a commit of this repository nor a folder with a checkout`);
}

/** Head itself, for a trial. */
export function trialBase(headRoot: string, ratio: number): Base {
  const charge = ratio === 1 ? 'equal code' : `head runs ${ratio} times the iterations that it is charged for`;
  return {
    label: `itself (a trial: ${charge})`,
    prepare: async () => workspaceBase(headRoot, headRoot),
    close: () => {},
  };
}

function commitOf(root: string, text: string): string | undefined {
  try {
    return git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${text}^{commit}`]).trim();
  } catch {
    return undefined;
  }
}

function commitBase(text: string, commit: string, options: BaseOptions): Base {
  const { headRoot, say, signal } = options;
  let worktree: string | undefined;
  const short = commit.slice(0, 10);
  return {
    label: commit.startsWith(text) ? short : `${text} (${short})`,
    tree: commitTree(headRoot, commit),
    prepare: async (packages) => {
      say(`checking out ${short}`);
      worktree = checkOut(headRoot, commit, short);
      await install(worktree, { headRoot, say, signal });
      await build(worktree, packages, { headRoot, say, signal });
      return workspaceBase(headRoot, worktree);
    },
    close: () => {
      if (worktree !== undefined) release(worktree, options);
      worktree = undefined;
    },
  };
}

function checkOut(headRoot: string, commit: string, short: string): string {
  try {
    return addWorktree(headRoot, commit);
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr ?? (error as Error).message).trimEnd();
    throw new SideNotReady(`${short} cannot be checked out: ${said.split('\n').at(-1)}`);
  }
}

function folderBase(folder: string, { headRoot, say, signal }: BaseOptions): Base {
  return {
    label: folder,
    tree: folderTree(folder),
    prepare: async (packages) => {
      await build(folder, packages, { headRoot, say, signal });
      return workspaceBase(headRoot, folder);
    },
    close: () => {},
  };
}

function workspaceBase(headRoot: string, root: string): ReadyBase {
  return { root, resolution: (folder, names) => workspaceResolution(headRoot, root, folder, names) };
}

function publishedBase(text: string, options: BaseOptions): Base {
  const { headRoot, say, signal } = options;
  const [, name = '', version = ''] = /^npm:((?:@[^/@]+\/)?[^/@]+)@(.+)$/.exec(text) ?? [];
  if (name === '') throw new UsageError(`--base ${text}: write npm:<name>@<version>`);
  let project: string | undefined;
  return {
    label: `${name} ${version} from npm`,
    published: name,
    prepare: async () => {
      removeStaleWorktrees(headRoot);
      mkdirSync(join(headRoot, BASES), { recursive: true });
      project = realpathSync(mkdtempSync(join(headRoot, BASES, 'npm-')));
      own(project);
      // Ends npm's search for the root of a project, which would be head's.
      writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
      say(`installing ${name}@${version}`);
      const args = ['install', '--no-audit', '--no-fund', '--no-save', '--prefix', project, `${name}@${version}`];
      await run('npm', args, { cwd: project, what: `${name}@${version} cannot be installed`, signal });
      const installed = JSON.parse(readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8')) as {
        version: string;
      };
      say(`installed ${name} ${installed.version}`);
      return { resolution: () => publishedResolution(headRoot, project!, name) };
    },
    close: () => {
      if (project !== undefined) release(project, options);
      project = undefined;
    },
  };
}

/** Removes what was made ready, or leaves it for the next run. */
function release(folder: string, { headRoot, keep, say }: BaseOptions): void {
  if (keep) {
    keepWorktree(folder);
    say(`kept ${folder}`);
  } else removeWorktree(headRoot, folder);
}
