// node --conditions=@perf/source benchmarks/harness/src/metrics/main.ts [package...] [options]
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { choosePackages } from '../choose-packages.ts';
import {
  INTERRUPTED,
  interruption,
  outputOf,
  parseOptions,
  positiveNumber,
  runCommand,
  UsageError,
  type Output,
} from '../command.ts';
import { packageFolder } from '../discover.ts';
import { inRepository, layout } from '../layout.ts';
import { printer, terminalOf } from '../terminal.ts';
import { countConditions, countPackage } from './count-package.ts';
import type { PackageCounts } from './counts.ts';
import { COUNT_LIMIT_MS } from './instructions.ts';
import { runsFrom } from './runs-from.ts';
import { markdownCounts, textCounts } from './show-counts.ts';

const HELP = `Usage: ${layout().command('count')} [package...] [options]

Counts what does not depend on the machine's mood, for ours of the cases of ${layout().cases}: instructions per run
(callgrind, JIT on), allocated bytes, collections, peak resident memory, loop delay, packed size. Without a package: all of them.
Instructions are those of the built packages (dist). Writes benchmarks/<package>/.counts.json, except with --filter.

  --filter TEXT    only cases whose name contains TEXT, in any case; no packing, and nothing is kept
  --limit SECONDS  a case that takes longer under callgrind is not measured (default ${COUNT_LIMIT_MS / 1e3})
  --runs-from FILE counts with the numbers of runs of an earlier .counts.json or --out file: counts of two versions
                   can be compared only when they had the same
  --root FOLDER    the root of the repository (default: the current folder)
  --out FILE       also writes the counts of all packages, one JSON array
  --json           the same array on stdout
  --markdown       Markdown tables on stdout
  --help           this text

Exit code: 0 counted (metrics that cannot be measured here say so); 1 a case failed; 2 wrong usage; 130 interrupted.
`;

interface Arguments {
  readonly packages: readonly string[];
  readonly filter: string;
  readonly limitMs: number;
  readonly root: string;
  readonly runsFrom: string | undefined;
  readonly out: string | undefined;
  readonly output: Output;
  readonly help: boolean;
}

function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parseOptions({
    args: argv,
    allowPositionals: true,
    options: {
      filter: { type: 'string' },
      limit: { type: 'string' },
      root: { type: 'string' },
      'runs-from': { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean' },
      markdown: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  return {
    packages: positionals,
    filter: values.filter ?? '',
    limitMs: positiveNumber('--limit', values.limit, COUNT_LIMIT_MS / 1e3) * 1e3,
    root: resolve(values.root ?? '.'),
    runsFrom: values['runs-from'],
    out: values.out,
    output: outputOf(values),
    help: values.help ?? false,
  };
}

async function main(argv: readonly string[]): Promise<number> {
  const options = readArguments(argv);
  const print = printer(process.stdout, terminalOf(process.stdout, process.env));
  if (options.help) {
    print([HELP.trimEnd()]);
    return 0;
  }
  const signal = interruption();

  const { conditions, valgrind } = countConditions();
  if (valgrind === undefined) process.stderr.write('instructions are not measured: valgrind is not installed\n');
  const runsOf = options.runsFrom === undefined ? undefined : runsFrom(readCounts(options.runsFrom));
  const all: PackageCounts[] = [];
  const { root, filter, limitMs } = options;
  for (const name of choosePackages(root, options.packages)) {
    const counts = await countPackage(
      name,
      conditions,
      {
        root,
        filter,
        limitMs,
        signal,
        nativeCpu: conditions.nativeCpu,
        valgrind,
        runsOf,
        // Packing is this repository's own.
        sizes: filter === '' && !inRepository(),
      },
      { onCase: (each) => process.stderr.write(`counting ${each.package}: ${each.name}\n`) },
    );
    if (signal.aborted) return INTERRUPTED;
    all.push(counts);
    if (options.output === 'text') print(textCounts(counts));
    if (options.output === 'markdown') print(markdownCounts(counts));
    if (filter === '' && !inRepository())
      writeFileSync(countsPath(root, name), `${JSON.stringify(counts, undefined, 2)}\n`);
  }
  if (all.every(({ cases, failures }) => cases.length + failures.length === 0)) {
    throw new UsageError(`no case has "${options.filter}" in its name`);
  }
  if (options.output === 'json') process.stdout.write(`${JSON.stringify(all)}\n`);
  if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(all, undefined, 2)}\n`);
  return all.every(({ failures }) => failures.length === 0) ? 0 : 1;
}

function readCounts(file: string): PackageCounts | readonly PackageCounts[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PackageCounts | readonly PackageCounts[];
  } catch (error) {
    throw new UsageError(`--runs-from ${file}: ${(error as Error).message}`);
  }
}

/** Where the counts of a package are kept, for turbo and for comparisons. */
function countsPath(root: string, name: string): string {
  return join(root, packageFolder(root, name), '.counts.json');
}

runCommand(main);
