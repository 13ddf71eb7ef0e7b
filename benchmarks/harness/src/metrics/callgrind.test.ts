import { chmodSync, existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { temporaryRoot } from '../temporary-root.ts';
import {
  constantEnvironment,
  findValgrind,
  lastSegment,
  lastWords,
  parseDump,
  takeDumps,
  versionFrom,
  type Dump,
} from './callgrind.ts';

const dump = (
  part: number,
  instructions: string,
  trigger = '--dump-before=getegid',
  events = 'Ir',
): string => `# callgrind format
version: 1
creator: callgrind-3.19.0
pid: 18446
cmd:  node child.ts
part: ${part}


desc: I1 cache:${' '}
desc: Timerange: Basic block 190305674 - 198933478
desc: Trigger: ${trigger}

positions: line
events: ${events}
summary: ${instructions}

fn=(1)
0 8
totals: ${instructions}
`;

describe('a dump', () => {
  test('tells its number, why it was written, and the instructions since the one before', () => {
    expect(parseDump(dump(21, '31221301'))).toEqual({
      part: 21,
      trigger: '--dump-before=getegid',
      instructions: 31_221_301,
    });
  });

  test('is read by the name of the event, for simulated caches come beside it', () => {
    expect(parseDump(dump(1, '5 7 9', 'x', 'Dr Ir Dw'))?.instructions).toBe(7);
  });

  test.each([
    ['empty', ''],
    ['cut before its summary', dump(1, '5').split('summary')[0]!],
    ['without instructions among its events', dump(1, '5', 'x', 'Dr')],
    ['without a number', dump(1, 'x')],
  ])('that is %s is none', (_, text) => {
    expect(parseDump(text)).toBeUndefined();
  });

  test('is taken from a folder by its name, once, beside the log', () => {
    const root = temporaryRoot({ 'counts.1': dump(1, '5'), 'counts.2': dump(2, '6'), log: dump(3, '7') });
    expect(takeDumps(root).map(({ instructions }) => instructions)).toEqual([5, 6]);
    expect(takeDumps(root)).toEqual([]);
    expect(existsSync(join(root, 'log'))).toBe(true);
  });
});

describe('a segment', () => {
  const marked = (part: number): Dump => ({ part, instructions: 1_000 + part, trigger: '--dump-before=getegid' });
  const end: Dump = { part: 99, instructions: 12, trigger: 'Program termination' };

  test('has the count of the last mark, whatever the order of files', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (parts) => {
        expect(lastSegment([end, ...parts.map(marked)])).toBe(1_000 + Math.max(...parts));
      }),
    );
  });

  test('is not known without a mark', () => {
    expect(lastSegment([end])).toBeUndefined();
    expect(lastSegment([])).toBeUndefined();
  });
});

test('the environment has one length, whatever it holds', () => {
  const size = (variables: Record<string, string | undefined>): number =>
    Object.entries(constantEnvironment(variables)).reduce((sum, [key, value]) => sum + `${key}=${value}`.length + 1, 0);
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z/]{0,300}$/), (text) => {
      expect(size({ A: text, B: undefined })).toBe(4_096);
    }),
  );
});

test('the reason why valgrind gave up is found among its messages', () => {
  const log = '==5== Callgrind\n==5== Process terminating with default action of signal 4 (SIGILL)\n==5==  at 0x1\n';
  expect(lastWords(log)).toBe('Process terminating with default action of signal 4 (SIGILL)');
  expect(lastWords('==5== Events    : Ir\n')).toBe('');
});

describe('valgrind', () => {
  test.each([
    ['valgrind-3.19.0\n', '3.19.0'],
    ['valgrind-3.25.1.GIT', '3.25.1.GIT'],
    ['command not found', undefined],
    [undefined, undefined],
  ])('says its version: %j', (text, version) => {
    expect(versionFrom(text)).toBe(version);
  });

  test('is absent from a path that does not have it, and from an empty one', () => {
    expect(findValgrind(temporaryRoot({}))).toBeUndefined();
    expect(findValgrind('')).toBeUndefined();
  });

  test.skipIf(process.platform === 'win32')('is found on the path, and absent when it does not start', () => {
    const root = temporaryRoot({ 'a/valgrind': '#!/bin/sh\necho valgrind-9.9', 'b/valgrind': '#!/bin/sh\nexit 1' });
    for (const folder of ['a', 'b']) chmodSync(join(root, folder, 'valgrind'), 0o755);
    expect(findValgrind(join(root, 'a'))).toEqual({ version: '9.9', command: [join(root, 'a/valgrind')] });
    expect(findValgrind(join(root, 'b'))).toBeUndefined();
    // Cannot turn address randomisation off: goes without.
    symlinkSync('/bin/false', join(root, 'a', 'setarch'));
    expect(findValgrind(join(root, 'a'))?.command).toEqual([join(root, 'a/valgrind')]);
  });
});
