import { expect, test } from 'vitest';
import { fuzz } from './target.fuzz.ts';
import { appendQuery, readBaseUrl, resolveTarget, withoutQuery } from './target.ts';

const never = (): boolean => false;
const always = (): boolean => true;

test('splits like URL, whatever is in the path', () => {
  expect(() => fuzz.run(1, 5000)).not.toThrow();
});

test('writes an unknown origin the way URL does', () => {
  expect(resolveTarget('HTTP://Example.COM:80/a?b', undefined, never)).toEqual({
    origin: 'http://example.com',
    path: '/a?b',
  });
});

test('appends a path to the base instead of resolving against it', () => {
  const base = readBaseUrl('https://api.example.com/v3/');
  expect(resolveTarget('/time', base, always)).toEqual({ origin: 'https://api.example.com', path: '/v3/time' });
  expect(resolveTarget('//evil.example/x', base, always).origin).toBe('https://api.example.com');
});

test.each(['http://user:secret@example.com/', 'ftp://example.com/', 'example.com/a', '/path'])(
  'refuses %j without showing secrets',
  (url) => {
    let error: unknown;
    try {
      resolveTarget(url, undefined, never);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'ERR_PERF_HTTP_OPTION', option: 'url' });
    expect(String(error)).not.toContain('secret');
  },
);

test('refuses a base with a query', () => {
  expect(() => readBaseUrl('https://example.com/?key=1')).toThrow(/must have no query/);
});

test('writes a query in the order given, encoded, and leaves undefined out', () => {
  const query = { symbol: 'BTC/USDT', limit: 5, big: 12n, skip: undefined, id: ['a b', '&'] };
  expect(appendQuery('/p', query)).toBe('/p?symbol=BTC%2FUSDT&limit=5&big=12&id=a%20b&id=%26');
  expect(appendQuery('/p?x=1', { y: true })).toBe('/p?x=1&y=true');
  expect(appendQuery('/p', {})).toBe('/p');
});

test('cuts query and fragment off for display', () => {
  expect(withoutQuery('/a?signature=1')).toBe('/a');
  expect(withoutQuery('/a')).toBe('/a');
});
