import { expect, test } from 'vitest';

import { readArguments } from './arguments.ts';

const read = (...argv: string[]) => readArguments(argv, () => 99);

test('reads the defaults', () => {
  expect(read('--base', 'main')).toMatchObject({
    base: 'main',
    packages: [],
    filter: '',
    output: 'text',
    strict: false,
    keep: false,
    settings: { screenLaunches: 8, launches: 24, pairs: 20, blockMs: 4, seed: 99 },
  });
});

test('reads everything', () => {
  const options = [
    '--filter',
    'parse',
    '--launches',
    '6',
    '--seed',
    '0',
    '--strict',
    '--keep',
    '--json',
    '--limit',
    '5',
  ];
  expect(read('json', '--base=npm:@perf/json@0.1.0', ...options)).toMatchObject({
    base: 'npm:@perf/json@0.1.0',
    packages: ['json'],
    filter: 'parse',
    output: 'json',
    strict: true,
    keep: true,
    // Never more to screen than to decide.
    settings: { screenLaunches: 6, launches: 6, seed: 0, limitMs: 5_000 },
  });
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
  [['--base', 'x', '--seed', '1.5'], /--seed 1\.5/],
  [['--base', 'x', '--nope'], /--nope/],
] as const)('refuses %j', (argv, message) => {
  expect(() => read(...argv)).toThrow(message);
});
