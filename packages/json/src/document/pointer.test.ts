import { describe, expect, test } from 'vitest';
import { thrown } from '../testing/thrown.ts';
import { open } from './open.ts';
import { pointer, readOf } from './pointer.ts';

describe('a pointer', () => {
  test('reads the examples of RFC 6901, section 5', () => {
    const text = String.raw`{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}`;
    const document = open(Buffer.from(text));
    const wanted: [string, unknown][] = [
      ['', JSON.parse(text)],
      ['/foo', ['bar', 'baz']],
      ['/foo/0', 'bar'],
      ['/', 0],
      ['/a~1b', 1],
      ['/c%d', 2],
      ['/e^f', 3],
      ['/g|h', 4],
      [String.raw`/i\j`, 5],
      ['/k"l', 6],
      ['/ ', 7],
      ['/m~0n', 8],
    ];
    for (const [at, value] of wanted) {
      expect([at, document.get(at)]).toEqual([at, value]);
      expect([at, document.get(pointer(at))]).toEqual([at, value]);
    }
  });

  test('unescapes ~01 to ~1, not to a slash', () => {
    expect(readOf('/~01/~10').steps.map(({ key }) => key)).toEqual(['~1', '/0']);
  });

  test.for([
    { text: 'a', pointerOffset: 0 },
    { text: '#/a', pointerOffset: 0 },
    { text: '0/a', pointerOffset: 0 },
    { text: '/a~', pointerOffset: 2 },
    { text: '/~1~2', pointerOffset: 3 },
    { text: '/a~/b', pointerOffset: 2 },
  ])('is refused where it is wrong: $text', ({ text, pointerOffset }) => {
    expect(thrown(() => pointer(text))).toMatchObject({ code: 'ERR_PERF_JSON_POINTER', pointerOffset });
    expect(thrown(() => readOf(text))).toMatchObject({ code: 'ERR_PERF_JSON_POINTER', pointerOffset });
  });

  test('keeps what it was made from', () => {
    expect(pointer('/a~1b/0').text).toBe('/a~1b/0');
    expect(thrown(() => pointer(1 as unknown as string)).code).toBe('ERR_PERF_JSON_POINTER');
  });

  test('is right also where more texts are in use than are kept', () => {
    const document = open(Buffer.from(JSON.stringify(Array.from({ length: 1000 }, (_, place) => place))));
    for (let round = 0; round < 2; round++) {
      for (let place = 0; place < 1000; place++) expect(document.number(`/${place}`)).toBe(place);
    }
    expect(document.has(`/${'x'.repeat(1000)}`)).toBe(false);
  });
});
