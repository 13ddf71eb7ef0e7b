// node --conditions=@perf/source benchmarks/harness/src/compare/main.ts --base BASE [package...] [options], from the root.
import { randomInt } from 'node:crypto';
import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { UsageError } from '../arguments.ts';
import { chooseInRepository } from '../cli/choose.ts';
import { benchmarkPackages } from '../discover.ts';
import { inRepository } from '../layout.ts';
import { terminalOf, toAscii } from '../terminal.ts';
import { HELP, readArguments, type CompareArguments } from './arguments.ts';
import { readBase, trialBase } from './base.ts';
import { SideNotReady } from './program.ts';
import { buildBy } from './repository.ts';
import { compare, type Comparison } from './compare.ts';
import { compareProgress } from './progress.ts';
import { htmlComparison } from './report-html.ts';
import { markdownComparison, textComparison } from './report.ts';
import { runTrials, trialLine, trialSummary, type Trial } from './trial.ts';

const INTERRUPTED = 130;
const INVALID = 3;

async function main(): Promise<number> {
  const options = readArguments(process.argv.slice(2), () => randomInt(2 ** 31));
  const terminal = terminalOf(process.stdout, process.env);
  const print = (text: string): void => void process.stdout.write(terminal.unicode ? text : toAscii(text));
  if (options.help) {
    print(HELP);
    return 0;
  }
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interruption.abort());
  const { signal } = interruption;
  const root = realpathSync(process.cwd());
  const packages = choosePackages(options, root);
  buildBy(options.build);
  // Before the wait, not after it.
  if (options.html !== undefined && !existsSync(dirname(resolve(options.html)))) {
    throw new UsageError(`--html ${options.html}: there is no such folder`);
  }
  const progress = compareProgress(process.stderr);
  const base =
    options.trial === undefined
      ? readBase(options.base, { headRoot: root, keep: options.keep, signal, say: progress.say })
      : trialBase(root, options.trial.ratio);
  const request = {
    root,
    packages,
    filters: options.filters,
    settings: options.settings,
    counts: options.counts,
    signal,
  };
  const hooks = { say: progress.say, onStage: progress.stage, onStep: progress.step };
  try {
    if (options.trial !== undefined) {
      const several = options.trial.repeat > 1 && options.output === 'text';
      const onTrial = (trial: Trial): void => {
        progress.clear();
        if (several) print(`${trialLine(trial, options.trial!.ratio)}\n`);
      };
      const trials = await runTrials(request, base, options.trial, { ...hooks, onTrial });
      progress.clear();
      if (signal.aborted) return INTERRUPTED;
      const [{ comparison }] = trials.trials as [Trial, ...Trial[]];
      refuseNothing(options, comparison);
      const lines = several ? trialSummary(trials, terminal.width) : textComparison(comparison, terminal);
      if (options.output === 'json') process.stdout.write(`${JSON.stringify(trials)}\n`);
      else print(`${lines.join('\n')}\n`);
      return trials.exitCode;
    }
    const comparison = await compare(
      request,
      base,
      { strict: options.strict, seed: options.settings.seed, launches: options.settings.launches },
      hooks,
    );
    progress.clear();
    if (signal.aborted) return INTERRUPTED;
    refuseNothing(options, comparison);
    if (options.output === 'json') process.stdout.write(`${JSON.stringify(comparison)}\n`);
    else if (options.output === 'markdown') process.stdout.write(markdownComparison(comparison));
    else print(`${textComparison(comparison, terminal).join('\n')}\n`);
    if (options.html !== undefined) {
      writeFileSync(options.html, htmlComparison(comparison));
      process.stderr.write(`wrote ${options.html}\n`);
    }
    return comparison.verdict.exitCode;
  } catch (error) {
    progress.clear();
    if (signal.aborted) return INTERRUPTED;
    throw error;
  } finally {
    base.close();
  }
}

function refuseNothing({ filters }: CompareArguments, { evidence }: Comparison): void {
  if (filters.length === 0 || evidence.length > 0) return;
  const wanted = filters.map((each) => `"${each}"`).join(' or ');
  throw new UsageError(`no case of a package that changed has ${wanted} in its name`);
}

function choosePackages({ packages }: CompareArguments, root: string): readonly string[] {
  if (inRepository()) return chooseInRepository(root, packages);
  if (!existsSync(join(root, 'benchmarks'))) {
    throw new UsageError('no benchmarks/ here: run this from the root of the repository');
  }
  const known = benchmarkPackages(root);
  const unknown = packages.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new UsageError(`no benchmarks of ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return packages.length === 0 ? known : [...new Set(packages)];
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\nSee --help.\n`);
      process.exitCode = 2;
    } else if (error instanceof SideNotReady) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = INVALID;
    } else {
      process.stderr.write(`${(error as Error).stack}\n`);
      process.exitCode = INVALID;
    }
  },
);
