import { fork, type ChildProcess, type Serializable } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How much of what a child wrote to stderr is kept for the report of a crash. */
const STDERR_TAIL = 2_000;

const EXEC_ARGV = ['--conditions=@perf/source', '--expose-gc', '--disable-warning=ExperimentalWarning'];

export interface ChildOptions {
  readonly cwd: string;
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onMessage: (message: unknown) => void;
  /** Once it is started: how to talk to it. What is sent to a child that is gone is dropped. */
  readonly onStart?: ((send: (message: Serializable) => void) => void) | undefined;
  /** Instead of the flags of a launch from source. */
  readonly execArgv?: readonly string[] | undefined;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** How a child process ended. `outcome` says who ended it. */
export interface ChildEnd {
  readonly outcome: 'exited' | 'time limit' | 'aborted';
  readonly exitCode: number | null;
  readonly exitSignal: NodeJS.Signals | null;
  readonly stderr: string;
}

const alive = new Set<ChildProcess>();
let guarded = false;

/**
 * Runs a module of this folder in a child process and resolves when that process is gone: by itself, at the time limit, or
 * when the signal fires. The last two kill the whole process group at once, so that servers and workers which a contestant
 * started go with it. Never rejects for what the child does.
 */
export function runChild(entry: URL, args: readonly string[], options: ChildOptions): Promise<ChildEnd> {
  if (options.signal?.aborted) {
    return Promise.resolve({ outcome: 'aborted', exitCode: null, exitSignal: null, stderr: '' });
  }
  guardExit();
  const child = fork(fileURLToPath(entry), args, {
    cwd: options.cwd,
    execArgv: [...(options.execArgv ?? EXEC_ARGV)],
    ...(options.env === undefined ? {} : { env: { ...process.env, ...options.env } }),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // A group of its own: killing it leaves nothing behind, and Ctrl-C reaches the children through us alone.
    detached: process.platform !== 'win32',
  });
  alive.add(child);

  return new Promise((resolve, reject) => {
    let outcome: ChildEnd['outcome'] = 'exited';
    let stderr = '';
    const stop = (why: ChildEnd['outcome']): void => {
      outcome = why;
      kill(child);
    };
    const onAbort = (): void => stop('aborted');
    options.signal?.addEventListener('abort', onAbort, { once: true });
    const limit = setTimeout(stop, options.limitMs, 'time limit');
    const settle = (): void => {
      clearTimeout(limit);
      options.signal?.removeEventListener('abort', onAbort);
      alive.delete(child);
    };

    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-STDERR_TAIL);
    });
    child.on('message', options.onMessage);
    options.onStart?.((message) => {
      if (child.connected) child.send(message, () => {});
    });
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    // Not 'close': a process that a contestant left running would hold stderr open.
    child.once('exit', (exitCode, exitSignal) => {
      settle();
      kill(child);
      child.stderr?.destroy();
      resolve({ outcome, exitCode, exitSignal, stderr });
    });
  });
}

/** Kills the child's whole process group; a group that is already gone is fine. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // ESRCH: nothing is left of it.
  }
}

/** Children in groups of their own outlive this process unless it ends them. */
function guardExit(): void {
  if (guarded) return;
  guarded = true;
  process.on('exit', () => {
    for (const child of alive) kill(child);
  });
}
