import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RunFailure } from './failure.mjs';
import { addressOf, fetchAll } from './fetch-all.mjs';
import { entry, startMirror } from './mirror.fixture.mjs';

const BIG = 'market data '.repeat(50_000);
const timing = { firstBackoffMs: 1, maxBackoffMs: 2 };
const silent = { bytes() {}, file() {}, note() {}, end() {} };

let folder;
let mirror;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'perf-corpora-'));
});
afterEach(async () => {
  await mirror?.close();
  mirror = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function run(files, options = {}) {
  return fetchAll(files, {
    folder,
    jobs: 2,
    baseUrl: mirror?.url,
    signal: new AbortController().signal,
    progress: silent,
    timing,
    ...options,
  });
}
const stored = (name) => readFileSync(path.join(folder, name), 'utf8');
const leftovers = () => readdirSync(folder, { recursive: true }).filter((name) => /\.part$|\.fetching$/.test(name));

describe('fetching', () => {
  test('brings files from nested folders and empty files', async () => {
    const contents = { 'a/b/one.json': '[1]', 'empty.json': '' };
    mirror = await startMirror(contents);
    const result = await run(Object.keys(contents).map((name) => entry(name, contents[name])));
    expect(result).toEqual({ good: 2, fetched: 2, kept: 0, failures: [] });
    expect(stored('a/b/one.json')).toBe('[1]');
    expect(stored('empty.json')).toBe('');
    expect(leftovers()).toEqual([]);
  });

  test('encodes + and # in names', async () => {
    const contents = { 'suite/n_number_++.json': '[++1]', 'suite/n_trailing_#.json': '{}#' };
    mirror = await startMirror(contents);
    await run(Object.keys(contents).map((name) => entry(name, contents[name])));
    expect(stored('suite/n_number_++.json')).toBe('[++1]');
    expect(stored('suite/n_trailing_#.json')).toBe('{}#');
    expect(mirror.requests.map((request) => request.url).sort()).toEqual([
      '/suite/n_number_%2B%2B.json',
      '/suite/n_trailing_%23.json',
    ]);
  });

  test('takes the address of the manifest unless a base is given', () => {
    const file = entry('json/a+b.json', '1', 'https://host.example/repo/a%2Bb.json');
    expect(addressOf(file).href).toBe('https://host.example/repo/a%2Bb.json');
    expect(addressOf(file, 'http://mirror.example/corpora/').href).toBe(
      'http://mirror.example/corpora/json/a%2Bb.json',
    );
  });

  test('leaves a file alone that is already right', async () => {
    mirror = await startMirror({});
    writeFileSync(path.join(folder, 'one.json'), '[1]');
    expect(await run([entry('one.json', '[1]')])).toEqual({ good: 1, fetched: 0, kept: 1, failures: [] });
    expect(mirror.requests).toEqual([]);
  });

  test('replaces a file of the right size and the wrong content', async () => {
    mirror = await startMirror({ 'one.json': '[1]' });
    writeFileSync(path.join(folder, 'one.json'), '[2]');
    const notes = [];
    await run([entry('one.json', '[1]')], { progress: { ...silent, note: (text) => notes.push(text) } });
    expect(stored('one.json')).toBe('[1]');
    expect(notes).toEqual(['one.json: the size is right, the content is not; it is fetched again']);
  });

  test('keeps no more transfers open than jobs', async () => {
    const contents = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`${i}.json`, String(i)]));
    let open = 0;
    let most = 0;
    const pending = [];
    mirror = await startMirror(contents, {
      answer(name, request, response) {
        open += 1;
        most = Math.max(most, open);
        // Answered only once every permitted transfer has arrived, or nothing more can arrive.
        pending.push(() => {
          open -= 1;
          response.end(contents[name]);
        });
        const left = 9 - (mirror.requests.length - pending.length);
        if (pending.length === Math.min(3, left)) for (const go of pending.splice(0)) go();
        return true;
      },
    });
    await run(
      Object.keys(contents).map((name) => entry(name, contents[name])),
      { jobs: 3 },
    );
    expect(most).toBe(3);
  });
});

describe('resuming', () => {
  test('continues a partial file where it stopped', async () => {
    mirror = await startMirror({ 'big.json': BIG });
    writeFileSync(path.join(folder, 'big.json.part'), BIG.slice(0, 1234));
    await run([entry('big.json', BIG)]);
    expect(stored('big.json')).toBe(BIG);
    expect(mirror.requests.map((request) => request.range)).toEqual(['bytes=1234-']);
  });

  test('continues after the connection is cut in the middle', async () => {
    let cut = () => {};
    mirror = await startMirror(
      { 'big.json': BIG },
      {
        answer(name, request, response, nth) {
          if (nth > 1) return false;
          cut = () => response.destroy();
          response.writeHead(200, { 'content-length': BIG.length });
          response.write(BIG.slice(0, 100_000));
          return true;
        },
      },
    );
    // Cut only what has arrived: a reset throws away what is still on its way.
    const progress = { ...silent, bytes: (count) => count > 0 && cut() };
    expect((await run([entry('big.json', BIG)], { progress })).failures).toEqual([]);
    expect(stored('big.json')).toBe(BIG);
    expect(mirror.requests[1].range).toMatch(/^bytes=[1-9]\d*-$/);
  });

  test('starts again when the server knows no ranges', async () => {
    mirror = await startMirror({ 'big.json': BIG }, { ranges: false });
    writeFileSync(path.join(folder, 'big.json.part'), 'x'.repeat(1234));
    await run([entry('big.json', BIG)]);
    expect(stored('big.json')).toBe(BIG);
    expect(mirror.requests).toHaveLength(1);
  });

  test('starts again when the partial file belongs to something else', async () => {
    mirror = await startMirror({ 'big.json': BIG });
    writeFileSync(path.join(folder, 'big.json.part'), 'x'.repeat(1234));
    await run([entry('big.json', BIG)]);
    expect(stored('big.json')).toBe(BIG);
    expect(mirror.requests.map((request) => request.range)).toEqual(['bytes=1234-', undefined]);
  });

  test('starts again when the server refuses the range or sends another one', async () => {
    for (const status of [416, 206]) {
      const name = `${status}.json`;
      mirror = await startMirror(
        { [name]: BIG },
        {
          answer(_, request, response) {
            if (request.headers.range === undefined) return false;
            response.writeHead(status, { 'content-range': `bytes 0-9/${BIG.length}` }).end('0123456789');
            return true;
          },
        },
      );
      writeFileSync(path.join(folder, `${name}.part`), BIG.slice(0, 99));
      await run([entry(name, BIG)]);
      expect(stored(name)).toBe(BIG);
      await mirror.close();
    }
    mirror = undefined;
  });

  test('uses a partial file that was complete, without a request', async () => {
    mirror = await startMirror({});
    writeFileSync(path.join(folder, 'one.json.part'), '[1]');
    await run([entry('one.json', '[1]')]);
    expect(stored('one.json')).toBe('[1]');
    expect(mirror.requests).toEqual([]);
  });

  test('discards a partial file that is longer than the file', async () => {
    mirror = await startMirror({ 'one.json': '[1]' });
    writeFileSync(path.join(folder, 'one.json.part'), 'far too long');
    await run([entry('one.json', '[1]')]);
    expect(stored('one.json')).toBe('[1]');
  });
});

describe('failing', () => {
  test('lists a file that is not there and brings the others', async () => {
    mirror = await startMirror({ 'b.json': '2', 'c.json': '3' });
    const result = await run([entry('a.json', '1'), entry('b.json', '2'), entry('c.json', '3')], { jobs: 1 });
    expect(result.good).toBe(2);
    expect(result.failures).toEqual([
      { path: 'a.json', reason: expect.stringMatching(/^HTTP 404: not at http.*check --base-url/) },
    ]);
    expect(mirror.requests.filter((request) => request.name === 'a.json')).toHaveLength(1);
  });

  test('never stores a file of another content under the final name', async () => {
    mirror = await startMirror({ 'same.json': '[2]', 'long.json': '[1,2,3]', 'page.json': '<h1>' });
    const result = await run([entry('same.json', '[1]'), entry('long.json', '[1]'), entry('page.json', '[]')]);
    expect(result.failures.map((failure) => failure.path)).toEqual(['long.json', 'page.json', 'same.json']);
    expect(result.failures[2].reason).toMatch(/SHA-256 differs/);
    expect(result.failures[0].reason).toMatch(/more than the 3 bytes/);
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(path.join(folder, 'long.json.part'), '[1');
    await run([entry('long.json', '[1]')]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('removes a wrong file even when the right one cannot be had', async () => {
    mirror = await startMirror({});
    writeFileSync(path.join(folder, 'one.json'), '[2]');
    await run([entry('one.json', '[1]')]);
    expect(existsSync(path.join(folder, 'one.json'))).toBe(false);
  });

  test('gives a file up whose body always ends early', async () => {
    mirror = await startMirror({ 'one.json': '[1' });
    const result = await run([entry('one.json', '[1]')]);
    expect(result.failures[0].reason).toMatch(/refuses to continue|ends after 2 of 3 bytes/);
    expect(existsSync(path.join(folder, 'one.json'))).toBe(false);
  });

  test('stops trying when the network is down', async () => {
    mirror = await startMirror({});
    const { url } = mirror;
    await mirror.close();
    mirror = undefined;
    const files = Array.from({ length: 50 }, (_, i) => entry(`${String(i).padStart(2, '0')}.json`, '1'));
    const result = await run(files, { baseUrl: url });
    expect(result.failures).toHaveLength(50);
    expect(new Set(result.failures.map((failure) => failure.reason)).size).toBe(1);
    expect(result.failures[0].reason).toMatch(/refuses connections; check the address, or name a mirror/);
  });

  test('gives up a connection on which nothing arrives', async () => {
    mirror = await startMirror({ 'one.json': '[1]' }, { answer: (name, request, response, nth) => nth === 1 });
    await run([entry('one.json', '[1]')], { timing: { ...timing, idleMs: 200 } });
    expect(stored('one.json')).toBe('[1]');
    expect(mirror.requests.length).toBeGreaterThan(1);
  });

  test('ends the run when the folder cannot be written', async () => {
    mirror = await startMirror({ 'a/one.json': '[1]' });
    writeFileSync(path.join(folder, 'a'), 'a file where a folder has to be');
    await expect(run([entry('a/one.json', '[1]')])).rejects.toThrow(RunFailure);
    await expect(run([entry('a/one.json', '[1]')])).rejects.toThrow(/is in the way \((?:ENOTDIR|EEXIST)\); remove it/);
    expect(leftovers()).toEqual([]);
  });
});

describe('a busy server', () => {
  const busy = (retryAfter, times = 1) => ({
    answer(name, request, response, nth) {
      if (nth > times) return false;
      response.writeHead(503, { 'retry-after': retryAfter }).end('busy');
      return true;
    },
  });

  test('is asked again after its Retry-After and not before', async () => {
    mirror = await startMirror({ 'one.json': '[1]' }, busy('1'));
    const startedMs = performance.now();
    await run([entry('one.json', '[1]')]);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(990);
    expect(stored('one.json')).toBe('[1]');
  });

  test('may give Retry-After as a date', async () => {
    mirror = await startMirror({ 'one.json': '[1]' }, busy(new Date(0).toUTCString()));
    await run([entry('one.json', '[1]')]);
    expect(stored('one.json')).toBe('[1]');
  });

  test('is reported when it asks for a longer wait than is sensible', async () => {
    mirror = await startMirror({ 'one.json': '[1]' }, busy('3600'));
    const result = await run([entry('one.json', '[1]')]);
    expect(result.failures[0].reason).toMatch(/^HTTP 503 from .*come back in 3600 s/);
  });

  test('is given up after five attempts', async () => {
    mirror = await startMirror({ 'one.json': '[1]' }, busy('0', 100));
    const result = await run([entry('one.json', '[1]')]);
    expect(result.failures[0].reason).toMatch(/^HTTP 503 from /);
    expect(mirror.requests).toHaveLength(5);
  });
});

describe('two runs', () => {
  test('refuses a folder that a live process is filling', async () => {
    mirror = await startMirror({ 'one.json': '[1]' });
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, '.fetching'), String(process.ppid));
    await expect(run([entry('one.json', '[1]')])).rejects.toThrow(/is being filled by another run/);
    expect(existsSync(path.join(folder, '.fetching'))).toBe(true);
  });

  test('takes over a folder whose process is gone', async () => {
    mirror = await startMirror({ 'one.json': '[1]' });
    writeFileSync(path.join(folder, '.fetching'), '4194999');
    await run([entry('one.json', '[1]')]);
    expect(stored('one.json')).toBe('[1]');
    expect(leftovers()).toEqual([]);
  });
});

test('stops at once when aborted and leaves only partial files', async () => {
  const abort = new AbortController();
  mirror = await startMirror(
    { 'big.json': BIG },
    {
      answer(name, request, response) {
        response.writeHead(200, { 'content-length': BIG.length });
        response.write(BIG.slice(0, 1000));
        return true;
      },
    },
  );
  const progress = { ...silent, bytes: (count) => count > 0 && abort.abort() };
  const result = await run([entry('big.json', BIG)], { signal: abort.signal, progress });
  expect(result).toMatchObject({ good: 0, failures: [] });
  expect(readdirSync(folder)).toEqual(['big.json.part']);
});
