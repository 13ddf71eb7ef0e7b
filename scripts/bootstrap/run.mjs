import { spawn } from 'node:child_process';
import { say } from './say.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** A quiet step that takes longer than this says what it is doing. */
const PATIENCE_MS = 1_500;

/**
 * Runs the steps of a command one after the other and returns the exit code of the first that fails.
 *
 * A step is `{ run: [program, …args] }`. With `quiet: 'what it does'` its output is kept back and shown only where it
 * fails, but for the lines that match `show`.
 */
export async function runCommand(steps, { root, env }) {
  for (const step of steps) {
    const code = await runStep(step, root, env);
    if (code !== 0) return code;
  }
  return 0;
}

function runStep({ run: [program, ...args], quiet, show }, root, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      env,
      stdio: quiet === undefined ? 'inherit' : ['inherit', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && !program.endsWith('.exe'),
    });
    let kept = '';
    const keep = (chunk) => {
      kept += chunk;
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const patience = quiet === undefined ? undefined : setTimeout(() => say(quiet), PATIENCE_MS);
    // A terminal sends Ctrl-C to the whole group, `kill` to this process only: pass it on either way, and stay until the
    // child has shut down in its own time.
    const forward = (signal) => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, forward);
    const done = () => {
      clearTimeout(patience);
      for (const signal of SIGNALS) process.off(signal, forward);
    };
    child.on('error', (error) => {
      done();
      reject(error);
    });
    child.on('close', (code, signal) => {
      done();
      const failed = code !== 0;
      const lines = failed
        ? kept
        : kept
            .split('\n')
            .filter((line) => show?.test(line))
            .map((line) => `${line}\n`)
            .join('');
      process.stderr.write(lines);
      resolve(code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1));
    });
  });
}
