// npm simdjson, which build.mjs installs apart. It takes strings only, so that decoding is part of its cost.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { notBuilt } from './not-built.ts';
import type { Path } from './path.ts';

interface NpmSimdjson {
  isValid(text: string): boolean;
  lazyParse(text: string): { valueForKeyPath(keyPath: string): unknown };
}

const require = createRequire(import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('npm/package.json', import.meta.url), 'utf8')) as {
  dependencies: { simdjson: string };
};

export const npmSimdjsonVersion: string = manifest.dependencies.simdjson;

export function loadNpmSimdjson(): NpmSimdjson {
  const file = './npm/node_modules/simdjson/build/Release/simdjson.node';
  try {
    // Not by the package's name: where its build failed that is the global `JSON`.
    return require(file) as NpmSimdjson;
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND' ? notBuilt('not built') : error;
  }
}

/** `statuses[50].text`. There is no escape, and no key of these benchmarks would need one. */
export function keyPath(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}
