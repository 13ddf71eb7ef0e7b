import { expect, test } from 'vitest';
import { fuzz } from './retry-after.fuzz.ts';
import { parseRetryAfter } from './retry-after.ts';

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);

test.each([
  ['0', 0],
  ['120', 120_000],
  [' 7 ', 7000],
  ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
  ['Saturday, 21-Nov-26 12:00:30 GMT', 30_000],
  ['Sat Nov 21 12:00:30 2026', 30_000],
  ['Sun Dec  6 12:00:00 2026', 15 * 86_400_000],
  ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
  ['99999999999999999999', 3_155_760_000_000],
])('reads %j as %d ms', (text, wanted) => {
  expect(parseRetryAfter(text, undefined, NOW)).toBe(wanted);
});

test.each([
  '',
  '-1',
  '1.5',
  '1e3',
  '0x10',
  'soon',
  '2026-11-21T12:00:30Z',
  'Sat, 31 Nov 2026 12:00:30 GMT',
  'Sat, 21 Nov 2026 24:00:30 GMT',
])('refuses %j', (text) => {
  expect(parseRetryAfter(text, undefined, NOW)).toBeUndefined();
});

test('measures a date against the clock of the server, so that a fast clock here does not shorten the wait', () => {
  const date = 'Sat, 21 Nov 2026 12:00:00 GMT';
  expect(parseRetryAfter('Sat, 21 Nov 2026 12:00:30 GMT', date, NOW + 3_600_000)).toBe(30_000);
});

test('takes the first of several values', () => {
  expect(parseRetryAfter(['3', '9'], undefined, NOW)).toBe(3000);
});

test('agrees with dates written independently, and reads noise as nothing or a time', () => {
  expect(() => fuzz.run(1, 2000)).not.toThrow();
});
