import { describe, expect, test } from 'vitest';
import { JsonError } from '../errors.ts';
import { parse } from '../parse.ts';
import { whyNoCorpora, corpusFiles } from '../testing/corpora.ts';
import { ACCEPTED, DOCUMENT, FAULTS } from '../testing/faults.ts';
import { naiveParse, spelt } from '../testing/naive-parse.ts';
import type { NaiveResult } from '../testing/naive-parse.ts';
import { randomDocument } from '../testing/random-document.ts';
import { mutate, randomBelow } from '../testing/random.ts';
import { thrown } from '../testing/thrown.ts';
import { validate } from '../validate.ts';
import type { ParseOptions } from './options.ts';

const OPTION_SETS: readonly ParseOptions[] = [
  { numbers: 'bigint-if-unsafe' },
  { numbers: 'string' },
  { duplicateKeys: 'first' },
  { duplicateKeys: 'error' },
  { proto: 'remove' },
  { proto: 'error' },
  { utf8: 'replace' },
  { bom: 'strip' },
  { numbers: 'bigint-if-unsafe', duplicateKeys: 'first', proto: 'remove', utf8: 'replace', bom: 'strip' },
  { numbers: 'string', duplicateKeys: 'error', proto: 'error', bom: 'strip', maxDepth: 3 },
];

const CODES: Record<string, string> = {
  utf8: 'ERR_PERF_JSON_UTF8',
  depth: 'ERR_PERF_JSON_DEPTH',
  'duplicate-key': 'ERR_PERF_JSON_DUPLICATE_KEY',
  'proto-key': 'ERR_PERF_JSON_PROTO_KEY',
};

/** A result in words, ours and the naive twin's in the same. */
function wordsOf(result: NaiveResult): string {
  if ('value' in result) return spelt(result.value);
  return `${CODES[result.reason] ?? 'ERR_PERF_JSON_SYNTAX'} ${result.byteOffset}`;
}

function outcome(input: string | Uint8Array, options: ParseOptions): string {
  try {
    return spelt(parse(input, options));
  } catch (error) {
    if (error instanceof JsonError) return `${error.code} ${error.byteOffset}`;
    throw error;
  }
}

/** Whether these options refuse and accept what `JSON.parse` does with strictly decoded text. */
function hasVerdictsOfEngine({ duplicateKeys, proto, utf8, bom, maxDepth }: ParseOptions): boolean {
  const isStricter = duplicateKeys === 'error' || proto === 'error' || maxDepth !== undefined;
  return !isStricter && utf8 !== 'replace' && bom !== 'strip';
}

/** What is not as the naive twin has it; in words, so that a failure can be read. */
function differences(inputs: Iterable<string | Uint8Array>, options: ParseOptions): string[] {
  const found: string[] = [];
  for (const input of inputs) {
    const shown = typeof input === 'string' ? JSON.stringify(input) : Buffer.from(input).toString('latin1');
    const wanted = wordsOf(naiveParse(input, options));
    const given = outcome(input, options);
    if (given !== wanted) found.push(`${shown}: ${given} instead of ${wanted}`);
    const fault = validate(input, options);
    const verdict = fault === undefined ? 'valid' : `${fault.code} ${fault.byteOffset}`;
    if (verdict !== (wanted.startsWith('ERR_') ? wanted : 'valid')) found.push(`${shown}: validate says ${verdict}`);
  }
  return found;
}

describe.for(OPTION_SETS.map((options) => ({ name: JSON.stringify(options), options })))(
  'with $name',
  ({ options }) => {
    test('does what the naive twin does to random documents, as bytes and as text', () => {
      const below = randomBelow(4);
      const texts = Array.from({ length: 250 }, () => `${below(8) === 0 ? '\ufeff' : ''}${randomDocument(below)}`);
      expect(differences([...texts, ...texts.map((text) => Buffer.from(text))], options)).toEqual([]);
    });

    test('does so to damaged documents and those that other parsers refuse', () => {
      const below = randomBelow(5);
      const known = [DOCUMENT, ...ACCEPTED].map((text) => Buffer.from(text));
      const faulty = FAULTS.map(([input]) => Buffer.from(input, 'latin1'));
      const damaged = Array.from({ length: 250 }, () =>
        mutate(Buffer.from(below(3) === 0 ? DOCUMENT : randomDocument(below)), below),
      );
      expect(differences([...known, ...faulty, ...damaged], options)).toEqual([]);
    });

    test('finds the end of every cut document', () => {
      const document = Buffer.from(DOCUMENT);
      const cuts = Array.from({ length: document.length }, (_, length) => document.subarray(0, length));
      expect(differences(cuts, options)).toEqual([]);
    });

    test.skipIf(whyNoCorpora() !== undefined)('passes the conformance suite', () => {
      const verdicts = { accepted: 0, refused: 0 };
      const files = corpusFiles('json-test-suite');
      // The naive twin recurses, and two files are 100,000 brackets deep.
      const shallow = files.map(({ bytes }) => bytes).filter(({ length }) => length < 50_000);
      expect(differences(shallow, options)).toEqual([]);
      for (const { name, bytes } of files) {
        const isRefused = outcome(bytes, options).startsWith('ERR_');
        if (name.startsWith('y_') && !isRefused) verdicts.accepted++;
        if (name.startsWith('n_') && isRefused) verdicts.refused++;
      }
      expect(verdicts).toEqual(hasVerdictsOfEngine(options) ? { accepted: 95, refused: 188 } : verdicts);
    });
  },
);

describe('numbers', () => {
  const exact: ParseOptions = { numbers: 'bigint-if-unsafe' };

  test.for([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9007199254740991', -9007199254740991],
    ['-9007199254740992', -9007199254740992n],
    ['18446744073709551615', 18446744073709551615n],
    ['1e20', 1e20],
    ['100000000000000000000.0', 1e20],
    ['-0', -0],
    ['1e400', Number.POSITIVE_INFINITY],
  ] as const)('%s is %s as an exact number', ([text, value]) => {
    expect(parse(text, exact)).toBe(value);
    expect(parse(`  [ ${text} ]`, exact)).toEqual([value]);
    expect(parse(`{"a":${text},"b":[${text},{"c":${text}}]}`, exact)).toEqual({ a: value, b: [value, { c: value }] });
  });

  test('are exact at any place and any distance', () => {
    for (let before = 0; before < 40; before++) {
      for (const integer of ['9007199254740993', '-9007199254740993', '12345678901234567890123']) {
        const text = `[${'1'.repeat(before % 16)}${before % 16 === 0 ? '' : ','}"${'x'.repeat(before)}",${integer},${integer}]`;
        expect(spelt(parse(text, exact))).toBe(wordsOf(naiveParse(text, exact)));
      }
    }
  });

  test('of repeated keys are those of the value that counts', () => {
    expect(parse('{"a":9007199254740993,"a":1}', exact)).toEqual({ a: 1 });
    expect(parse('{"a":{"b":9007199254740993},"a":{"b":1},"c":9007199254740993}', exact)).toEqual({
      a: { b: 1 },
      c: 9007199254740993n,
    });
    expect(parse('{"a":1,"\\u0061":[9007199254740993]}', exact)).toEqual({ a: [9007199254740993n] });
  });

  test('find their keys where the engine reorders them', () => {
    const text = '{"b":9007199254740993,"2":9007199254740995,"1":[9007199254740997],"a":"x"}';
    expect(parse(text, exact)).toEqual({
      b: 9007199254740993n,
      2: 9007199254740995n,
      1: [9007199254740997n],
      a: 'x',
    });
  });

  test('are put under a key "__proto__" without touching the prototype', () => {
    const value = parse('{"__proto__":9007199254740993,"x":{"__proto__":[9007199254740993]}}', exact) as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(spelt(value)).toBe('{"__proto__":9007199254740993n,"x":{"__proto__":[9007199254740993n]}}');
  });

  test('of more than 10,000 digits are refused where they stand', () => {
    const digits = '1'.repeat(10_001);
    expect(parse(`[-${digits.slice(1)}]`, exact)).toEqual([-BigInt(digits.slice(1))]);
    const error = thrown(() => parse(`["${digits}, ", ${digits}]`, exact));
    expect(error).toMatchObject({ code: 'ERR_PERF_JSON_NUMBER', byteOffset: 10_008 });
    const repeated = thrown(() => parse(`{"a":1,"a":22,"b":${digits}}`, { ...exact, duplicateKeys: 'first' }));
    expect(repeated).toMatchObject({ code: 'ERR_PERF_JSON_NUMBER', byteOffset: 18 });
    expect(parse(`[${digits}]`, { numbers: 'string' })).toEqual([digits]);
  });

  test('are exact at any depth', () => {
    const depth = 100_000;
    let value = parse(`${'{"a":['.repeat(depth)}9007199254740993${']}'.repeat(depth)}`, exact);
    for (let level = 0; level < depth; level++) [value] = (value as { a: unknown[] }).a;
    expect(value).toBe(9007199254740993n);
  });

  test('are their own text as strings', () => {
    const text = '{"a":[1.0,-0,1e400,0.10],"b":"1","c":null}';
    expect(parse(text, { numbers: 'string' })).toEqual({ a: ['1.0', '-0', '1e400', '0.10'], b: '1', c: null });
    expect(parse('7', { numbers: 'string' })).toBe('7');
  });
});

describe('repeated keys', () => {
  test('are found however they are spelt, and however many there are', () => {
    for (const members of [2, 63, 64, 65, 66, 1000]) {
      const keys = Array.from({ length: members }, (_, index) => `"key${index}":${index}`);
      expect(parse(`{${keys.join()}}`, { duplicateKeys: 'error' })).toEqual(JSON.parse(`{${keys.join()}}`));
      const text = `{${keys.join()},"k\\u0065y0":0}`;
      const error = thrown(() => parse(text, { duplicateKeys: 'error' }));
      expect(error).toMatchObject({ code: 'ERR_PERF_JSON_DUPLICATE_KEY', byteOffset: text.lastIndexOf('"k') });
      expect(error.message).toContain(String.raw`the key "k\u0065y0" is there twice`);
    }
  });

  test('may be in different objects', () => {
    const text = '[{"a":{"a":[{"a":1},{"a":2}]}},{"a":3}]';
    expect(parse(text, { duplicateKeys: 'error' })).toEqual(JSON.parse(text));
  });

  test('are refused in the order of the document', () => {
    const text = '{"x":{"a":1,"a":2},"x":3}';
    expect(thrown(() => parse(text, { duplicateKeys: 'error' })).byteOffset).toBe(12);
  });

  test('that differ in a lone surrogate are different keys', () => {
    for (const text of ['{"\ud800":1,"\ud801":2}', '{"\ud800":9007199254740993,"\\ud801":2,"1":0}']) {
      const options: ParseOptions = { duplicateKeys: 'error', numbers: 'bigint-if-unsafe' };
      expect(spelt(parse(text, options))).toBe(wordsOf(naiveParse(text, options)));
    }
    const repeated = '["\ud800",{"\ud800é":1,"\\ud800é":2}]';
    expect(thrown(() => parse(repeated, { duplicateKeys: 'error' }))).toMatchObject({ byteOffset: 18, column: 14 });
  });
});

describe('a key "__proto__"', () => {
  const text = '{"a":{"\\u005f_proto__":{"isAdmin":true},"b":"\\"__proto__\\":"},"__proto__":1}';

  test('is kept as an own property by default', () => {
    expect(Object.keys(parse(text) as object)).toEqual(['a', '__proto__']);
  });

  test('can be removed', () => {
    expect(spelt(parse(text, { proto: 'remove' }))).toBe('{"a":{"b":"\\"__proto__\\":"}}');
    expect(spelt(parse('{"__proto__":[{"__proto__":1}]}', { proto: 'remove' }))).toBe('{}');
  });

  test('can be refused', () => {
    expect(thrown(() => parse(text, { proto: 'error' }))).toMatchObject({
      code: 'ERR_PERF_JSON_PROTO_KEY',
      byteOffset: 6,
    });
    expect(parse('["__proto__",{"proto":"\\u00e9"}]', { proto: 'error' })).toEqual(['__proto__', { proto: 'é' }]);
  });
});

describe('malformed UTF-8', () => {
  test('can be replaced as decoders do', () => {
    const bytes = Buffer.from('["a\xffb\xe2\x82c\xf0\x9f\x98"]', 'latin1');
    expect(parse(bytes, { utf8: 'replace' })).toEqual(['a\ufffdb\ufffdc\ufffd']);
  });

  test('counts as it was given in offsets, and as it reads in columns', () => {
    const bytes = Buffer.from('["\xff\xff\xe2\x82", x]', 'latin1');
    expect(thrown(() => parse(bytes, { utf8: 'replace' }))).toMatchObject({ byteOffset: 9, line: 1, column: 9 });
  });
});

describe('a byte order mark', () => {
  test('can be left out, of bytes and of text', () => {
    for (const input of ['\ufeff{"a":1}', Buffer.from('\ufeff{"a":1}')]) {
      expect(parse(input, { bom: 'strip' })).toEqual({ a: 1 });
      expect(validate(input, { bom: 'strip' })).toBeUndefined();
    }
  });

  test('counts in offsets, not in columns', () => {
    for (const input of ['\ufeff[1,]', Buffer.from('\ufeff[1,]')]) {
      expect(thrown(() => parse(input, { bom: 'strip' }))).toMatchObject({ byteOffset: 6, line: 1, column: 4 });
    }
  });

  test('is left out once', () => {
    expect(thrown(() => parse('\ufeff\ufeff1', { bom: 'strip' })).message).toContain('byte order mark');
  });
});

describe('options', () => {
  test.for<[ParseOptions, string]>([
    [{ numbers: 'bigint' } as unknown as ParseOptions, 'must be one of double, bigint-if-unsafe, string'],
    [{ duplicateKeys: true } as unknown as ParseOptions, 'duplicateKeys'],
    [{ protos: 'keep' } as ParseOptions, 'did you mean "proto"'],
  ])('refuse %o', ([options, words]) => {
    const error = thrown(() => parse('1', options));
    expect(error.code).toBe('ERR_PERF_JSON_OPTION');
    expect(error.message).toContain(words);
    expect(thrown(() => validate('1', options)).code).toBe('ERR_PERF_JSON_OPTION');
  });

  test('stated as they are by default change nothing', () => {
    const options: ParseOptions = {
      numbers: 'double',
      duplicateKeys: 'last',
      proto: 'keep',
      utf8: 'strict',
      bom: 'error',
      maxDepth: undefined,
    };
    expect(parse('{"a":9007199254740993,"a":2}', options)).toEqual({ a: 2 });
  });
});
