import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { afterEach, describe, expect, test, vi } from 'vitest';

import { corpus, identify, MissingCorpus, seeded, value } from './input.ts';
import { temporaryRoot } from './temporary-root.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('corpus', () => {
  test('reads the bytes of a file in the folder that PERF_CORPORA names', () => {
    const root = temporaryRoot({ 'corpora/json/a.json': '[1]' });
    vi.stubEnv('PERF_CORPORA', join(root, 'corpora'));
    expect(corpus('json/a.json').load()).toEqual(Buffer.from('[1]'));
  });

  test('names the missing path and what to do about it', () => {
    const root = temporaryRoot({});
    vi.stubEnv('PERF_CORPORA', root);
    const load = (): unknown => corpus('json/a.json').load();
    expect(load).toThrow(MissingCorpus);
    expect(load).toThrow(join(root, 'json/a.json'));
    expect(load).toThrow(/npm run corpora.*PERF_CORPORA/);
  });

  test('falls back to .corpora in the current folder', () => {
    vi.stubEnv('PERF_CORPORA', '');
    expect(() => corpus('no/such-file').load()).toThrow(join(process.cwd(), '.corpora', 'no/such-file'));
  });

  test.each(['', '/etc/passwd', '../secret', 'json/../../secret'])('refuses the path "%s"', (path) => {
    expect(() => corpus(path)).toThrow(/must be relative to the corpora folder/);
  });
});

describe('seeded', () => {
  test('makes the same input from the same seed', async () => {
    const make = (random: () => number): number[] => [random(), random()];
    expect(await seeded(1, make).load()).toEqual(await seeded(1, make).load());
    expect(await seeded(1, make).load()).not.toEqual(await seeded(2, make).load());
  });

  test('refuses a seed that is not a safe integer', () => {
    expect(() => seeded(0.5, () => 1)).toThrow(TypeError);
  });
});

describe('identify', () => {
  test('names bytes and text by size and sha256', () => {
    const sha256 = createHash('sha256').update('é').digest('hex');
    expect(identify('value', 'é')).toEqual({ label: 'value', bytes: 2, sha256 });
    expect(identify('value', Buffer.from('é'))).toEqual({ label: 'value', bytes: 2, sha256 });
  });

  test('tells structured values apart, and names what cannot be cloned by its label alone', () => {
    expect(identify('value', { a: 1 }).sha256).not.toBe(identify('value', { a: 2 }).sha256);
    expect(identify('value', () => 1)).toEqual({ label: 'value' });
    expect(value(3).load()).toBe(3);
  });
});
