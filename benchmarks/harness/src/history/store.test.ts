import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test, vi } from 'vitest';

import { temporaryRoot } from '../temporary-root.ts';
import { sampleLine } from './sample-line.ts';
import { appendHistory, openStore, readHistory } from './store.ts';

vi.setConfig({ testTimeout: 60_000 });

function git(root: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

function repository(): string {
  const root = temporaryRoot({ 'a.txt': 'a' });
  git(root, 'init', '-q', '-b', 'main');
  git(root, 'config', 'user.name', 'test');
  git(root, 'config', 'user.email', 'test@localhost');
  git(root, 'add', 'a.txt');
  git(root, 'commit', '-qm', 'first');
  return root;
}

const first = sampleLine();
const second = sampleLine({ commit: '1111111111' });
const other = sampleLine({ package: 'http' });

describe.each(['folder', 'branch'])('a store in a %s', (kind) => {
  const open = (root: string) => openStore(kind === 'branch' ? 'branch:history/data' : 'kept/history', root, false);

  test('gives back the lines of each package in the order in which they came', () => {
    const store = open(repository());
    appendHistory(store, [first, other]);
    appendHistory(store, [second]);
    expect(store.packages()).toEqual(['http', 'json']);
    expect(readHistory(store, 'json')).toEqual({ lines: [first, second], damaged: [] });
    expect(readHistory(store, 'http')).toEqual({ lines: [other], damaged: [] });
  });

  test('is empty before anything was recorded', () => {
    const store = open(repository());
    expect(store.packages()).toEqual([]);
    expect(readHistory(store, 'json')).toEqual({ lines: [], damaged: [] });
  });

  test('refuses a package whose name leads to another folder', () => {
    expect(() => appendHistory(open(repository()), [sampleLine({ package: '../json' })])).toThrow('cannot be the name');
  });

  test('refuses a line that a reader would skip', () => {
    const line = sampleLine({ cases: [{ name: 'a', launchNs: [Number.NaN], metrics: {} }] });
    expect(() => appendHistory(open(repository()), [line])).toThrow('not a line of schema 1');
  });
});

describe('a folder', () => {
  test('names damaged lines, and begins a new line after one that was cut short', () => {
    const root = temporaryRoot({});
    const store = openStore('h', root, false);
    appendHistory(store, [first]);
    appendFileSync(join(root, 'h/json.jsonl'), JSON.stringify(second).slice(0, 50));
    appendHistory(store, [second]);
    appendFileSync(join(root, 'h/json.jsonl'), `{"schema":2}\n${JSON.stringify(other)}\n`);
    const { lines, damaged } = readHistory(store, 'json');
    expect(lines).toEqual([first, second]);
    expect(damaged).toEqual(['json.jsonl:2', 'json.jsonl:4', 'json.jsonl:5']);
  });

  test('keeps every line of processes that append at the same time', async () => {
    const root = temporaryRoot({});
    const module = new URL('./store.ts', import.meta.url).href;
    const line = sampleLine({ cases: [{ name: 'x'.repeat(20_000), metrics: {} }] });
    const script = `import { appendHistory, openStore } from '${module}';
      for (let i = 0; i < 50; i++) appendHistory(openStore('h', process.cwd(), false), [${JSON.stringify(line)}]);`;
    const children = [0, 1].map(() =>
      spawn(process.execPath, ['--conditions=@perf/source', '--input-type=module', '-e', script], { cwd: root }),
    );
    await Promise.all(children.map((child) => once(child, 'exit')));
    const { lines, damaged } = readHistory(openStore('h', root, false), 'json');
    expect(lines).toHaveLength(100);
    expect(damaged).toEqual([]);
  });

  test('cannot be pushed', () => {
    expect(() => openStore('h', '.', true)).toThrow('--push needs');
  });
});

describe('a branch', () => {
  test('leaves work tree, index and the current branch as they are, and shares no commit with them', () => {
    const root = repository();
    writeFileSync(join(root, 'a.txt'), 'changed');
    writeFileSync(join(root, 'b.txt'), 'b');
    git(root, 'add', 'b.txt');
    const before = [git(root, 'status', '--porcelain'), git(root, 'rev-parse', 'HEAD')];
    appendHistory(openStore('branch:data', root, false), [first]);
    appendHistory(openStore('branch:data', root, false), [second]);
    expect([git(root, 'status', '--porcelain'), git(root, 'rev-parse', 'HEAD')]).toEqual(before);
    expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('changed');
    expect(git(root, 'rev-list', '--count', 'data')).toBe('2');
    expect(git(root, 'ls-tree', '--name-only', 'data')).toBe('json.jsonl');
  });

  test('is pushed on top of what another clone pushed', () => {
    const root = repository();
    mkdirSync(join(root, 'remotes'));
    git(root, 'init', '-q', '--bare', 'remotes/origin.git');
    const clones = ['one', 'two'].map((name) => {
      git(root, 'clone', '-q', 'remotes/origin.git', name);
      return join(root, name);
    });
    appendHistory(openStore('branch:data', clones[0]!, true), [first]);
    appendHistory(openStore('branch:data', clones[1]!, true), [second]);
    appendHistory(openStore('branch:data', clones[0]!, true), [first]);
    const { lines } = readHistory(openStore('branch:data', join(root, 'remotes/origin.git'), false), 'json');
    expect(lines).toEqual([first, second, first]);
  });

  test('that cannot be pushed says so and keeps no commit', () => {
    const root = repository();
    expect(() => appendHistory(openStore('branch:data', root, true), [first])).toThrow('could not be pushed');
    expect(git(root, 'branch', '--list', 'data')).toBe('');
  });

  test.each(['-x', 'a..b', ''])('cannot be called "%s"', (name) => {
    expect(() => openStore(`branch:${name}`, repository(), false)).toThrow('not the name of a branch');
  });
});
