// node --conditions=@perf/source benchmarks/harness/src/readme.ts [--check], from the root of the repository.
// Prints the tables of packages/<package>/README.md from benchmarks/<package>/recorded.json.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { benchmarkPackages } from './discover.ts';
import { withOverview } from './overview.ts';
import { withTable } from './readme-table.ts';
import { readRecord } from './record.ts';

const HELP = `Usage: npm run bench:readme -- [--check]

Writes the table of every packages/<package>/README.md from benchmarks/<package>/recorded.json, between the markers, and the
overview of the root README from benchmarks/overview.json and the same records.
With --check nothing is written: exit code 1 names the files whose table was not printed from the record.
`;

function main(): number {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const root = process.cwd();
  const faults: string[] = [];
  for (const name of benchmarkPackages(root)) {
    const file = `packages/${name}/README.md`;
    const path = join(root, file);
    const recorded = readRecord(root, name);
    const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const after = withTable(before, recorded);
    if (after === undefined) {
      if (recorded !== undefined)
        faults.push(`${file} has no place for its recorded figures: add the two bench markers`);
    } else if (after !== before) {
      if (values.check)
        faults.push(
          `the table in ${file} is not what benchmarks/${name}/recorded.json says: npm run bench:readme prints it\n${firstDifference(before, after)}`,
        );
      else {
        writeFileSync(path, after);
        process.stdout.write(`wrote ${file}\n`);
      }
    }
  }
  const rootReadme = join(root, 'README.md');
  const before = existsSync(rootReadme) ? readFileSync(rootReadme, 'utf8') : '';
  const after = withOverview(before, root);
  if (after !== undefined && after !== before) {
    if (values.check)
      faults.push(
        `the table in README.md is not what the records say: npm run bench:readme prints it\n${firstDifference(before, after)}`,
      );
    else {
      writeFileSync(rootReadme, after);
      process.stdout.write('wrote README.md\n');
    }
  }
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

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
}
