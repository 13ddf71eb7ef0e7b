import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { entry, startMirror } from './mirror.fixture.mjs';

const START = `import { main } from ${JSON.stringify(new URL('main.mjs', import.meta.url).href)};
const [root, ...args] = process.argv.slice(1);
process.exitCode = await main(args, { root, env: process.env });`;

let root;
let mirror;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'perf-corpora-'));
});
afterEach(async () => {
  await mirror?.close();
  mirror = undefined;
  rmSync(root, { recursive: true, force: true });
});

function manifest(contents) {
  const files = Object.keys(contents).map((name) => entry(name, contents[name]));
  writeFileSync(path.join(root, 'corpora.json'), JSON.stringify({ licences: {}, files }));
}

function start(args, env = {}) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', START, root, ...args], {
    env: { ...process.env, PERF_CORPORA: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }));
  return { child, ended };
}
const run = (args, env) => start(args, env).ended;

test('fetches into .corpora, tells the progress in tenths on stderr and the sum on stdout', async () => {
  const contents = { 'feeds/a': 'a'.repeat(1000), 'json/b': 'b'.repeat(1000) };
  manifest(contents);
  mirror = await startMirror(contents);
  const result = await run(['--base-url', mirror.url]);
  expect(result).toMatchObject({
    code: 0,
    stdout: `corpora: 2 files, 2.0 kB in ${path.join(root, '.corpora')} (2 fetched, 0 already there)\n`,
  });
  expect(result.stderr).toMatch(/^corpora: 50 % .*\ncorpora: 100 % .*\n$/);
  expect(readFileSync(path.join(root, '.corpora', 'feeds/a'), 'utf8')).toBe(contents['feeds/a']);
});

test('fetches only what the filter names, into the folder that is named', async () => {
  const contents = { 'feeds/a': '1', 'json/b': '2' };
  manifest(contents);
  mirror = await startMirror(contents);
  const dir = path.join(root, 'elsewhere');
  const result = await run(['--base-url', mirror.url, '--dir', dir, '--filter', 'feeds/']);
  expect(result.code).toBe(0);
  expect(readdirSync(dir)).toEqual(['feeds']);
});

test('lists the files that failed under their reason and exits with 1', async () => {
  manifest({ a: '1', b: '2', c: '3' });
  mirror = await startMirror({ b: '2' });
  const result = await run(['--base-url', mirror.url]);
  expect(result.code).toBe(1);
  expect(result.stderr).toMatch(/HTTP 404: .*\n {2}a\n {2}c\ncorpora: 2 of 3 files failed/);
});

test('says which folder tests read when PERF_CORPORA names another', async () => {
  manifest({ a: '1' });
  mirror = await startMirror({ a: '1' });
  const other = path.join(root, 'other');
  const result = await run(['--base-url', mirror.url], { PERF_CORPORA: other });
  expect(result.stderr).toContain(`tests read ${other}, because PERF_CORPORA is set`);
});

test('verifies offline', async () => {
  manifest({ a: '1', b: '2', c: '3' });
  const dir = path.join(root, 'there');
  mirror = await startMirror({ a: '1', b: '2', c: '3' });
  await run(['--base-url', mirror.url, '--dir', dir]);
  const before = mirror.requests.length;
  expect(await run(['--verify', '--dir', dir])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('3 files in'),
  });
  writeFileSync(path.join(dir, 'a'), '9');
  writeFileSync(path.join(dir, 'b'), '22');
  rmSync(path.join(dir, 'c'));
  const result = await run(['--verify'], { PERF_CORPORA: dir });
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('the content is not\n  a\n');
  expect(result.stderr).toContain('2 bytes instead of 1\n  b\n');
  expect(result.stderr).toContain('missing\n  c\n');
  expect(mirror.requests).toHaveLength(before);
});

test('refuses what it does not understand with exit code 2', async () => {
  manifest({ a: '1' });
  for (const args of [
    ['--unknown'],
    ['--jobs', '0'],
    ['--jobs', '1.5'],
    ['--base-url', 'ftp://x'],
    ['extra'],
    ['--filter', 'nothing/'],
  ]) {
    expect(await run(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^corpora: /) });
  }
});

test('says what is wrong with a manifest that cannot be used', async () => {
  writeFileSync(path.join(root, 'corpora.json'), JSON.stringify({ files: [entry('../escape', '1')] }));
  expect(await run([])).toMatchObject({ code: 1, stderr: expect.stringMatching(/"\.\.\/escape" leaves the folder/) });
});

test.skipIf(process.platform === 'win32')('stops on Ctrl-C with code 130 and goes on in the next run', async () => {
  const big = 'x'.repeat(300_000);
  manifest({ a: '1', big });
  let hanging = true;
  let arrived;
  const stalled = new Promise((resolve) => {
    arrived = resolve;
  });
  mirror = await startMirror(
    { a: '1', big },
    {
      answer(name, request, response) {
        if (name !== 'big' || !hanging) return false;
        response.writeHead(200, { 'content-length': big.length });
        response.write(big.slice(0, 100_000), arrived);
        return true;
      },
    },
  );
  const { child, ended } = start(['--base-url', mirror.url, '--jobs', '1']);
  await stalled;
  // The bytes have left the server; the signal may overtake them, so wait until they are on disk.
  const part = path.join(root, '.corpora', 'big.part');
  while (!existsSync(part) || readFileSync(part).length === 0) await new Promise((resolve) => setImmediate(resolve));
  child.kill('SIGINT');
  child.kill('SIGINT');
  const result = await ended;
  expect(result).toMatchObject({ code: 130, signal: null, stdout: '' });
  expect(result.stderr).toContain('stopped at 1 of 2 files');
  expect(readdirSync(path.join(root, '.corpora')).sort()).toEqual(['a', 'big.part']);
  hanging = false;
  expect(await run(['--base-url', mirror.url])).toMatchObject({ code: 0 });
  expect(mirror.requests.at(-1).range).toMatch(/^bytes=[1-9]\d*-$/);
  expect(readFileSync(path.join(root, '.corpora', 'big'), 'utf8')).toBe(big);
});
