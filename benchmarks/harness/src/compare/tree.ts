import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of a version, whether they are checked out or not. */
export interface Tree {
  /** Git's blob id by path from the root, with `/`. Equal ids mean equal contents, across trees. */
  readonly files: ReadonlyMap<string, string>;
  /** Undefined when there is no such file. */
  read(path: string): string | undefined;
}

/** What a build or an install leaves behind is no input. */
const GENERATED = new Set(['node_modules', 'dist', 'target', '.git', '.turbo', '.perf', '.corpora', 'coverage']);

const LARGE = 1 << 28;

/** In the order of their paths, in which git and folders do not list them alike. */
export function sortedFiles({ files }: Tree): [path: string, id: string][] {
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The files of a commit, without a checkout. */
export function commitTree(root: string, commit: string): Tree {
  const listed = git(root, ['ls-tree', '-r', '-z', '--full-tree', commit]);
  const files = new Map<string, string>();
  for (const line of listed.split('\0')) {
    // <mode> <type> <id>\t<path>
    const entry = /^\d+ \w+ ([0-9a-f]+)\t(.*)$/s.exec(line);
    if (entry !== null) files.set(entry[2]!, entry[1]!);
  }
  return {
    files,
    read: (path) => (files.has(path) ? git(root, ['cat-file', 'blob', files.get(path)!]) : undefined),
  };
}

/** The files of a folder as they are now: what git would commit, or all but generated folders where git does not know it. */
export function folderTree(root: string): Tree {
  const paths = (gitPaths(root) ?? walk(root, '')).filter((path) => existsSync(join(root, path)));
  const ids = paths.length === 0 ? [] : hashFiles(root, paths);
  return {
    files: new Map(paths.map((path, i) => [path, ids[i]!])),
    read: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined),
  };
}

function gitPaths(root: string): string[] | undefined {
  if (!existsSync(join(root, '.git'))) return undefined;
  const listed = git(root, ['ls-files', '--cached', '--others', '--exclude-standard', '-z']);
  return [...new Set(listed.split('\0'))].filter(
    (path) => path !== '' && !path.split('/').some((part) => GENERATED.has(part)),
  );
}

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (GENERATED.has(entry.name)) return [];
    if (entry.isDirectory()) return walk(root, path);
    return entry.isFile() ? [path] : [];
  });
}

/** By git itself, so that its conversions of line ends count. Symbolic links to folders have no contents of their own. */
function hashFiles(root: string, paths: readonly string[]): string[] {
  const { status, stdout, stderr } = spawnSync('git', ['hash-object', '--stdin-paths'], {
    cwd: root,
    encoding: 'utf8',
    input: paths.map((path) => `${path}\n`).join(''),
    maxBuffer: LARGE,
  });
  if (status !== 0) throw new Error(`git hash-object failed in ${root}: ${stderr.trim()}`);
  return stdout.trimEnd().split('\n');
}

export function git(root: string, args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: LARGE,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
