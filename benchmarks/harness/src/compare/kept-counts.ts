// Instructions that earlier comparisons counted. A count takes 15 to 60 seconds and depends on nothing but what its key names, so that
// of a base need not be taken again whenever head changes.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { COUNTS_SCHEMA, isMeasured, type InstructionCount } from '../metrics/counts.ts';
import type { CountSide } from './counts.ts';
import type { ComparedCase } from './lock-step.ts';
import type { SideName } from './protocol.ts';
import { sortedFiles, type Tree } from './tree.ts';

/** Where they are, from head's root. */
export const KEPT: string = join('.perf', 'counts');

/** A file of some hundred bytes each: all cases of this repository on some dozen versions. */
const MOST_KEPT = 2_000;

/** By the folder of the package: what the counts of its cases depend on, side by side. */
export type CountInputs = ReadonlyMap<string, Readonly<Record<SideName, string>>>;

/** What a side runs, what counts it, and the real data that it reads. */
export function countInputs(artifact: string, head: Tree): string {
  const hash = createHash('sha256').update(artifact);
  for (const [path, id] of sortedFiles(head)) if (COUNTS_WITH.test(path)) hash.update(`\n${path}\0${id}`);
  return hash.digest('hex');
}

const COUNTS_WITH = /^benchmarks\/harness\/src\/.*(?<!\.test)\.ts$|^corpora\.json$/;

/** Names one count; undefined for what must be counted in any case. */
export type KeyOf = (compared: ComparedCase, side: SideName, runs: number | undefined) => string | undefined;

/** `where` is everything of this machine that a count depends on. */
export function keysOf(inputs: CountInputs, where: readonly unknown[]): KeyOf {
  return ({ package: folder, file, index }, side, runs) => {
    const input = inputs.get(folder)?.[side];
    if (input === undefined) return undefined;
    const parts = [COUNTS_SCHEMA, input, file, index, runs ?? 'as it chooses', ...where];
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  };
}

/** Counts what is not kept under its key, and keeps it. What could not be measured is tried again the next time. */
export function countingOnce(
  count: CountSide,
  keyOf: KeyOf,
  kept: KeptCounts,
  onKept: (compared: ComparedCase, side: SideName) => void = () => {},
): CountSide {
  return async (compared, side, runs) => {
    const key = keyOf(compared, side, runs);
    const before = key === undefined ? undefined : kept.read(key);
    if (before !== undefined) {
      onKept(compared, side);
      return before;
    }
    const counted = await count(compared, side, runs);
    if (key !== undefined && isMeasured(counted)) kept.write(key, counted);
    return counted;
  };
}

export interface KeptCounts {
  read(key: string): InstructionCount | undefined;
  write(key: string, count: InstructionCount): void;
}

/** A file per count. What cannot be read counts as not kept; beyond `most`, the oldest go. */
export function keptCounts(folder: string, most: number = MOST_KEPT): KeptCounts {
  const fileOf = (key: string): string => join(folder, `${key}.json`);
  return {
    read: (key) => {
      try {
        const kept = JSON.parse(readFileSync(fileOf(key), 'utf8')) as Partial<InstructionCount> | null;
        return isCount(kept) ? kept : undefined;
      } catch {
        return undefined;
      }
    },
    write: (key, count) => {
      mkdirSync(folder, { recursive: true });
      // Whole or not at all, whoever reads meanwhile.
      const unfinished = `${fileOf(key)}.${process.pid}`;
      writeFileSync(unfinished, JSON.stringify(count));
      renameSync(unfinished, fileOf(key));
      removeOldest(folder, most);
    },
  };
}

function isCount(kept: Partial<InstructionCount> | null): kept is InstructionCount {
  return [kept?.value, kept?.runs, kept?.nonlinearity].every((each) => Number.isFinite(each));
}

function removeOldest(folder: string, most: number): void {
  const files = readdirSync(folder);
  if (files.length <= most) return;
  const ages = files.map((file) => ({
    file,
    time: statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  }));
  const oldest = ages.sort((a, b) => a.time - b.time).slice(0, files.length - most);
  for (const { file } of oldest) rmSync(join(folder, file), { force: true });
}
