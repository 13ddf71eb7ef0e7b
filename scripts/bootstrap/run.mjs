import { spawn } from 'node:child_process';

/**
 * Runs the steps of a command one after the other and returns the exit code of the first that fails.
 * A step is `{ run: [program, …args], quiet?: true }`; quiet ones put their stdout on stderr.
 */
export async function runCommand(steps, { root, env }) {
  for (const step of steps) {
    const code = await runStep(step, root, env);
    if (code !== 0) return code;
  }
  return 0;
}

function runStep({ run: [program, ...args], quiet }, root, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      env,
      stdio: ['inherit', quiet ? 2 : 'inherit', 'inherit'],
      shell: process.platform === 'win32' && !program.endsWith('.exe'),
    });
    // A terminal sends Ctrl-C to the whole group, `kill` to this process only: pass it on either way, and stay until the
    // child has shut down in its own time.
    const forward = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
    const done = () => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, forward);
    };
    child.on('error', (error) => {
      done();
      reject(error);
    });
    child.on('close', (code, signal) => {
      done();
      resolve(code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1));
    });
  });
}
