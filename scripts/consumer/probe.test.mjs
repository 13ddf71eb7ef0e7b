import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { capture } from '../bootstrap/capture.mjs';

const PROBE = fileURLToPath(new URL('probe.mjs', import.meta.url));

let folder;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'perf-probe-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function probe(code) {
  const file = path.join(folder, 'module.mjs');
  writeFileSync(file, code);
  return capture(process.execPath, [PROBE, pathToFileURL(file).href], { timeout: 15_000 });
}

test('is silent about a module that does nothing', async () => {
  const code =
    "import 'node:fs'; import 'node:https'; import 'node:worker_threads'; export const x = globalThis.fetch;";
  expect(await probe(code)).toMatchObject({ code: 0, output: '' });
});

test.each([
  ['adds a global', 'globalThis.mine = 1;', /adds to globals: mine/],
  ['registers under a symbol', "globalThis[Symbol.for('x')] = {};", /adds to globals: Symbol\(x\)\n/],
  ['removes a global', 'delete globalThis.fetch;', /removes from globals: fetch/],
  ['patches a built-in', 'JSON.parse = () => 1;', /replaces in JSON: parse\n/],
  ['extends a prototype', 'Array.prototype.last = 1;', /adds to Array\.prototype: last/],
  ['listens to the process', "process.on('exit', () => {});", /adds to process listeners: exit x1/],
  ['changes the environment', "process.env.MINE = '1';", /adds to environment: MINE=1/],
  ['prints', "console.log('hello');", /prints to stdout: hello/],
  ['warns', "process.emitWarning('old');", /warns: old/],
  ['starts a timer', 'setInterval(() => {}, 1000);', /adds to active resources: Timeout/],
  ['fails', "throw new Error('broken');", /broken/],
])('tells of a module that %s', async (_, code, expected) => {
  const result = await probe(code);
  expect(result).toMatchObject({ code: 1, output: expect.stringMatching(expected) });
});

test('ends a process that a module keeps alive, and says so', async () => {
  const result = await probe('setInterval(() => {}, 1000);');
  expect(result).toMatchObject({
    code: 1,
    signal: null,
    output: expect.stringContaining('the process lives on for 1000 ms'),
  });
});
