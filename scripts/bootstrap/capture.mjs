import { spawn } from 'node:child_process';

/** Runs a program to its end: `{ code, output, stdout, missing }`, `output` being stdout and stderr as they came. */
export function capture(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) => {
      if (error.code === 'ENOENT') resolve({ code: 127, output: '', stdout: '', missing: true });
      else reject(error);
    });
    child.on('close', (code, signal) => resolve({ code: code ?? 1, output, stdout, signal, missing: false }));
  });
}
