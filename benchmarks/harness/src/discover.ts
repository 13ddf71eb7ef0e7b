import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import { filesInRepository } from './cli/files.ts';
import { inRepository } from './layout.ts';

/** A case file and the package whose cases it has. */
export interface CaseFile {
  readonly package: string;
  readonly path: string;
  /** Relative to the root, with `/` on every system. */
  readonly file: string;
}

/** The folders of `benchmarks/` that can hold cases, sorted; the harness is not one of them. Elsewhere: the folders that have case files. */
export function benchmarkPackages(root: string): string[] {
  if (inRepository()) return [...new Set(filesInRepository(root).map((each) => each.package))];
  const folder = join(root, 'benchmarks');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'harness' && entry.name !== 'node_modules')
    .map((entry) => entry.name)
    .sort();
}

/** `benchmarks/<package>/*.bench.ts`, sorted. Elsewhere: the case files of these packages. */
export function caseFiles(root: string, packages: readonly string[]): CaseFile[] {
  if (inRepository()) return filesInRepository(root).filter((each) => packages.includes(each.package));
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

/** Where goals and records of a package are, relative to the root: with its cases. */
export function packageFolder(root: string, name: string): string {
  if (!inRepository()) return `benchmarks/${name}`;
  const { file } = filesInRepository(root).find((each) => each.package === name) ?? { file: name };
  return file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.';
}
