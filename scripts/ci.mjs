// The steps of CI, one after the other; all of them run even when one fails. A step counts the tests it ran, or as one
// test where it ran none. Called by .ci/run, which sets what is required.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { addCounts, countTests } from './ci/count.mjs';
import { checkLiveRun, checkReplay } from './ci/expectations.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const recorded =
  process.env.PERF_CORPORA === undefined ? undefined : path.join(process.env.PERF_CORPORA, 'feeds/btcusdt_20240808.gz');

const steps = [
  { name: 'format, lint, import rules, clippy', run: ['npm', 'run', '--silent', 'lint'] },
  { name: 'types', run: ['npm', 'run', '--silent', 'types'] },
  { name: 'npm test', run: ['npm', 'test', '--silent'] },
  { name: 'npm test again, all from cache', run: ['npm', 'test', '--silent'], expect: fromCache, uncounted: true },
  ...(await cpuPaths()).map((cpu) => ({
    // The packages that call native code; the others would run the same code once more.
    name: `tests of native and json with PERF_NATIVE_CPU=${cpu}`,
    run: ['npm', 'test', '--silent', '--', '--filter=@perf/native', '--filter=@perf/json'],
    env: { PERF_NATIVE_CPU: cpu },
  })),
  {
    // The harness takes minutes, and compares, counts and records the same either way.
    name: 'npm test with PERF_NATIVE=0, without the harness',
    run: ['npm', 'test', '--silent', '--', '--filter=!@perf/bench'],
    env: { PERF_NATIVE: '0' },
  },
  { name: 'kernels under valgrind', run: ['npm', 'run', '--silent', 'memcheck'] },
  { name: 'the core against other parsers', run: ['npm', 'run', '--silent', 'oracles'] },
  { name: 'fuzzing', run: ['npm', 'run', '--silent', 'fuzz', '--', '--seconds', '15'] },
  { name: 'answers of the benchmarks', run: ['npm', 'run', '--silent', 'bench', '--', '--check'] },
  { name: 'tables of the READMEs', run: ['npm', 'run', '--silent', 'bench:readme', '--', '--check'] },
  { name: 'packages', run: ['npm', 'run', '--silent', 'pack'] },
  { name: 'packages as a consumer installs them', run: ['npm', 'run', '--silent', 'consumer'] },
  {
    name: 'npm start for 10 s',
    run: ['npm', 'start', '--silent', '--', '--duration', '10s', '--json'],
    expect: checkLiveRun,
  },
  {
    name: 'npm start on the recorded feed',
    run: ['npm', 'start', '--silent', '--', '--replay', `${recorded}`, '--speed', 'max', '--json'],
    expect: checkReplay,
  },
];

const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
for (const step of steps) {
  const started = Date.now();
  process.stdout.write(`\n=== ${step.name}\n`);
  const { code, stdout, output } = await run(step);
  let fault = code === 0 ? undefined : `exit code ${code}`;
  try {
    if (fault === undefined) step.expect?.({ stdout, output, elapsedMs: Date.now() - started });
  } catch (error) {
    fault = error.message;
  }
  const counted = step.uncounted === true ? { passed: 0, failed: 0, skipped: 0 } : countTests(output);
  if (counted.passed + counted.failed === 0 && fault === undefined) counted.passed = 1;
  if (counted.failed === 0 && fault !== undefined) counted.failed = 1;
  addCounts(total, counted);
  if (fault !== undefined) failures.push(`${step.name}: ${fault}`);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`=== ${fault === undefined ? 'ok' : `FAILED (${fault})`}: ${step.name}, ${seconds} s\n`);
}
for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
const skipped = total.skipped === 0 ? '' : `, ${total.skipped} skipped`;
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);
process.exitCode = total.failed === 0 && failures.length === 0 ? 0 : 1;

function run({ run: [program, ...args], env }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let stdout = '';
    let output = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      output += chunk;
      process.stdout.write(chunk);
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.on('error', (error) => resolve({ code: 127, stdout, output: `${output}${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, output }));
  });
}

function fromCache({ output, elapsedMs }) {
  if (!/FULL TURBO/.test(output)) throw new Error('a second npm test was not all from cache');
  if (elapsedMs > 10_000) throw new Error(`a second npm test took ${elapsedMs} ms; the limit is 10,000`);
}

/** The instruction sets of this machine that the addon has a path for. */
async function cpuPaths() {
  const built = await run({ run: ['npm', 'run', '--silent', 'build'] });
  if (built.code !== 0) return [];
  const { nativeStatus } = await import('../packages/native/dist/index.js');
  return nativeStatus().cpu?.supported ?? [];
}
