import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The one JSON object of `--json`; throws where stdout is anything else. */
  json<T>(): T;
}

export interface RunningCli extends Promise<CliResult> {
  readonly child: ChildProcess;
  /** Resolves when the text so far on stdout or stderr matches. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));

/** Runs the command line from its source in a process of its own. */
export function runCli(...args: string[]): RunningCli {
  const child = spawn(process.execPath, ['--conditions=@perf/source', cli, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
  });
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const check of waiting) check();
  };
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    look();
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    look();
  });
  const done = new Promise<CliResult>((resolve) => {
    child.on('close', (code) => {
      look();
      resolve({
        code,
        stdout,
        stderr,
        json<T>() {
          if (!/^\{.*\}\n$/.test(stdout))
            throw new Error(`stdout is not one JSON object: ${stdout.slice(0, 500)} ${stderr}`);
          return JSON.parse(stdout) as T;
        },
      });
    });
  });
  const printed = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const match = pattern.exec(stdout) ?? pattern.exec(stderr);
        if (match === null && child.exitCode === null) return;
        waiting.delete(check);
        if (match === null) reject(new Error(`ended without printing ${pattern}: ${stdout}${stderr}`));
        else resolve(match);
      };
      waiting.add(check);
      check();
    });
  return Object.assign(done, { child, printed });
}
