import { UsageError } from '../command.ts';
import { branchStore } from './branch-store.ts';
import { folderStore } from './folder-store.ts';
import { LINE_SCHEMA, parseLine, type HistoryLine } from './line.ts';

/** Where a store is when nothing is said. */
export const DEFAULT_STORE = '.bench-history';

/** Longer lines are refused: one line is one write, and a page of history must stay readable in memory. */
const MOST_BYTES = 4_000_000;

/** The texts of a store, one per package. */
export interface Store {
  packages(): readonly string[];
  /** Empty where the package has no history. */
  read(packageName: string): string;
  /** Appends whole lines, all packages or none of a branch; each package at once in a folder. */
  append(added: ReadonlyMap<string, string>): void;
  /** Where it is, for people. */
  readonly label: string;
}

export interface History {
  readonly lines: readonly HistoryLine[];
  /** `json.jsonl:12`: what could not be read as a line of this schema. */
  readonly damaged: readonly string[];
}

/** `FOLDER` or `branch:NAME`. Throws UsageError for a name that is not one of a branch, and for --push with a folder. */
export function openStore(where: string, root: string, push: boolean): Store {
  if (where.startsWith('branch:')) return branchStore(where.slice('branch:'.length), root, push);
  if (push) throw new UsageError('--push needs --store branch:NAME');
  return folderStore(where, root);
}

/** The lines of a package in the order in which they were appended. */
export function readHistory(store: Store, packageName: string): History {
  const lines: HistoryLine[] = [];
  const damaged: string[] = [];
  for (const [index, text] of store.read(packageName).split('\n').entries()) {
    if (text.trim() === '') continue;
    const line = parseLine(text);
    if (line === undefined || line.package !== packageName) damaged.push(`${packageName}.jsonl:${index + 1}`);
    else lines.push(line);
  }
  return { lines, damaged };
}

export function appendHistory(store: Store, lines: readonly HistoryLine[]): void {
  const added = new Map<string, string>();
  for (const line of lines) {
    if (!isPackageName(line.package)) throw new UsageError(`"${line.package}" cannot be the name of a file`);
    const text = `${JSON.stringify(line)}\n`;
    if (Buffer.byteLength(text) > MOST_BYTES) {
      throw new RangeError(`a line of ${line.package} is longer than ${MOST_BYTES} bytes: record fewer launches`);
    }
    if (parseLine(text) === undefined)
      throw new TypeError(`not a line of schema ${LINE_SCHEMA}: ${text.slice(0, 200)}`);
    added.set(line.package, (added.get(line.package) ?? '') + text);
  }
  store.append(added);
}

/** Names of packages become names of files: letters, digits and `-_.`, not a hidden file. */
export function isPackageName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/.test(name);
}
