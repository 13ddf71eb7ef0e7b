import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { onTestFinished } from 'vitest';

import type { LaunchOptions } from './launch.ts';
import type { Settings } from './result.ts';

/** How a case file in a temporary folder imports the harness. */
export const HARNESS: string = new URL('./index.ts', import.meta.url).href;

/** Real processes and real timing, as little of it as possible. */
export const BRIEF: Settings = { launches: 2, timeMs: 5, warmupMs: 1, limitMs: 30_000 };

/** A folder that looks like the root of the repository and goes away after the test. Paths are relative, contents as given. */
export function temporaryRoot(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'perf-bench-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'benchmarks'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** The source of a case file with one case; each entry is a property in source form. */
export function caseSource(properties: Readonly<Record<string, string>>): string {
  const all = {
    name: `'a case'`,
    input: 'value(20)',
    units: `(input) => ({ name: 'calls', count: 1 })`,
    answer: '(input) => input + 1',
    ours: `{ name: 'ours', setup: (input) => () => input + 1 }`,
    peers: '[]',
    ...properties,
  };
  const body = Object.entries(all).map(([key, source]) => `  ${key}: ${source},\n`);
  return `import { bench, corpus, seeded, value } from '${HARNESS}';\nexport default bench({\n${body.join('')}});\n`;
}

export function launchOptions(root: string, more: Partial<LaunchOptions> = {}): LaunchOptions {
  return { root, limitMs: BRIEF.limitMs, ...more };
}
