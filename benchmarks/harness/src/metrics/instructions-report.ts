// node --conditions=@perf/source benchmarks/harness/src/metrics/instructions-report.ts [FILE]: the table of the evidence, in Markdown.
import { readFileSync } from 'node:fs';

import { repetitionTable, type CountLine } from './repeated.ts';

const file = process.argv[2] ?? new URL('../../evidence/instructions.jsonl', import.meta.url);
const lines = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as CountLine);
const first = lines[0];
process.stdout.write(`${repetitionTable(lines).join('\n')}\n`);
if (first !== undefined) {
  const { node, platform, arch, valgrind, nativeCpu } = first;
  process.stdout.write(
    `\nNode ${node}, ${platform} ${arch}, valgrind ${valgrind}, native code on its ${nativeCpu} path.\n`,
  );
}
