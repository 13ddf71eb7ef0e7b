// node --conditions=@perf/source benchmarks/harness/src/main.ts [package...] [options], from the root of the repository.
import { writeFileSync } from 'node:fs';

import { HELP, readArguments, type Arguments } from './arguments.ts';
import { checkFooter, checkLine, passes } from './check.ts';
import { choosePackages } from './choose-packages.ts';
import { checkFolderOf, INTERRUPTED, interruption, runCommand, UsageError } from './command.ts';
import { packageFolder } from './discover.ts';
import { inRepository } from './layout.ts';
import type { LaunchOptions } from './launch.ts';
import { progressOn } from './progress.ts';
import { record } from './record.ts';
import { htmlRun } from './report/html.ts';
import { errorLabel, markdownRun, textCase, textFooter } from './report.ts';
import { exitCodeOf, findCases, runCases, type FoundCases } from './run.ts';
import { printer, terminalOf, type Terminal } from './terminal.ts';

/** Only answers are compared, so the second core may work as well. */
const CHECKED_AT_ONCE = 2;

async function main(argv: readonly string[]): Promise<number> {
  const options = readArguments(argv);
  const terminal = terminalOf(process.stdout, process.env);
  const print = printer(process.stdout, terminal);
  if (options.help) {
    print([HELP.trimEnd()]);
    return 0;
  }

  const signal = interruption();
  const launch: LaunchOptions = { root: process.cwd(), limitMs: options.settings.limitMs, signal };
  const found = await findCases(choosePackages(launch.root, options.packages), options.filter, launch);
  if (signal.aborted) return INTERRUPTED;
  if (found.cases.length === 0 && found.broken.length === 0) throw new UsageError(noCases(options));
  checkFolderOf('--html', options.html);
  if (options.list) {
    print(listing(found));
    return found.broken.length === 0 ? 0 : 1;
  }
  const code = await runAndPrint(found, options, launch, print, terminal);
  return signal.aborted ? INTERRUPTED : code;
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

runCommand(main);
