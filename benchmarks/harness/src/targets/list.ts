import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { UsageError } from '../command.ts';
import { packageFolder } from '../discover.ts';

/** What is compared: time of a run, CPU time of a run, resident memory of the process, bytes allocated by a run. */
export type TargetMetric = 'time' | 'cpu' | 'rss' | 'alloc';

const METRICS: readonly TargetMetric[] = ['time', 'cpu', 'rss', 'alloc'];

/** A goal of a package: how many times as much as ours a peer has to take in a case. */
export interface Target {
  readonly case: string;
  readonly peer: string;
  readonly metric: TargetMetric;
  /** Above 1, ours has to be better; 0.95 allows it to be slightly worse. */
  readonly atLeast: number;
  /** Where the goal was set. */
  readonly source?: string;
}

const KEYS = ['case', 'peer', 'metric', 'atLeast', 'source'];

/** `targets.json` beside the package's cases; undefined when there is none. Throws UsageError for a list that is not one. */
export function readTargets(root: string, packageName: string): readonly Target[] | undefined {
  const file = `${packageFolder(root, packageName)}/targets.json`;
  let text: string;
  try {
    text = readFileSync(join(root, file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return parseTargets(text, file);
}

/** Throws UsageError, which names the file, the place in the list and what is wrong with it. */
export function parseTargets(text: string, file: string): readonly Target[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
  if (!Array.isArray(list)) throw new UsageError(`${file}: must be an array of targets`);
  const seen = new Set<string>();
  return list.map((each: unknown, i) => {
    const fault = (what: string): never => {
      throw new UsageError(`${file}: target ${i + 1}: ${what}`);
    };
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return fault('must be an object');
    const target = each as Record<string, unknown>;
    const unknown = Object.keys(target).find((key) => !KEYS.includes(key));
    if (unknown !== undefined) fault(`unknown key "${unknown}"; there are ${KEYS.join(', ')}`);
    for (const key of ['case', 'peer']) {
      if (typeof target[key] !== 'string' || target[key] === '') fault(`${key} must be a name`);
    }
    if (!METRICS.includes(target['metric'] as TargetMetric)) {
      fault(`unknown metric ${JSON.stringify(target['metric'])}; there are ${METRICS.join(', ')}`);
    }
    const { atLeast, source } = target;
    if (typeof atLeast !== 'number' || !Number.isFinite(atLeast) || atLeast <= 0) {
      fault('atLeast must be a number above 0');
    }
    if (source !== undefined && typeof source !== 'string') fault('source must be text');
    const key = JSON.stringify([target['case'], target['peer'], target['metric']]);
    if (seen.has(key)) fault(`a second target for ${key}`);
    seen.add(key);
    return target as unknown as Target;
  });
}
