// node --conditions=@perf/source benchmarks/harness/src/compare/main.ts --base BASE [package...] [options], from the root.
import { randomInt } from 'node:crypto';
import { realpathSync, writeFileSync } from 'node:fs';

import { choosePackages } from '../choose-packages.ts';
import { checkFolderOf, INTERRUPTED, interruption, runCommand, UsageError } from '../command.ts';
import { printer, terminalOf } from '../terminal.ts';
import { HELP, readArguments, type CompareArguments } from './arguments.ts';
import { readBase, trialBase } from './base.ts';
import { SideNotReady } from './program.ts';
import { buildBy } from './repository.ts';
import { compare, type Comparison } from './compare.ts';
import { compareProgress } from './progress.ts';
import { htmlComparison } from './report-html.ts';
import { markdownComparison, textComparison } from './report.ts';
import { runTrials, trialLine, trialSummary, type Trial } from './trial.ts';

const INVALID = 3;

async function main(argv: readonly string[]): Promise<number> {
  const options = readArguments(argv, () => randomInt(2 ** 31));
  const terminal = terminalOf(process.stdout, process.env);
  const print = printer(process.stdout, terminal);
  if (options.help) {
    print([HELP.trimEnd()]);
    return 0;
  }
  const signal = interruption();
  const root = realpathSync(process.cwd());
  const packages = choosePackages(root, options.packages);
  buildBy(options.build);
  checkFolderOf('--html', options.html);
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
        if (several) print([trialLine(trial, options.trial!.ratio)]);
      };
      const trials = await runTrials(request, base, options.trial, { ...hooks, onTrial });
      progress.clear();
      if (signal.aborted) return INTERRUPTED;
      const [{ comparison }] = trials.trials as [Trial, ...Trial[]];
      refuseNothing(options, comparison);
      const lines = several ? trialSummary(trials, terminal.width) : textComparison(comparison, terminal);
      if (options.output === 'json') process.stdout.write(`${JSON.stringify(trials)}\n`);
      else print(lines);
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
    else print(textComparison(comparison, terminal));
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

runCommand(main, { explained: [SideNotReady], code: INVALID });
