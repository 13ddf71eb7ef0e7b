// Commands as a user runs them: processes in a folder that looks like the root of a repository.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** `file` is that of the command, relative to this folder: `compare/main.ts`. */
export function start(
  file: string,
  root: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Started {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(
    process.execPath,
    ['--conditions=@perf/source', '--disable-warning=ExperimentalWarning', path, ...args],
    { cwd: root, env: { ...process.env, LC_ALL: 'C.UTF-8', ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr })) };
}

export function run(
  file: string,
  root: string,
  args: readonly string[],
  environment?: NodeJS.ProcessEnv,
): Promise<Ended> {
  return start(file, root, args, environment).ended;
}
