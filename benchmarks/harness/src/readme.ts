// node --conditions=@perf/source benchmarks/harness/src/readme.ts [--check], from the root of the repository.
// Prints the tables of packages/<package>/README.md from benchmarks/<package>/recorded.json.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseOptions, runCommand } from './command.ts';
import { benchmarkPackages } from './discover.ts';
import { withOverview } from './overview.ts';
import { withTable } from './readme-table.ts';
import { readRecord } from './record.ts';

const HELP = `Usage: npm run bench:readme -- [--check]

Writes the table of every packages/<package>/README.md from benchmarks/<package>/recorded.json, between the markers, and the
overview of the root README from benchmarks/overview.json and the same records.
With --check nothing is written: exit code 1 names the files whose table was not printed from the record.
`;

function main(argv: readonly string[]): number {
  const { values } = parseOptions({
    args: argv,
    options: { check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const root = process.cwd();
  const faults: string[] = [];
  /** Whether the file has a place for what is printed there. */
  const update = (file: string, source: string, printed: (readme: string) => string | undefined): boolean => {
    const path = join(root, file);
    const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const after = printed(before);
    if (after === undefined) return false;
    if (after !== before && values.check) {
      const difference = firstDifference(before, after);
      faults.push(`the table in ${file} is not what ${source}: npm run bench:readme prints it\n${difference}`);
    } else if (after !== before) {
      writeFileSync(path, after);
      process.stdout.write(`wrote ${file}\n`);
    }
    return true;
  };
  for (const name of benchmarkPackages(root)) {
    const file = `packages/${name}/README.md`;
    const recorded = readRecord(root, name);
    const hasPlace = update(file, `benchmarks/${name}/recorded.json says`, (readme) => withTable(readme, recorded));
    if (!hasPlace && recorded !== undefined) {
      faults.push(`${file} has no place for its recorded figures: add the two bench markers`);
    }
  }
  update('README.md', 'the records say', (readme) => withOverview(readme, root));
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  return faults.length === 0 ? 0 : 1;
}

/** The first line that differs, as it is and as it would be printed. */
function firstDifference(before: string, after: string): string {
  const [is, prints] = [before.split('\n'), after.split('\n')];
  const i = prints.findIndex((line, at) => line !== is[at]);
  const at = i === -1 ? prints.length : i;
  return `  line ${at + 1}\n  - ${is[at] ?? ''}\n  + ${prints[at] ?? ''}`;
}

runCommand(main, { explained: [Error] });
