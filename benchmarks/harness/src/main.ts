// node --conditions=@perf/source benchmarks/harness/src/main.ts [package...] [options], from the root of the repository.
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { HELP, readArguments, UsageError, type Arguments } from './arguments.ts';
import { chooseInRepository } from './cli/choose.ts';
import { benchmarkPackages, packageFolder } from './discover.ts';
import { inRepository } from './layout.ts';
import { checkFooter, checkLine, passes } from './check.ts';
import type { LaunchOptions } from './launch.ts';
import { progressOn } from './progress.ts';
import { record } from './record.ts';
import { htmlRun } from './report/html.ts';
import { errorLabel, markdownRun, textCase, textFooter } from './report.ts';
import { exitCodeOf, findCases, runCases, type FoundCases } from './run.ts';
import { terminalOf, toAscii, type Terminal } from './terminal.ts';

const INTERRUPTED = 130;
/** Only answers are compared, so the second core may work as well. */
const CHECKED_AT_ONCE = 2;

async function main(): Promise<number> {
  const options = readArguments(process.argv.slice(2));
  const terminal = terminalOf(process.stdout, process.env);
  const print = (lines: readonly string[]): void => {
    const text = `${lines.join('\n')}\n`;
    process.stdout.write(terminal.unicode ? text : toAscii(text));
  };
  if (options.help) {
    print([HELP.trimEnd()]);
    return 0;
  }

  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  const launch: LaunchOptions = {
    root: process.cwd(),
    limitMs: options.settings.limitMs,
    signal: interruption.signal,
  };
  const found = await findCases(choosePackages(options, launch.root), options.filter, launch);
  if (interruption.signal.aborted) return INTERRUPTED;
  if (found.cases.length === 0 && found.broken.length === 0) throw new UsageError(noCases(options));
  // Before the wait, not after it.
  if (options.html !== undefined && !existsSync(dirname(resolve(options.html)))) {
    throw new UsageError(`--html ${options.html}: there is no such folder`);
  }
  if (options.list) {
    print(listing(found));
    return found.broken.length === 0 ? 0 : 1;
  }
  const code = await runAndPrint(found, options, launch, print, terminal);
  return interruption.signal.aborted ? INTERRUPTED : code;
}

async function runAndPrint(
  found: FoundCases,
  options: Arguments,
  launch: LaunchOptions,
  print: (lines: readonly string[]) => void,
  terminal: Terminal,
): Promise<number> {
  const progress = progressOn(process.stderr, found.cases.length);
  const result = await runCases(
    found,
    options.settings,
    launch,
    {
      // Before the wait, so that a run on a busy machine can be given up at once.
      onStart: (warnings) => warnings.forEach((line) => process.stderr.write(`WARNING ${line}\n`)),
      onStep: (each, step) => progress.show(each, step),
      onCase: (each) => {
        progress.clear();
        if (options.check) print([checkLine(each)]);
        else if (options.output === 'text') print(textCase(each, terminal));
        else if (each.error !== undefined)
          process.stderr.write(`${errorLabel(each)} ${each.package}: ${each.name}: ${each.error}\n`);
      },
    },
    options.check ? CHECKED_AT_ONCE : 1,
  );
  if (options.check) {
    print([checkFooter(result.cases)]);
    return result.cases.every(passes) ? 0 : Math.max(1, exitCodeOf(result));
  }
  if (options.output === 'json') process.stdout.write(`${JSON.stringify(result)}\n`);
  else if (options.output === 'markdown') print(markdownRun(result));
  else print(textFooter(result, terminal));

  if (options.html !== undefined) {
    writeFileSync(options.html, htmlRun(result));
    process.stderr.write(`wrote ${options.html}\n`);
  }
  if (options.record && launch.signal?.aborted !== true) {
    const { written, refused } = record(launch.root, result);
    for (const name of written) process.stderr.write(`recorded ${packageFolder(launch.root, name)}/recorded.json\n`);
    for (const name of refused) process.stderr.write(`not recorded: a case of ${name} was not measured\n`);
  }
  return exitCodeOf(result);
}

function choosePackages({ packages }: Arguments, root: string): readonly string[] {
  if (inRepository()) return chooseInRepository(root, packages);
  const known = benchmarkPackages(root);
  if (known.length === 0) throw new UsageError('no benchmarks/ here: run this from the root of the repository');
  const unknown = packages.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(`no benchmarks of ${unknown.join(', ')}; there are ${known.join(', ')}`);
  }
  return packages.length === 0 ? known : [...new Set(packages)];
}

function noCases({ packages, filter }: Arguments): string {
  const everywhere = inRepository() ? 'the case files' : 'benchmarks/';
  const where = packages.length === 0 ? everywhere : packages.map((name) => packageFolder('.', name)).join(', ');
  return filter === '' ? `no *.bench.ts in ${where}` : `no case in ${where} has "${filter}" in its name`;
}

function listing({ cases, broken }: FoundCases): string[] {
  return [
    ...cases.map(({ package: name, name: title, input, contestants }) => {
      const [ours, ...peers] = contestants.map((each) => each.name);
      return `${name}: ${title} (${input}): ${ours} against ${peers.join(', ') || 'nobody'}`;
    }),
    ...broken.map(({ error }) => `ERROR ${error}`),
  ];
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const usage = error instanceof UsageError;
    process.stderr.write(usage ? `${error.message}\nSee --help.\n` : `${(error as Error).stack}\n`);
    process.exitCode = usage ? 2 : 1;
  },
);
