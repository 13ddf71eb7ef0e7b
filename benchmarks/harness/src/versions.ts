import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** The version of what is part of Node. Those of V8 and ICU are in the environment of the run. */
export function builtInVersion(): string {
  return `Node ${process.versions.node}`;
}

/** The version of a package as the case file finds it, or undefined when it is not installed there. */
export function installedVersion(name: string, caseFileUrl: string): string | undefined {
  try {
    const file = findPackageJSON(name, caseFileUrl);
    if (file === undefined) return undefined;
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? version : 'no version';
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** A module or a package that an import named is not there. */
export function isNotFound(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}
