import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** A folder under `benchmarks/` with the case files in it. */
export interface CaseFile {
  readonly package: string;
  readonly path: string;
  /** Relative to the root, with `/` on every system. */
  readonly file: string;
}

/** The folders of `benchmarks/` that can hold cases, sorted. The harness is not one of them. */
export function benchmarkPackages(root: string): string[] {
  const folder = join(root, 'benchmarks');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'harness' && entry.name !== 'node_modules')
    .map((entry) => entry.name)
    .sort();
}

/** `benchmarks/<package>/*.bench.ts`, sorted. */
export function caseFiles(root: string, packages: readonly string[]): CaseFile[] {
  return packages.flatMap((name) => {
    const folder = join(root, 'benchmarks', name);
    return readdirSync(folder)
      .filter((file) => file.endsWith('.bench.ts'))
      .sort()
      .map((file) => {
        const path = join(folder, file);
        return { package: name, path, file: relative(root, path).split(sep).join('/') };
      });
  });
}
