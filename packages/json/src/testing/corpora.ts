import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** The folder of the real data. */
export const CORPORA: string = process.env.PERF_CORPORA ?? path.join(root, '.corpora');

/** Why tests on real data are left out, or undefined. Throws where their absence is a failure. */
export function whyNoCorpora(): string | undefined {
  const needed = path.join(CORPORA, 'json-test-suite');
  if (existsSync(needed)) return undefined;
  const line = `${needed} is missing: fetch it with "npm run corpora", or set PERF_CORPORA to a folder that has it`;
  if (process.env.PERF_REQUIRE_CORPORA === '1') throw new Error(line);
  return line;
}

/** The files of a folder of the corpora, sorted by name, as bytes. */
export function corpusFiles(folder: string): { name: string; bytes: Buffer }[] {
  return readdirSync(path.join(CORPORA, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted()
    .map((file) => ({ name: path.basename(file), bytes: readFileSync(file) }));
}
