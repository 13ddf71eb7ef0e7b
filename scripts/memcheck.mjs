#!/usr/bin/env node
// Runs the tests of the kernels under valgrind: an access to memory that was not allocated, and a decision that hangs on bytes
// which nothing has written, are errors there. Valgrind knows no AVX-512; the tests say which paths ran. Few rounds, as each
// instruction takes some forty times as long.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CARGO = fileURLToPath(new URL('cargo.mjs', import.meta.url));
const TESTS = ['kernels', 'differential', 'decode'];
const EFFORT = { PERF_ROUNDS: '300', PERF_STRIDE: '61' };

for (const { name, executable } of buildTests()) {
  const started = Date.now();
  const { status, error } = spawnSync('valgrind', ['--quiet', '--error-exitcode=9', executable], {
    stdio: 'inherit',
    env: { ...process.env, ...EFFORT },
  });
  const fault = error?.message ?? (status === 0 ? undefined : `exit code ${status}`);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`memcheck: ${name} ${fault === undefined ? 'ok' : `failed (${fault})`}, ${seconds} s\n`);
  if (fault !== undefined) process.exitCode = 1;
}

/** Names and files of the tests, optimised as what is released: other code has other faults. None where there is no cargo. */
function buildTests() {
  const packages = ['--package', 'perf_simd', '--package', 'perf_json'];
  const targets = TESTS.flatMap((name) => ['--test', name]);
  const build = [
    'test',
    '--profile',
    'memcheck',
    '--no-run',
    '--locked',
    '--message-format=json',
    ...packages,
    ...targets,
  ];
  const { status, stdout } = spawnSync(process.execPath, [CARGO, ...build], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) process.exit(status ?? 1);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter(({ reason, executable }) => reason === 'compiler-artifact' && executable !== null)
    .map(({ target, executable }) => ({ name: target.name, executable }));
}
