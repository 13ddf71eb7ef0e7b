// node --conditions=@perf/source benchmarks/harness/src/history/record.ts [package...] [options], from the root of the repository.
import { readFileSync } from 'node:fs';

import { readArguments } from '../arguments.ts';
import { choosePackages } from '../choose-packages.ts';
import { INTERRUPTED, interruption, parseOptions, runCommand, UsageError } from '../command.ts';
import { layout } from '../layout.ts';
import { exitCodeOf, findCases, runCases } from '../run.ts';
import { IMPORTS, importLines, type ImportFormat } from './imports.ts';
import { linesOfRun } from './from-result.ts';
import type { HistoryLine } from './line.ts';
import { appendHistory, DEFAULT_STORE, openStore } from './store.ts';

const HELP = `Usage: ${layout().command('record')} [package...] [options]

Appends a run to the history: a line per package. Without --from the cases are measured first.

  --from FILE      instead of measuring: what "bench --json" or "bench:compare --json" printed, or another tool's result
  --format FORMAT  of FILE: ${IMPORTS.join(', ')} (default perf)
  --package NAME   the package that another tool's figures are of
  --commit HASH    the commit that another tool's figures are of
  --store WHERE    a folder, or branch:NAME: a branch with nothing but the history (default ${DEFAULT_STORE})
  --push           with branch:NAME: brings the branch up to date before, and pushes it after
  --allow-empty    a result in which nothing was measured, or that cannot be trusted, is no failure
  --quick          measures shortly; to try the command, not for a history
  --filter TEXT    measures only cases whose name contains TEXT
  --help           this text

Exit code: 0 recorded; 1 nothing could be recorded, or a case failed (the others are recorded); 2 wrong usage; 3 a wrong answer.
`;

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args: argv,
    allowPositionals: true,
    options: {
      from: { type: 'string' },
      format: { type: 'string', default: 'perf' },
      package: { type: 'string' },
      commit: { type: 'string' },
      store: { type: 'string', default: DEFAULT_STORE },
      push: { type: 'boolean', default: false },
      'allow-empty': { type: 'boolean' },
      quick: { type: 'boolean' },
      filter: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.from !== undefined && (positionals.length > 0 || values.quick || values.filter !== undefined)) {
    throw new UsageError('--from records a file: leave out packages, --quick and --filter');
  }
  if (!(IMPORTS as readonly string[]).includes(values.format)) {
    throw new UsageError(`--format ${values.format}: there are ${IMPORTS.join(', ')}`);
  }
  const root = process.cwd();
  const store = openStore(values.store, root, values.push);
  const { lines, code } =
    values.from === undefined
      ? await measure(root, positionals, values.quick === true, values.filter ?? '')
      : { lines: fromFile(values.from, values.format as ImportFormat, values), code: 0 };
  if (lines.length === 0) {
    process.stderr.write('nothing was measured: nothing is recorded\n');
    return values['allow-empty'] === true ? code : Math.max(1, code);
  }
  appendHistory(store, lines);
  for (const line of lines) {
    process.stdout.write(
      `recorded ${line.package}: ${line.cases.length} cases at ${line.commit || 'no commit'} in ${store.label}\n`,
    );
  }
  return code;
}

function fromFile(
  path: string,
  format: ImportFormat,
  about: { readonly package?: string | undefined; readonly commit?: string | undefined },
): HistoryLine[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--from ${path}: ${(error as Error).message}`);
  }
  return importLines(format, text, about);
}

async function measure(
  root: string,
  packages: readonly string[],
  quick: boolean,
  filter: string,
): Promise<{ lines: HistoryLine[]; code: number }> {
  const chosen = choosePackages(root, packages);
  const { settings } = readArguments(quick ? ['--quick'] : []);
  const signal = interruption();
  const options = { root, limitMs: settings.limitMs, signal };
  const found = await findCases(chosen, filter, options);
  if (found.cases.length === 0 && found.broken.length === 0) throw new UsageError('no case to measure');
  const result = await runCases(found, settings, options, {
    onCase: (each) =>
      process.stderr.write(
        `${each.status} ${each.package}: ${each.name}${each.error === undefined ? '' : `: ${each.error}`}\n`,
      ),
  });
  if (signal.aborted) return { lines: [], code: INTERRUPTED };
  return { lines: linesOfRun(result, process.env), code: exitCodeOf(result) };
}

runCommand(main, { explained: [Error] });
