import { execFileSync } from 'node:child_process';

import { UsageError } from '../command.ts';
import type { Store } from './store.ts';

const SUFFIX = '.jsonl';

/** How often a commit is made again because another process moved the branch. */
const TRIES = 5;

/** Where the branch is pushed to and fetched from. */
const REMOTE = 'origin';

/** What commits of a store are signed with where git knows no name. */
const AUTHOR = {
  GIT_AUTHOR_NAME: 'perf-bench',
  GIT_AUTHOR_EMAIL: 'perf-bench@localhost',
  GIT_COMMITTER_NAME: 'perf-bench',
  GIT_COMMITTER_EMAIL: 'perf-bench@localhost',
} as const;

/**
 * Files of a branch without a common ancestor with the code. Appending makes a commit out of plumbing (`hash-object`, `mktree`, `commit-tree`,
 * `update-ref` with the expected old value), so that work tree and index are not touched and a racing process loses nothing. With
 * `push`, the branch is brought up to date from the remote before, and pushed after; never by force.
 */
export function branchStore(name: string, root: string, push: boolean): Store {
  const git = (args: readonly string[], input = ''): string =>
    execFileSync('git', [...args], {
      cwd: root,
      input,
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
      env: { ...AUTHOR, ...process.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  const attempt = (args: readonly string[]): string | undefined => {
    try {
      return git(args);
    } catch {
      return undefined;
    }
  };
  if (name.startsWith('-') || attempt(['check-ref-format', '--branch', name]) === undefined) {
    throw new UsageError(`--store branch:${name}: not the name of a branch, or no git repository here`);
  }
  const ref = `refs/heads/${name}`;
  const remoteRef = `refs/remotes/${REMOTE}/${name}`;
  const tip = (of: string): string | undefined =>
    attempt(['rev-parse', '--verify', '--quiet', `${of}^{commit}`])?.trim();
  const files = (commit: string | undefined): Map<string, string> => {
    const listed = commit === undefined ? '' : git(['ls-tree', '-z', commit]);
    return new Map(
      listed
        .split('\0')
        .filter(Boolean)
        .map((row) => [row.slice(row.indexOf('\t') + 1), row]),
    );
  };
  const textAt = (commit: string | undefined, file: string): string =>
    commit === undefined || !files(commit).has(file) ? '' : git(['cat-file', 'blob', `${commit}:${file}`]);

  const commitOnce = (added: ReadonlyMap<string, string>): boolean => {
    const before = tip(ref);
    const rows = files(before);
    for (const [packageName, text] of added) {
      const file = packageName + SUFFIX;
      const old = textAt(before, file);
      const blob = git(
        ['hash-object', '-w', '--stdin'],
        old === '' || old.endsWith('\n') ? old + text : `${old}\n${text}`,
      ).trim();
      rows.set(file, `100644 blob ${blob}\t${file}`);
    }
    const tree = git(['mktree', '-z'], [...rows.values()].map((row) => `${row}\0`).join('')).trim();
    const parents = before === undefined ? [] : ['-p', before];
    const commit = git(['commit-tree', tree, ...parents, '-m', `Record ${[...added.keys()].join(', ')}`]).trim();
    // Zeros: the branch must not be there.
    return attempt(['update-ref', ref, commit, before ?? '0'.repeat(commit.length)]) !== undefined;
  };

  /** Takes over what others pushed. Throws when both sides have lines that the other lacks. */
  const bringUpToDate = (): void => {
    // A branch that the remote does not have yet is no failure; one that cannot be reached fails at the push.
    attempt(['fetch', '--quiet', REMOTE, `+${ref}:${remoteRef}`]);
    const theirs = tip(remoteRef);
    const ours = tip(ref);
    if (theirs === undefined || theirs === ours) return;
    if (ours === undefined) git(['update-ref', ref, theirs, '0'.repeat(theirs.length)]);
    else if (attempt(['merge-base', '--is-ancestor', ours, theirs]) !== undefined)
      git(['update-ref', ref, theirs, ours]);
    else if (attempt(['merge-base', '--is-ancestor', theirs, ours]) === undefined) {
      throw new Error(
        `${name} here and on ${REMOTE} have different lines: delete the local branch, or push it under another name`,
      );
    }
  };

  return {
    label: `branch:${name}`,
    packages: () =>
      [...files(tip(ref)).keys()]
        .filter((file) => file.endsWith(SUFFIX))
        .map((file) => file.slice(0, -SUFFIX.length))
        .sort(),
    read: (packageName) => textAt(tip(ref), packageName + SUFFIX),
    append(added) {
      if (added.size === 0) return;
      for (let i = 0; i < TRIES; i++) {
        if (push) bringUpToDate();
        const before = tip(ref);
        if (!commitOnce(added)) continue;
        if (!push) return;
        const mine = tip(ref)!;
        if (attempt(['push', '--quiet', REMOTE, `${ref}:${ref}`]) !== undefined) return;
        // Somebody pushed between: this commit is made again on top of theirs.
        attempt(before === undefined ? ['update-ref', '-d', ref, mine] : ['update-ref', ref, before, mine]);
      }
      throw new Error(`${name} could not be ${push ? 'pushed' : 'moved'} in ${TRIES} tries`);
    },
  };
}
