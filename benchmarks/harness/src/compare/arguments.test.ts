import { expect, test } from 'vitest';

import { readArguments } from './arguments.ts';

const read = (...argv: string[]) => readArguments(argv, () => 99);

test('reads the defaults', () => {
  expect(read('--base', 'main')).toMatchObject({
    base: 'main',
    packages: [],
    filters: [],
    output: 'text',
    strict: false,
    keep: false,
    counts: false,
    settings: { screenLaunches: 6, launches: 20, pairs: 20, blockMs: 4, seed: 99 },
  });
});

test('reads everything', () => {
  const options = [
    '--filter',
    'parse',
    '--filter=write',
    '--launches',
    '6',
    '--seed',
    '0',
    '--strict',
    '--keep',
    '--counts',
    '--html',
    'page.html',
    '--json',
    '--limit',
    '5',
  ];
  expect(read('json', '--base=npm:@perf/json@0.1.0', ...options)).toMatchObject({
    base: 'npm:@perf/json@0.1.0',
    packages: ['json'],
    filters: ['parse', 'write'],
    output: 'json',
    strict: true,
    keep: true,
    counts: true,
    html: 'page.html',
    // Never more to screen than to decide.
    settings: { screenLaunches: 6, launches: 6, seed: 0, limitMs: 5_000 },
  });
});

test('reads a trial, of which head is charged for less than it does', () => {
  expect(read('--trial', '1.05', '--repeat', '10', 'json')).toMatchObject({
    base: '',
    trial: { ratio: 1.05, repeat: 10 },
    settings: { headIterations: 1.05 },
  });
  const equal = read('--trial', '1');
  expect(equal.trial).toEqual({ ratio: 1, repeat: 1 });
  expect(equal.settings).not.toHaveProperty('headIterations');
});

test('needs no base to print its help', () => {
  expect(read('--help').help).toBe(true);
});

test.each([
  [[], /--base is missing/],
  [['--base', ''], /--base is missing/],
  [['--base', 'x', '--json', '--markdown'], /exclude/],
  [['--base', 'x', '--launches', '7'], /even/],
  [['--base', 'x', '--launches', '2'], /4 or more/],
  [['--base', 'x', '--launches', 'many'], /--launches many/],
  [['--base', 'x', '--trial', '1'], /--trial and --base/],
  [['--trial', '1', '--markdown'], /--markdown/],
  [['--trial', '1', '--counts'], /--counts/],
  [['--trial', '1', '--html', 'x'], /--html/],
  [['--trial', 'much'], /--trial much/],
  [['--trial', '0'], /from 0\.1 to 10/],
  [['--trial', '1', '--repeat', '0'], /--repeat 0/],
  [['--base', 'x', '--repeat', '2'], /--repeat needs --trial/],
  [['--base', 'x', '--seed', '1.5'], /--seed 1\.5/],
  [['--base', 'x', '--nope'], /--nope/],
] as const)('refuses %j', (argv, message) => {
  expect(() => read(...argv)).toThrow(message);
});
