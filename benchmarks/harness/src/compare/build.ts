import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Workspace } from './workspace.ts';

/** A side cannot be made ready, so there is nothing to compare. The message ends with what the failed program said. */
export class SideNotReady extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SideNotReady';
  }
}

/** How many lines of a failed program are shown. */
const OUTPUT_LINES = 20;

interface Steps {
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Installs the dependencies as the lockfile says, from pnpm's store when it has them all. Nothing to do without a lockfile. */
export async function install(root: string, { say, signal }: Steps): Promise<void> {
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

/** Runs a program quietly to its end. Throws SideNotReady with the end of its output when it fails. */
export function run(
  program: string,
  args: readonly string[],
  { cwd, what, signal }: { readonly cwd: string; readonly what: string; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  return new Promise((done, fail) => {
    const windows = process.platform === 'win32';
    // A group of its own: on Ctrl-C all of it ends through the signal, compilers included.
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], shell: windows, detached: !windows });
    let output = '';
    const take = (text: string): void => {
      output = (output + text).slice(-100_000);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const stop = (): void => {
      if (child.pid === undefined) return;
      try {
        if (windows) child.kill('SIGKILL');
        else process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has just ended.
      }
    };
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    child.once('error', (error) => {
      signal?.removeEventListener('abort', stop);
      fail(new SideNotReady(`${what}: ${program} cannot be started (${error.message})`));
    });
    child.once('close', (code, killed) => {
      signal?.removeEventListener('abort', stop);
      if (code === 0) done();
      else {
        const lines = output.trimEnd().split('\n').slice(-OUTPUT_LINES).join('\n');
        fail(new SideNotReady(`${what} (${killed ?? `exit code ${code}`}):\n${lines}`));
      }
    });
  });
}
