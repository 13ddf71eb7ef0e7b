// node --conditions=@perf/source benchmarks/harness/src/history/convert.ts --from FORMAT --to FORMAT FILE
import { readFileSync } from 'node:fs';

import { parseOptions, runCommand, UsageError } from '../command.ts';
import { EXPORTS, exportLines, type ExportFormat } from './exports.ts';
import { importLines, IMPORTS, type ImportFormat } from './imports.ts';

const HELP = `Usage: convert --from FORMAT --to FORMAT FILE

Prints a result in the format of another tool. FILE "-" is stdin.

  --from FORMAT   ${IMPORTS.join(', ')}
  --to FORMAT     ${EXPORTS.join(', ')}
  --package NAME  the package that another tool's figures are of (default: the format)
  --commit HASH   the commit that another tool's figures are of
  --help          this text

Exit code: 0 converted; 2 wrong usage, or a file that is not of the format.
`;

function main(argv: readonly string[]): number {
  const { values, positionals } = parseOptions({
    args: argv,
    allowPositionals: true,
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      package: { type: 'string' },
      commit: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new UsageError('one FILE is needed');
  const from = choice('--from', values.from, IMPORTS) as ImportFormat;
  const to = choice('--to', values.to, EXPORTS) as ExportFormat;
  process.stdout.write(exportLines(to, importLines(from, read(path), values)));
  return 0;
}

function choice(option: string, given: string | undefined, known: readonly string[]): string {
  if (given !== undefined && known.includes(given)) return given;
  throw new UsageError(`${option} ${given ?? 'is missing'}: there are ${known.join(', ')}`);
}

function read(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`);
  }
}

runCommand(main, { explained: [Error] });
