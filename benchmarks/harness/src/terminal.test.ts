import { describe, expect, test } from 'vitest';

import { progressOn } from './progress.ts';
import type { FoundCase } from './rounds.ts';
import { showsUnicode, terminalOf, toAscii } from './terminal.ts';

describe('showsUnicode', () => {
  test.each([
    [{ LANG: 'en_GB.UTF-8' }, 'linux', true],
    [{ LANG: 'de_DE.utf8' }, 'linux', true],
    [{ LANG: 'C' }, 'linux', false],
    [{}, 'linux', false],
    [{ LC_ALL: 'C', LANG: 'en_GB.UTF-8' }, 'linux', false],
    [{ LC_ALL: '', LC_CTYPE: 'C.UTF-8', LANG: 'C' }, 'linux', true],
    [{}, 'win32', true],
  ] as const)('%o on %s: %s', (environment, platform, expected) => {
    expect(showsUnicode(environment, platform)).toBe(expected);
  });
});

test('toAscii replaces what reports use and keeps names', () => {
  expect(toAscii('ours is 3.1× (2.9–3.3), 4 µs… né')).toBe('ours is 3.1x (2.9-3.3), 4 us... né');
});

/** Only what the code under test reads and calls. */
function stream(isTTY: boolean, columns: number): { stream: NodeJS.WriteStream; written: string[] } {
  const written: string[] = [];
  const fake = { isTTY, columns, write: (text: string) => written.push(text) > 0 };
  return { stream: fake as unknown as NodeJS.WriteStream, written };
}

test('a pipe has no width', () => {
  expect(terminalOf(stream(false, 20).stream, {}).width).toBe(Number.POSITIVE_INFINITY);
  expect(terminalOf(stream(true, 20).stream, {}).width).toBe(20);
});

describe('progress', () => {
  const found = { package: 'json', name: 'a case' } as FoundCase;
  const step = { round: 0, launches: 6, contestant: 'JSON.parse' };

  test('is one line that fits the terminal and is written over', () => {
    const { stream: tty, written } = stream(true, 30);
    const progress = progressOn(tty, 3);
    progress.show(found, step);
    progress.clear();
    expect(written).toEqual(['\r\u001B[K1/3 json: a case, launch 1/6 ', '\r\u001B[K']);
  });

  test('is silent on anything but a terminal', () => {
    const { stream: pipe, written } = stream(false, 80);
    progressOn(pipe, 3).show(found, step);
    expect(written).toEqual([]);
  });
});
