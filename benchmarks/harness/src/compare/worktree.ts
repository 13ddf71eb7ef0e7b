import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { inRepository } from '../layout.ts';
import { ignoreBases } from './repository.ts';
import { git } from './tree.ts';

/**
 * Where bases are checked out, relative to head's root. On the same disk as pnpm's store and ignored by git; not below `node_modules`,
 * where esbuild ignores tsconfig.json and tsc emits nothing, so that a base would be built differently.
 */
export const BASES: string = join('.perf', 'bases');

/** Checks a commit out and returns the folder. Takes one that an earlier run kept, when it is still at that commit and unchanged. */
export function addWorktree(root: string, commit: string): string {
  removeStaleWorktrees(root);
  mkdirSync(join(root, BASES), { recursive: true });
  if (inRepository()) ignoreBases(root);
  let folder = join(root, BASES, commit.slice(0, 12));
  if (existsSync(folder)) {
    const owned = ownerOf(folder) !== undefined;
    if (!owned && isAt(folder, commit)) {
      own(folder);
      return realpathSync(folder);
    }
    // Another run is using it.
    folder = `${folder}-${process.pid}`;
  }
  // Before it exists: whoever finds it half made knows whose it is.
  own(folder);
  git(root, ['worktree', 'add', '--detach', '--force', folder, commit]);
  return realpathSync(folder);
}

export function removeWorktree(root: string, folder: string): void {
  try {
    git(root, ['worktree', 'remove', '--force', folder]);
  } catch {
    // Not known to git any more; the folder may still be there.
  }
  rmSync(folder, { recursive: true, force: true });
  rmSync(ownerFile(folder), { force: true });
  git(root, ['worktree', 'prune']);
}

/** Leaves a worktree for later runs. */
export function keepWorktree(folder: string): void {
  rmSync(ownerFile(folder), { force: true });
}

/** Removes what runs left that were killed before they could. */
export function removeStaleWorktrees(root: string): void {
  const bases = join(root, BASES);
  if (!existsSync(bases)) return;
  for (const name of readdirSync(bases)) {
    const folder = name.endsWith('.pid') ? join(bases, name.slice(0, -'.pid'.length)) : undefined;
    if (folder === undefined) continue;
    const owner = ownerOf(folder);
    if (owner !== undefined && !isAlive(owner)) removeWorktree(root, folder);
  }
}

/** Says who uses a base: the process whose death makes it stale. Beside the folder, so that the checkout stays clean. */
export function own(folder: string): void {
  writeFileSync(ownerFile(folder), String(process.pid));
}

function ownerFile(folder: string): string {
  return `${folder}.pid`;
}

function ownerOf(folder: string): number | undefined {
  try {
    return Number(readFileSync(ownerFile(folder), 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isAt(folder: string, commit: string): boolean {
  try {
    const clean = git(folder, ['status', '--porcelain', '--untracked-files=no']) === '';
    return clean && git(folder, ['rev-parse', 'HEAD']).trim() === commit;
  } catch {
    return false;
  }
}
