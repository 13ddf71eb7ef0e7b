import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import {
  checkFolderOf,
  numberWithin,
  outputOf,
  parseOptions,
  positiveNumber,
  UsageError,
  wholeNumber,
} from './command.ts';
import { temporaryRoot } from './temporary-root.ts';

describe('options', () => {
  test('an unknown one is wrong usage, in one sentence that names it', () => {
    const parse =
      (...args: string[]) =>
      () =>
        parseOptions({ args, options: { help: { type: 'boolean' } } });
    expect(parse('--nope')).toThrow(UsageError);
    expect(parse('--nope')).toThrow(/^Unknown option '--nope'$/);
    expect(parse('extra')).toThrow(/extra/);
    const read = () => parseOptions({ args: ['--limit', '-1'], options: { limit: { type: 'string' } } });
    expect(read).toThrow(/^Option '--limit' argument is ambiguous$/);
    expect(parse('--help')().values.help).toBe(true);
  });

  test.each([
    [() => wholeNumber('--n', '1.5', 3, 1), '--n 1.5: must be a whole number, 1 or more'],
    [() => wholeNumber('--n', '0', 3, 1), '--n 0: must be a whole number, 1 or more'],
    [() => wholeNumber('--n', '4', 3, 1, 3), '--n 4: must be a whole number from 1 to 3'],
    [() => wholeNumber('--n', '9007199254740993', 3, 0), 'must be a whole number'],
    [() => wholeNumber('--n', ' ', 3, 0), 'must be a whole number'],
    [() => numberWithin('--n', '-1', 3, 0), '--n -1: must be a number, 0 or more'],
    [() => numberWithin('--n', '11', 3, 0.1, 10), '--n 11: must be a number from 0.1 to 10'],
    [() => numberWithin('--n', 'Infinity', 3, 0), 'must be a number'],
    [() => positiveNumber('--n', '0', 3), '--n 0: must be a number above 0'],
    [() => positiveNumber('--n', 'many', 3), '--n many: must be a number above 0'],
    [() => outputOf({ json: true, markdown: true }), '--json and --markdown exclude each other'],
    [() => checkFolderOf('--html', join('gone', 'page.html')), 'there is no such folder'],
  ])('are refused: %s', (read, message) => {
    expect(read).toThrow(UsageError);
    expect(read).toThrow(message);
  });

  test('have their defaults, and their values', () => {
    expect(wholeNumber('--n', undefined, 3, 1)).toBe(3);
    expect(wholeNumber('--n', '0', 3, 0)).toBe(0);
    expect(numberWithin('--n', '0.1', 3, 0.1, 10)).toBe(0.1);
    expect(positiveNumber('--n', '2.5', 3)).toBe(2.5);
    expect([{}, { json: true }, { markdown: true }].map(outputOf)).toEqual(['text', 'json', 'markdown']);
    expect(() => checkFolderOf('--html', 'page.html')).not.toThrow();
    expect(() => checkFolderOf('--html', undefined)).not.toThrow();
  });
});

describe('a command', () => {
  const run = (source: string, ...args: string[]) => {
    const url = new URL('./command.ts', import.meta.url).href;
    const whole = `import { INTERRUPTED, interruption, runCommand, UsageError } from '${url}';\n${source}`;
    const file = join(temporaryRoot({ 'demo.mjs': whole }), 'demo.mjs');
    return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], { encoding: 'utf8' });
  };

  test('has the arguments of the process, and its exit code', () => {
    const { status, stdout } = run(`runCommand(async (argv) => { console.log(argv.join()); return 4; });`, 'a', '--b');
    expect({ status, stdout }).toEqual({ status: 4, stdout: 'a,--b\n' });
  });

  test.each([
    [`() => { throw new UsageError('no such thing'); }`, 2, /^no such thing\nSee --help\.\n$/],
    [`() => { throw new TypeError('broken'); }`, 1, /^TypeError: broken\n {4}at /],
    [
      `async () => { throw new TypeError('broken'); }, { explained: [RangeError], code: 3 }`,
      3,
      /^TypeError: broken\n {4}at /,
    ],
    [`() => { throw new RangeError('far'); }, { explained: [RangeError], code: 3 }`, 3, /^far\n$/],
    [`() => { throw new RangeError('far'); }, { usage: [RangeError], code: 3 }`, 2, /^far\nSee --help\.\n$/],
  ])('that fails says so: %s', (call, code, said) => {
    const { status, stderr } = run(`runCommand(${call});`);
    expect(stderr).toMatch(said);
    expect(status).toBe(code);
  });

  // Windows has no signals to send.
  test.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP'])('hears %s', (name) => {
    const { status } = run(`runCommand(() => {
      const waiting = setInterval(() => {}, 1_000);
      const signal = interruption();
      process.kill(process.pid, '${name}');
      return new Promise((resolve) => {
        signal.onabort = () => { clearInterval(waiting); resolve(INTERRUPTED); };
      });
    });`);
    expect(status).toBe(130);
  });
});
