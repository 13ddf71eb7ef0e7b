import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { inRepository } from '../layout.ts';
import { run, SideNotReady, type Steps } from './program.ts';
import { buildRepository, installInRepository } from './repository.ts';
import type { Workspace } from './workspace.ts';

/** Installs the dependencies as the lockfile says, from pnpm's store when it has them all. Nothing to do without a lockfile. */
export async function install(
  root: string,
  { headRoot, say, signal }: Steps & { readonly headRoot: string },
): Promise<void> {
  if (inRepository()) return installInRepository(root, headRoot, { say, signal });
  if (!existsSync(join(root, 'pnpm-lock.yaml'))) return;
  say('installing the dependencies of the base');
  const args = ['install', '--frozen-lockfile', '--config.confirmModulesPurge=false'];
  const what = 'the dependencies of the base cannot be installed';
  try {
    await run('pnpm', [...args, '--offline'], { cwd: root, what, signal });
  } catch (error) {
    if (signal?.aborted || !(error instanceof SideNotReady)) throw error;
    await run('pnpm', args, { cwd: root, what, signal });
  }
}

/**
 * Builds packages and what they depend on by turbo, with head's turbo and head's cache, so that what was built before is restored. A
 * folder without turbo.json runs as it is.
 */
export async function build(
  root: string,
  packages: readonly Workspace[],
  { headRoot, say, signal }: Steps & { readonly headRoot: string },
): Promise<void> {
  if (inRepository()) return buildRepository(root, root === headRoot, { say, signal });
  if (!existsSync(join(root, 'turbo.json'))) return;
  const built = packages.filter(({ manifest }) => manifest.scripts?.['build'] !== undefined);
  if (built.length === 0) return;
  say(root === headRoot ? 'building head' : 'building the base');
  const native = packages.filter(({ manifest }) => manifest.scripts?.['build:native'] !== undefined);
  const tasks = ['build', ...native.map(({ name }) => `${name}#build:native`)];
  const filters = [...new Set([...built, ...native])].map(({ name }) => `--filter=${name}`);
  const turbo = join(headRoot, 'node_modules', '.bin', process.platform === 'win32' ? 'turbo.cmd' : 'turbo');
  const cache = join(headRoot, '.turbo', 'cache');
  await run(
    turbo,
    ['run', ...tasks, ...filters, '--ui=stream', '--output-logs=errors-only', `--cwd=${root}`, `--cache-dir=${cache}`],
    { cwd: root, what: `${root === headRoot ? 'head' : 'the base'} does not build`, signal },
  );
}
