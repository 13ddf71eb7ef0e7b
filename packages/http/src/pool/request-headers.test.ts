import { expect, test } from 'vitest';
import { flattenHeaders, mergeHeaders } from './request-headers.ts';

test('puts the pool’s headers over the defaults, whatever their case', () => {
  expect(flattenHeaders({ 'User-Agent': 'mine', 'X-Key': 'k' }, '*/*')).toEqual([
    'accept',
    '*/*',
    'user-agent',
    'mine',
    'x-key',
    'k',
  ]);
});

test('puts the headers of a call over those of the pool, and leaves the pool’s as they are', () => {
  const base = flattenHeaders({ 'x-key': 'k' }, '*/*');
  expect(mergeHeaders(base, { 'X-KEY': 'other' }, true)).toEqual([
    'accept',
    '*/*',
    'user-agent',
    'perf-http',
    'x-key',
    'other',
    'content-type',
    'application/json',
  ]);
  expect(base).toContain('k');
  expect(mergeHeaders(base, undefined, false)).toBe(base);
});
