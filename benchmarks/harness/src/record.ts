import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageFolder } from './discover.ts';
import { SCHEMA, type RunResult } from './result.ts';

/** `recorded.json` beside the package's cases: the run that the figures in the package's README come from. */
export function recordedPath(root: string, packageName: string): string {
  return join(root, packageFolder(root, packageName), 'recorded.json');
}

/**
 * Writes each package's part of a run. A package with a case that was not measured keeps its older record: half a
 * table would look like a whole one. Returns the names written and those refused.
 */
export function record(root: string, result: RunResult): { written: string[]; refused: string[] } {
  const written: string[] = [];
  const refused: string[] = [];
  for (const name of new Set(result.cases.map((each) => each.package))) {
    const cases = result.cases.filter((each) => each.package === name);
    if (cases.some((each) => each.status !== 'measured')) {
      refused.push(name);
      continue;
    }
    const path = recordedPath(root, name);
    const part: RunResult = { ...result, cases };
    // Renamed into place, so that an interruption leaves the older record whole.
    writeFileSync(`${path}.new`, `${JSON.stringify(part, undefined, 2)}\n`);
    renameSync(`${path}.new`, path);
    written.push(name);
  }
  return { written, refused };
}

/** The record of a package, or undefined when there is none. Throws for one that another version of the harness wrote. */
export function readRecord(root: string, packageName: string): RunResult | undefined {
  const path = recordedPath(root, packageName);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const result = JSON.parse(text) as RunResult;
  if (result.schema !== SCHEMA) {
    throw new Error(`${path} has schema ${String(result.schema)}, not ${SCHEMA}: record the package again`);
  }
  return result;
}
