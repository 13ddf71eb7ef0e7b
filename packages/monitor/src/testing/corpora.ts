import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../..');

/**
 * The path of a corpus file, or undefined after saying in one line that tests are skipped for want of it.
 * With `PERF_REQUIRE_CORPORA=1` a missing file is an error.
 */
export function corpusFile(name: string): string | undefined {
  const folder = process.env.PERF_CORPORA ?? path.join(root, '.corpora');
  const file = path.join(folder, name);
  if (existsSync(file)) return file;
  const line = `${file} is absent: run "npm run corpora", or set PERF_CORPORA to a folder that has it`;
  if (process.env.PERF_REQUIRE_CORPORA === '1') throw new Error(line);
  process.stderr.write(`skipped: ${line}\n`);
  return undefined;
}
