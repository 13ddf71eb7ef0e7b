import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readOf } from '../document/pointer.ts';
import type { Fault } from '../fault.ts';
import { findFault } from '../scan-document.ts';
import { corpusFiles, whyNoCorpora } from '../testing/corpora.ts';
import { ACCEPTED, DOCUMENT, FAULTS } from '../testing/faults.ts';
import { naiveFault } from '../testing/naive.ts';
import { DocumentScanner } from './document-scanner.ts';

const ANY_DEPTH = 0xffff_ffff;

/** Scans the bytes in pieces of one size, keeping what the scanner did not use. */
function scanned(bytes: Buffer, size: number, scanner: DocumentScanner): DocumentScanner {
  let from = 0;
  let to = 0;
  for (;;) {
    from = scanner.scan(bytes, from, to, to === bytes.length);
    if (scanner.position !== from) throw new Error(`position ${scanner.position} is not ${from}`);
    if (scanner.stop !== 'more') return scanner;
    if (to === bytes.length) throw new Error('more bytes are wanted than there are');
    to = Math.min(bytes.length, to + size);
  }
}

function faultOf(bytes: Buffer, size: number, maxDepth: number = ANY_DEPTH): Fault | undefined {
  const { stop, position, reason } = scanned(bytes, size, new DocumentScanner(maxDepth));
  if (stop !== 'done' && stop !== 'fault') throw new Error(`stopped as ${stop}`);
  return stop === 'done' ? undefined : { byteOffset: position, reason };
}

function sizes(length: number): number[] {
  return Array.from({ length: Math.max(1, length) }, (_, size) => size + 1);
}

/** The sizes of pieces with which the fault is another than that of the whole. */
function differingSizes(bytes: Buffer, maxDepth: number = ANY_DEPTH): number[] {
  const expected = findFault(bytes, maxDepth);
  return sizes(bytes.length).filter((size) => !isDeepStrictEqual(faultOf(bytes, size, maxDepth), expected));
}

test.for(FAULTS)('finds the fault of %j at byte %d: %s, however it is cut', ([input, byteOffset, reason]) => {
  const bytes = Buffer.from(input, 'latin1');
  for (const size of sizes(bytes.length)) expect(faultOf(bytes, size)).toEqual({ byteOffset, reason });
});

test.for([DOCUMENT, ...ACCEPTED])('accepts %j, however it is cut', (text) => {
  expect(differingSizes(Buffer.from(text))).toEqual([]);
});

test('finds the end of a document that is cut off anywhere', () => {
  const bytes = Buffer.from(DOCUMENT);
  for (let length = 0; length < bytes.length; length++) {
    const cut = bytes.subarray(0, length);
    const expected = naiveFault(cut);
    for (const size of [1, 2, 3, 5, 64, length + 1]) expect(faultOf(cut, size), `${length}`).toEqual(expected);
  }
});

test('finds every byte that is wrong', () => {
  const bytes = Buffer.from(DOCUMENT);
  for (let at = 0; at < bytes.length; at++) {
    for (const byte of [0x00, 0x5d, 0x22, 0x5c, 0xff, 0xc3]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = byte;
      const expected = findFault(damaged, ANY_DEPTH);
      for (const size of [1, 7, 100]) expect(faultOf(damaged, size), `${byte} at ${at}`).toEqual(expected);
    }
  }
});

test.for([0, 1, 2, 3, 33, 34, 70])('counts brackets up to a depth of %d', (maxDepth) => {
  for (const depth of [0, 1, 2, 3, 4, 32, 33, 34, 35, 69, 70, 71]) {
    expect(differingSizes(Buffer.from(`${'['.repeat(depth)}1${']'.repeat(depth)}`), maxDepth)).toEqual([]);
    expect(differingSizes(Buffer.from(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`), maxDepth)).toEqual([]);
  }
});

describe('a token that is longer than what is kept of one', () => {
  const LONG = 5000;
  const digits = '1234567890'.repeat(LONG / 10);
  const tokens = {
    integer: digits,
    'negative integer': `-${digits}`,
    fraction: `0.${digits}`,
    'integer and fraction': `${digits}.${digits}`,
    exponent: `1e${digits}`,
    'signed exponent': `${digits}.${digits}E-${digits}`,
    string: `"${'x'.repeat(LONG)}"`,
    'string of escapes': `"${String.raw`\u00e9\\\n`.repeat(LONG / 10)}"`,
    'string of backslashes': `"${'\\'.repeat(LONG)}"`,
    'string of characters': `"${'aé世😀'.repeat(LONG / 10)}"`,
    key: `{"${'k'.repeat(LONG)}":1}`,
    'white space': `${' \t\r\n'.repeat(LONG / 4)}1${' '.repeat(LONG)}`,
    'broken fraction': `${digits}.x`,
    'broken exponent': `${digits}e+}`,
    'number of two points': `${digits}.${digits}.1`,
    'unfinished fraction': `${digits}.`,
    'unfinished exponent': `${digits}e-`,
    'unfinished string': `"${'x'.repeat(LONG)}`,
    'string with a control character': `"${'x'.repeat(LONG)}\n"`,
  };
  const around = { alone: (token: string) => token, 'in an array': (token: string) => `[1,${token},2]` };

  test.for(Object.entries(tokens))('%s', ([, token]) => {
    for (const make of Object.values(around)) {
      const bytes = Buffer.from(make(token));
      const expected = findFault(bytes, ANY_DEPTH);
      for (const size of [1, 2, 3, 1023, 1024, 1025, 2048]) expect(faultOf(bytes, size)).toEqual(expected);
    }
  });

  test('uses up all but little of it', () => {
    for (const token of [digits, `0.${digits}`, `"${'x'.repeat(LONG)}`, `{"${'k'.repeat(LONG)}`]) {
      const bytes = Buffer.from(token);
      expect(new DocumentScanner(ANY_DEPTH).scan(bytes, 0, bytes.length, false)).toBeGreaterThan(LONG - 10);
    }
  });
});

test('does not count brackets on the stack', () => {
  const depth = 100_000;
  const bytes = Buffer.from(`${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`);
  expect(faultOf(bytes, 65_536)).toBeUndefined();
  expect(faultOf(bytes.subarray(0, -1), 65_536)).toEqual({ byteOffset: bytes.length - 1, reason: 'end' });
});

const missing = whyNoCorpora();
if (missing !== undefined) process.stderr.write(`document-scanner.test.ts without real data: ${missing}\n`);

describe.skipIf(missing !== undefined)('on real data', () => {
  test('gives the faults of the conformance suite, however it is cut', { timeout: 60_000 }, () => {
    const counts = { y: 0, n: 0, i: 0 };
    for (const { name, bytes } of corpusFiles('json-test-suite')) {
      const expected = findFault(bytes, ANY_DEPTH);
      const chosen = bytes.length > 500 ? [1, 61, 4096] : sizes(bytes.length);
      for (const size of chosen) expect(faultOf(bytes, size), `${name}, ${size}`).toEqual(expected);
      const kind = name[0] as 'y' | 'n' | 'i';
      if (kind === 'i' || (kind === 'y') === (expected === undefined)) counts[kind]++;
    }
    expect(counts).toMatchObject({ y: 95, n: 188 });
  });

  test('accepts the corpora', { timeout: 60_000 }, () => {
    for (const { name, bytes } of corpusFiles('json')) {
      if (!name.endsWith('.json')) continue;
      expect(faultOf(bytes, 10_007), `${name}`).toEqual(findFault(bytes, ANY_DEPTH));
    }
  });
});

describe('a pointer', () => {
  const document = ' {"a":[1,{"x":[7]},[2,3]], "b":{"a":[]}, "c/d":{"~":[4]}, "":{"\\u0061":[5]}, "e":null}';

  const stopOf = (pointer: string, size: number, text: string = document): readonly [string, string] => {
    const bytes = Buffer.from(text);
    const { stop, position } = scanned(bytes, size, new DocumentScanner(ANY_DEPTH, readOf(pointer)));
    return [stop, bytes.toString('utf8', position, position + 4)];
  };

  test.for([
    ['', 'arrived', '{"a"'],
    ['/a', 'arrived', '[1,{'],
    ['/a/0', 'arrived', '1,{"'],
    ['/a/1/x', 'arrived', '[7]}'],
    ['/a/2', 'arrived', '[2,3'],
    ['/a/2/1', 'arrived', '3]],'],
    ['/b/a', 'arrived', '[]},'],
    ['/c~1d/~0', 'arrived', '[4]}'],
    ['//a', 'arrived', '[5]}'],
    ['/e', 'arrived', 'null'],
    ['/a/3', 'missing', '], "'],
    ['/a/-', 'missing', '], "'],
    ['/a/x', 'missing', '], "'],
    ['/a/0/x', 'missing', '1,{"'],
    ['/b/x', 'missing', '}, "'],
    ['/b/a/0', 'missing', ']}, '],
    ['/e/x', 'missing', 'null'],
    ['/x', 'missing', '}'],
  ] as const)('%j has %s at %j', ([pointer, stop, at]) => {
    for (const size of sizes(document.length)) expect(stopOf(pointer, size)).toEqual([stop, at]);
  });

  test('is not taken for a longer key, or a shorter one', () => {
    const text = `{"ab":1,"":2,"${'a'.repeat(3000)}":3,"a":[]}`;
    for (const size of [1, 100, 1024, 5000]) expect(stopOf('/a', size, text)).toEqual(['arrived', '[]}']);
  });

  test('meets the fault before it', () => {
    for (const size of [1, 3, 100]) expect(stopOf('/b', size, '{"a":[1,,2],"b":[]}')).toEqual(['fault', ',2],']);
    for (const size of [1, 3, 100]) expect(stopOf('/a', size, '{"a":x}')).toEqual(['fault', 'x}']);
  });

  test('is followed on: a key of it that comes again is told', () => {
    for (const size of [1, 2, 5, 100]) {
      const text = '{"a":{"b":[1],"c":{"a":0,"b":0}},"b":0,"\\u0061":0}';
      const bytes = Buffer.from(text);
      const scanner = new DocumentScanner(ANY_DEPTH, readOf('/a/b'));
      scanned(bytes, size, scanner);
      expect(scanner.enter()).toBe(true);
      // As who has read the elements does.
      const close = text.indexOf(']');
      scanner.resume(close, 'next');
      let from = close;
      for (let to = from; scanner.stop !== 'repeated'; to = Math.min(text.length, to + size)) {
        from = scanner.scan(bytes, from, to, to === text.length);
        expect(scanner.stop).not.toBe('done');
      }
      expect(from).toBe(text.indexOf('"\\u0061"'));
    }
  });
});
