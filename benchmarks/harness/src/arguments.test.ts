import { describe, expect, test } from 'vitest';

import { readArguments } from './arguments.ts';
import { UsageError } from './command.ts';

describe('readArguments', () => {
  test('has defaults for everything', () => {
    expect(readArguments([])).toEqual({
      packages: [],
      filter: '',
      output: 'text',
      html: undefined,
      list: false,
      record: false,
      check: false,
      help: false,
      settings: { launches: 6, timeMs: 500, warmupMs: 250, limitMs: 60_000 },
    });
  });

  test('reads packages and options in any order', () => {
    const options = readArguments(['json', '--quick', '--filter', 'parse', 'http', '--launches=9', '--limit', '2.5']);
    expect(options).toMatchObject({ packages: ['json', 'http'], filter: 'parse' });
    expect(options.settings).toMatchObject({ launches: 9, limitMs: 2_500 });
    expect(options.settings.timeMs).toBeLessThan(500);
  });

  test.each([
    [['--nope'], /--nope/],
    [['--filter'], /--filter/],
    [['--launches', '0'], /--launches 0: must be a whole number, 1 or more/],
    [['--launches', '1.5'], /--launches 1.5/],
    [['--launches', 'six'], /--launches six/],
    [['--limit', '-1'], /--limit/],
    [['--limit=-1'], /--limit -1: must be a number above 0/],
    [['--json', '--markdown'], /exclude each other/],
    [['--record', '--quick'], /--record needs whole packages/],
    [['--record', '--filter', 'a'], /--record needs whole packages/],
  ])('refuses %j', (argv, message) => {
    expect(() => readArguments(argv)).toThrow(UsageError);
    expect(() => readArguments(argv)).toThrow(message);
  });
});
