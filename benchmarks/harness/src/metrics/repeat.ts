// node --conditions=@perf/source benchmarks/harness/src/metrics/repeat.ts --case TEXT [--runs 10] [--paths 2], from the root, built.
import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';

import { INTERRUPTED, interruption, parseOptions, runCommand, UsageError, wholeNumber } from '../command.ts';
import { benchmarkPackages } from '../discover.ts';
import { findCases } from '../run.ts';
import { countConditions } from './count-package.ts';
import { isMeasured } from './counts.ts';
import { measuredLines, type CountLine } from './repeated.ts';
import { COUNT_LIMIT_MS, countInstructions, type InstructionOptions } from './instructions.ts';
import { spreadPpm } from './spread.ts';

const HELP = `Usage: node --conditions=@perf/source benchmarks/harness/src/metrics/repeat.ts --case TEXT [options]

Counts the instructions of every case whose name contains TEXT again and again, and prints by how much the counts differ, in ppm:
(largest - smallest) / smallest. Run it from the root of the repository, after a build.

  --runs N    counts in each checkout (default 10)
  --paths N   checkouts: this one, and copies of it in folders with names of other lengths (default 1, at most 3)
  --out FILE  appends every count as a line of JSON (instructions-report.ts makes a table of them)
  --help      this text

Exit code: 0 counted; 1 a case was not measured; 2 wrong usage; 130 interrupted.
`;

/** Never in a copy: large, or not needed to run a case. */
const LEFT_OUT = new Set(['.git', 'target', '.turbo', '.corpora', 'coverage']);

const MOST_RUNS = 1_000;
const MOST_PATHS = 3;

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseOptions({
    args: argv,
    options: {
      case: { type: 'string' },
      runs: { type: 'string' },
      paths: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.case === undefined) throw new UsageError('--case TEXT is needed');
  const repeats = wholeNumber('--runs', values.runs, 10, 1, MOST_RUNS);
  const paths = wholeNumber('--paths', values.paths, 1, 1, MOST_PATHS);
  const root = process.cwd();
  const { conditions, valgrind } = countConditions();
  if (valgrind === undefined) throw new UsageError('valgrind is not installed');
  const signal = interruption();
  const options: InstructionOptions = { root, limitMs: COUNT_LIMIT_MS, signal, nativeCpu: conditions.nativeCpu };
  const { cases } = await findCases(benchmarkPackages(root), values.case, options);
  if (signal.aborted) return INTERRUPTED;
  if (cases.length === 0) throw new UsageError(`no case has "${values.case}" in its name`);

  const copies = Array.from({ length: paths - 1 }, (_, at) => copyOf(root, 'x'.repeat(40 * (at + 1))));
  let failed = false;
  try {
    for (const each of cases) {
      const lines: CountLine[] = [];
      // Checkouts take turns, so that what changes on the machine in time would reach all of them.
      for (let turn = 0; turn < repeats * paths; turn++) {
        const checkout = turn % paths;
        const folder = [root, ...copies][checkout]!;
        const path = join(folder, relative(root, each.path));
        const counted = await countInstructions({ path, index: each.index }, undefined, valgrind, {
          ...options,
          root: folder,
        });
        if (signal.aborted) return INTERRUPTED;
        process.stderr.write(`${each.name}: ${isMeasured(counted) ? counted.value : counted.notMeasured}\n`);
        failed ||= !isMeasured(counted);
        const line: CountLine = { package: each.package, case: each.name, checkout, ...conditions, ...counted };
        lines.push(line);
        if (values.out !== undefined) appendFileSync(values.out, `${JSON.stringify(line)}\n`);
      }
      process.stdout.write(`${describe(each.name, lines, paths)}\n`);
    }
  } finally {
    for (const copy of copies) rmSync(dirname(copy), { recursive: true, force: true });
  }
  return failed ? 1 : 0;
}

function describe(name: string, lines: readonly CountLine[], paths: number): string {
  const spread = (of: readonly CountLine[]): string => {
    const counts = measuredLines(of).map(({ value }) => value);
    return counts.length === 0 ? 'none' : spreadPpm(counts).toFixed(1);
  };
  const each = Array.from({ length: paths }, (_, at) => spread(lines.filter(({ checkout }) => checkout === at)));
  return `${name}: ${spread(lines)} ppm over ${lines.length} counts (per checkout: ${each.join(', ')})`;
}

function copyOf(root: string, name: string): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'perf-repeat-')), name);
  // pnpm's links are relative, so that they lead into the copy.
  cpSync(root, folder, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !LEFT_OUT.has(basename(source)) || existsSync(join(source, 'package.json')),
  });
  return folder;
}

runCommand(main);
