import { spawn } from 'node:child_process';

/** A side cannot be made ready, so there is nothing to compare. The message ends with what the failed program said. */
export class SideNotReady extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SideNotReady';
  }
}

/** How many lines of a failed program are shown. */
const OUTPUT_LINES = 20;

export interface Steps {
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Runs a program quietly to its end. Throws SideNotReady with the end of its output when it fails. */
export function run(
  program: string,
  args: readonly string[],
  {
    cwd,
    what,
    signal,
    shell = process.platform === 'win32',
  }: {
    readonly cwd: string;
    readonly what: string;
    readonly signal?: AbortSignal | undefined;
    /** `program` is a line for the system's shell. On Windows npm and pnpm are scripts that only it starts. */
    readonly shell?: boolean;
  },
): Promise<void> {
  return new Promise((done, fail) => {
    const windows = process.platform === 'win32';
    // A group of its own: on Ctrl-C all of it ends through the signal, compilers included.
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], shell, detached: !windows });
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
