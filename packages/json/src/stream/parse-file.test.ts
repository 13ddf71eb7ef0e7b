import { isDeepStrictEqual } from 'node:util';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonError } from '../errors.ts';
import { parse } from '../parse.ts';
import { corpusFiles, whyNoCorpora } from '../testing/corpora.ts';
import { ACCEPTED, DOCUMENT, FAULTS } from '../testing/faults.ts';
import { thrown } from '../testing/thrown.ts';
import { validate } from '../validate.ts';
import type { ParseFileOptions } from './options.ts';
import { parseFile, parseSource } from './parse-file.ts';
import { chunked } from './testing/chunked.ts';
import { brief } from './testing/collected.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'perf-json-parse-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string, bytes: string | Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return file;
}

async function errorOf(
  text: string | Buffer,
  size: number,
  options?: ParseFileOptions,
): Promise<JsonError | undefined> {
  try {
    await parseSource(chunked(Buffer.from(text), size), options);
    return undefined;
  } catch (error) {
    return error as JsonError;
  }
}

test('the value of a file is what parse returns of its bytes', async () => {
  const value = parse(DOCUMENT);
  expect(await parseFile(await fileOf('plain.json', DOCUMENT))).toEqual(value);
  expect(await parseFile(await fileOf('gzip.json', gzipSync(DOCUMENT)))).toEqual(value);
  expect(await parseFile(await fileOf('zstd.json', zstdCompressSync(DOCUMENT)))).toEqual(value);
});

test('a value may be of any kind, in pieces of any size', async () => {
  for (const text of [...ACCEPTED, DOCUMENT, '   1   ', '"a" ', ' null', '[]', ' {} ']) {
    const bytes = Buffer.from(text);
    for (const size of [1, 2, 3, 7, 100])
      expect(await parseSource(chunked(bytes, size)), `${text}`).toEqual(parse(text));
  }
});

test.for(FAULTS)('a fault of %j is the one that validate has', async ([input]) => {
  for (const around of [input, `[1,${input}`, `{"a":${input}}`]) {
    const bytes = Buffer.from(around, 'latin1');
    for (const size of [1, 2, 5, 100]) expect(brief(await errorOf(bytes, size))).toBe(brief(validate(bytes)));
  }
});

test('depth and size may be limited', async () => {
  for (let maxDepth = 0; maxDepth < 5; maxDepth++) {
    const options = { maxDepth };
    for (const text of ['1', '[1,[2,[3]]]', '{"a":{"b":[]},"c":{}}']) {
      expect(brief(await errorOf(text, 3, options))).toBe(brief(validate(text, options)));
    }
  }
  expect(await errorOf('[1,2,3]', 2, { maxBytes: 7 })).toBeUndefined();
  for (const size of [1, 2, 100]) {
    expect(await errorOf('[1,2,3]', size, { maxBytes: 6 })).toMatchObject({
      code: 'ERR_PERF_JSON_SIZE',
      byteOffset: 6,
    });
  }
});

describe('a document that is built in pieces', () => {
  const many = (count: number, make: (at: number) => string): string =>
    Array.from({ length: count }, (_, at) => make(at)).join(',');
  const element = (at: number): string =>
    `{"id":${at},"text":"some, [text] {${'é"\\'.length}\\"","list":[${at},[${at}]]}`;
  const large = `[${many(80_000, element)}]`;
  const documents: Record<string, string> = {
    'an array': large,
    'an object': `{${many(80_000, (at) => `"key ${at % 70_000}":${element(at)}`)}}`,
    'arrays in arrays': `[[0],[${large},[]],1,[[[[${large}]]]], 2 ]`,
    'objects in objects': `{"a":{"b":{"c":${large},"d":1},"e":[]},"\\u0066":{"g":${large}},"h":null}`,
    'a key that is "__proto__"': `{"__proto__":${large},"a":1,"__proto__x":2}`,
    'keys that come again': `{"a":${large},"b":1,"a":[1],"b":${large},"c":{"a":${large},"a":2}}`,
    'white space': ` [ ${large} , { } , [ ] , ${large.replaceAll('},{', '} ,\n{')} ] `,
    'large strings': `["${'x'.repeat(5_000_000)}",{"${'k'.repeat(5_000_000)}":["${'y\\n'.repeat(2_000_000)}"]},1]`,
    'small members between large ones': `[${many(4, (at) => `${at},${large},"${at}"`)}]`,
    'many open brackets': `${'[1,'.repeat(50_000)}${large}${',2]'.repeat(50_000)}`,
  };

  test.for(Object.keys(documents))('%s', { timeout: 60_000 }, async (name) => {
    const bytes = Buffer.from(documents[name]);
    expect(bytes.length).toBeGreaterThan(5_000_000);
    const value = await parseSource(chunked(bytes, 1_000_000));
    // Compared as text: a comparison of values recurses.
    expect(JSON.stringify(value) === JSON.stringify(JSON.parse(documents[name]))).toBe(true);
    if (name.includes('__proto__')) expect(Object.keys(value as object)[0]).toBe('__proto__');
  });

  test('has the fault that validate has', { timeout: 60_000 }, async () => {
    const inner = documents['small members between large ones'];
    const middle = inner.indexOf('"1"');
    const damage: readonly (readonly [at: number, text: string])[] = [
      [inner.length - 1, ''],
      [inner.length - 1, '}'],
      [inner.length - 1, ',]'],
      [inner.length, ']'],
      [inner.length, ' x'],
      [middle, '"1",,'],
      [middle, '}'],
      [middle, ']'],
      [middle, '"1" 2'],
      [middle, '"\ud800"'],
      [middle, '"\n'],
      [middle - 3, ' '],
      [1, ','],
      [1, '"a":'],
    ];
    for (const [at, text] of damage) {
      const bytes = Buffer.from(inner.slice(0, at) + text + inner.slice(at + 1));
      expect(brief(await errorOf(bytes, 1_000_000)), `${text} at ${at}`).toBe(brief(validate(bytes)));
    }
  });

  test('has the depth that it has whole', { timeout: 60_000 }, async () => {
    const text = documents['arrays in arrays'];
    for (let maxDepth = 1; maxDepth < 9; maxDepth++) {
      const options = { maxDepth };
      expect(brief(await errorOf(text, 1_000_000, options))).toBe(brief(validate(text, options)));
    }
  });
});

test('nothing but brackets is done in time', { timeout: 60_000 }, async () => {
  const depth = 4_500_000;
  const bytes = Buffer.alloc(depth, '[');
  expect(await errorOf(bytes, 1_000_000)).toMatchObject({ code: 'ERR_PERF_JSON_SYNTAX', byteOffset: depth });
});

test('the rest of the process has its turn, and hears how far it is', async () => {
  const text = JSON.stringify(Array.from({ length: 500_000 }, (_, at) => ({ at })));
  const seen: number[] = [];
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await parseSource(Buffer.from(text), { onProgress: ({ bytesRead }) => seen.push(bytesRead) });
  clearInterval(timer);
  expect(seen.at(-1)).toBe(Buffer.byteLength(text));
  expect(seen.length).toBeGreaterThan(10);
  expect(turns).toBeGreaterThan(1);
});

test('a file that is not there, or no file, is an error of the source', async () => {
  for (const file of [path.join(folder, 'none.json'), folder]) {
    await expect(parseFile(file)).rejects.toMatchObject({ code: 'ERR_PERF_JSON_SOURCE' });
  }
});

test('an abort ends it', async () => {
  const file = await fileOf('abort.json', DOCUMENT);
  const signal = AbortSignal.abort('enough');
  await expect(parseFile(file, { signal })).rejects.toMatchObject({ code: 'ERR_PERF_JSON_ABORTED', cause: 'enough' });
});

test('wrong options are refused at once', () => {
  expect(thrown(() => parseFile('x', { maxBytes: -1 }))).toMatchObject({ code: 'ERR_PERF_JSON_OPTION' });
});

const missing = whyNoCorpora();
if (missing !== undefined) process.stderr.write(`parse-file.test.ts without real data: ${missing}\n`);

test.skipIf(missing !== undefined)('the corpora have the values that parse gives', { timeout: 60_000 }, async () => {
  for (const { name, bytes } of corpusFiles('json')) {
    if (!name.endsWith('.json')) continue;
    expect(isDeepStrictEqual(await parseSource(bytes), parse(bytes)), `${name}`).toBe(true);
  }
});
