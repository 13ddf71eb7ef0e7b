import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import type { FuzzMessage, FuzzRound } from './fuzz-child.ts';
import { runChild } from './process.ts';

const CHILD = new URL('./fuzz-child.ts', import.meta.url);

/** A round that was started in time may end this much later. */
const GRACE_MS = 30_000;

/** For a range of seeds, which takes as long as it takes: the longest that a timer can wait, 24 days. */
const NO_LIMIT_MS = 2 ** 31 - 1;

export interface FuzzRounds {
  readonly seed: number;
  readonly lastSeed?: number | undefined;
  /** Of each round. */
  readonly iterations: number;
}

export interface FuzzOptions {
  readonly root: string;
  readonly budgetMs: number;
  /** Runs this one round instead of fresh seeds, or one per seed up to the last. */
  readonly only?: FuzzRounds | undefined;
  /** Told before each round. */
  readonly onRound?: ((round: FuzzRound) => void) | undefined;
  readonly graceMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface FuzzResult {
  readonly file: string;
  /** The target's own name; the file's while it could not be loaded. */
  readonly name: string;
  readonly iterations: number;
  readonly failure?: { readonly reason: string; readonly seed?: number; readonly iterations?: number };
}

/** `packages/<package>/src/**\/*.fuzz.ts` whose path contains `filter`, relative to the root with `/`, sorted. */
export function fuzzFiles(root: string, filter: string): string[] {
  const packages = join(root, 'packages');
  if (!existsSync(packages)) return [];
  return readdirSync(packages)
    .map((name) => join(packages, name, 'src'))
    .filter((source) => existsSync(source))
    .flatMap((source) => readdirSync(source, { recursive: true, encoding: 'utf8' }).map((file) => join(source, file)))
    .filter((file) => file.endsWith('.fuzz.ts'))
    .map((file) => relative(root, file).split(sep).join('/'))
    .filter((file) => file.includes(filter))
    .sort();
}

/** Runs one target in a child process for the budget. A crash, a hang and a mismatch are all failures with the seed of their round. */
export async function fuzzFile(file: string, options: FuzzOptions): Promise<FuzzResult> {
  let round: FuzzRound | undefined;
  let end: Exclude<FuzzMessage, FuzzRound> | undefined;
  const { only, budgetMs, graceMs = GRACE_MS } = options;
  const isRange = only?.lastSeed !== undefined;
  const args = [join(options.root, file), String(budgetMs)];
  if (only !== undefined) args.push(String(only.seed), String(only.iterations));
  if (isRange) args.push(String(only.lastSeed));
  const { outcome, exitCode, exitSignal, stderr } = await runChild(CHILD, args, {
    cwd: options.root,
    limitMs: isRange ? NO_LIMIT_MS : budgetMs + graceMs,
    signal: options.signal,
    onMessage: (message) => {
      const told = message as FuzzMessage;
      if (told.kind === 'round') {
        round = told;
        options.onRound?.(told);
      } else {
        end = told;
      }
    },
  });
  if (end?.kind === 'passed') return { file, name: end.name, iterations: end.passed };
  const crash = `died with ${exitSignal ?? `exit code ${exitCode}`}\n${stderr}`.trimEnd();
  const stopped = outcome === 'aborted' ? 'interrupted' : `did not end within ${graceMs / 1e3} s after its time`;
  const reason = end?.reason ?? (outcome === 'exited' ? crash : stopped);
  return {
    file,
    name: round?.name ?? file,
    iterations: round?.passed ?? 0,
    failure: round === undefined ? { reason } : { reason, seed: round.seed, iterations: round.iterations },
  };
}
