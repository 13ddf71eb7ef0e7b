// node --conditions=@perf/source benchmarks/harness/src/metrics/instructions-report.ts [FILE]: the table of the evidence, in Markdown.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { parseOptions, runCommand, UsageError } from '../command.ts';
import { repetitionTable, type CountLine } from './repeated.ts';

const EVIDENCE = fileURLToPath(new URL('../../evidence/instructions.jsonl', import.meta.url));

const HELP = `Usage: node --conditions=@perf/source benchmarks/harness/src/metrics/instructions-report.ts [FILE]

Prints, as Markdown, how well the counts of FILE repeat. They are those of the evidence, or what repeat.ts wrote with --out.

  --help  this text

Exit code: 0 printed; 2 wrong usage, or a file that cannot be read.
`;

function main(argv: readonly string[]): number {
  const { values, positionals } = parseOptions({
    args: argv,
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [file = EVIDENCE, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`one FILE, not ${positionals.length}`);
  const lines = readLines(file);
  process.stdout.write(`${repetitionTable(lines).join('\n')}\n`);
  const [first] = lines;
  if (first !== undefined) {
    const { node, platform, arch, valgrind, nativeCpu } = first;
    process.stdout.write(
      `\nNode ${node}, ${platform} ${arch}, valgrind ${valgrind}, native code on its ${nativeCpu} path.\n`,
    );
  }
  return 0;
}

function readLines(file: string): CountLine[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as CountLine);
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}

runCommand(main);
