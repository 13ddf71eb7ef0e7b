import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = process.env.PERF_CORPORA ?? fileURLToPath(new URL('../../../../.corpora', import.meta.url));

/** Path of a file of the corpora, or undefined with one line that says which path is missing. */
export function corpusFile(name: string): string | undefined {
  const file = path.join(folder, name);
  if (existsSync(file)) return file;
  const message = `skipped: ${file} is absent; fetch it with "npm run corpora", or set PERF_CORPORA`;
  if (process.env.PERF_REQUIRE_CORPORA === '1') throw new Error(message);
  process.stderr.write(`${message}\n`);
  return undefined;
}
