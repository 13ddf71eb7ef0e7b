// node --conditions=@perf/source benchmarks/harness/src/metrics/main.ts [package...] [options]
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { UsageError } from '../arguments.ts';
import { chooseInRepository } from '../cli/choose.ts';
import { benchmarkPackages, packageFolder } from '../discover.ts';
import { inRepository, layout } from '../layout.ts';
import { terminalOf, toAscii } from '../terminal.ts';
import { countConditions, countPackage } from './count-package.ts';
import type { PackageCounts } from './counts.ts';
import { runsFrom } from './runs-from.ts';
import { markdownCounts, textCounts } from './show-counts.ts';

const INTERRUPTED = 130;
/** The set-up of a case, too, takes fifty times its time. */
const LIMIT_MS = 600_000;

const HELP = `Usage: ${layout().command('count')} [package...] [options]

Counts what does not depend on the machine's mood, for ours of the cases of ${layout().cases}: instructions per run
(callgrind, JIT on), allocated bytes, collections, peak resident memory, loop delay, packed size. Without a package: all of them.
Instructions are those of the built packages (dist). Writes benchmarks/<package>/.counts.json, except with --filter.

  --filter TEXT    only cases whose name contains TEXT, in any case; no packing, and nothing is kept
  --limit SECONDS  a case that takes longer under callgrind is not measured (default ${LIMIT_MS / 1e3})
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
  readonly output: 'text' | 'json' | 'markdown';
  readonly help: boolean;
}

function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  if (values.json && values.markdown) throw new UsageError('--json and --markdown exclude each other');
  const seconds = Number(values.limit ?? LIMIT_MS / 1e3);
  if (!(seconds > 0) || !Number.isFinite(seconds))
    throw new UsageError(`--limit ${values.limit}: must be a number above 0`);
  return {
    packages: positionals,
    filter: values.filter ?? '',
    limitMs: seconds * 1e3,
    root: resolve(values.root ?? '.'),
    runsFrom: values['runs-from'],
    out: values.out,
    output: values.json ? 'json' : values.markdown ? 'markdown' : 'text',
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
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
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ', 1)[0]!);
  }
}

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

  const { conditions, valgrind } = countConditions();
  if (valgrind === undefined) process.stderr.write('instructions are not measured: valgrind is not installed\n');
  const runsOf = options.runsFrom === undefined ? undefined : runsFrom(readCounts(options.runsFrom));
  const all: PackageCounts[] = [];
  for (const name of choosePackages(options)) {
    const { root, filter, limitMs } = options;
    const counts = await countPackage(
      name,
      conditions,
      {
        root,
        filter,
        limitMs,
        signal: interruption.signal,
        nativeCpu: conditions.nativeCpu,
        valgrind,
        runsOf,
        // Packing is this repository's own.
        sizes: filter === '' && !inRepository(),
      },
      { onCase: (each) => process.stderr.write(`counting ${each.package}: ${each.name}\n`) },
    );
    if (interruption.signal.aborted) return INTERRUPTED;
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

function choosePackages({ packages, root }: Arguments): readonly string[] {
  if (inRepository()) return chooseInRepository(root, packages);
  const known = benchmarkPackages(root);
  if (known.length === 0) throw new UsageError(`no benchmarks/ in ${root}: run this from the root of the repository`);
  const unknown = packages.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new UsageError(`no benchmarks of ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return packages.length === 0 ? known : [...new Set(packages)];
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
