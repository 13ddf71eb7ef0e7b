// Case files in somebody else's repository.
import { existsSync, globSync, readdirSync, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';

import type { CaseFile } from '../discover.ts';

export const CASE_FILE: RegExp = /\.bench\.m?[jt]s$/;

/** What is made or installed has no cases; hidden folders neither, `.perf` with its checkouts among them. */
const IGNORED = /^(?:node_modules|dist|coverage|\..+)$/;

/** Empty: all that are called like case files. */
let patterns: readonly string[] = [];

/** From now on only these files: paths, folders or globs from the root. */
export function onlyFiles(chosen: readonly string[]): void {
  patterns = chosen;
}

/** Whether an argument can only mean files, or does so here. */
export function namesFiles(root: string, argument: string): boolean {
  return /[*?{[]/.test(argument) || existsSync(resolve(root, argument));
}

/** Sorted by package, then by file. */
export function filesInRepository(root: string): CaseFile[] {
  const files = patterns.length === 0 ? walk(root, '') : patterns.flatMap((pattern) => matches(root, pattern));
  return [...new Set(files)]
    .map((file) => ({ package: labelOf(file), path: join(root, file), file }))
    .sort((a, b) => order(a.package, b.package) || order(a.file, b.file));
}

function matches(root: string, pattern: string): string[] {
  const path = resolve(root, pattern);
  const from = relative(root, path).split(sep).join('/');
  if (from.startsWith('..')) return [];
  if (existsSync(path)) return statSync(path).isDirectory() ? walk(root, from) : [from];
  return globSync(pattern, { cwd: root, exclude: (each) => IGNORED.test(basename(each)) })
    .map((file) => file.split(sep).join('/'))
    .filter((file) => !file.split('/').some((part) => IGNORED.test(part)) && statSync(join(root, file)).isFile());
}

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return IGNORED.test(entry.name) ? [] : walk(root, path);
    return entry.isFile() && CASE_FILE.test(entry.name) ? [path] : [];
  });
}

/** The folder, so that base and head call it alike wherever they are: `bench`, `packages-json-bench`; `root` for the root itself. */
function labelOf(file: string): string {
  const folder = file.split('/').slice(0, -1).join('-');
  return folder.replaceAll(/[^A-Za-z0-9_.-]/g, '_').replace(/^[.-]+/, '') || 'root';
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
