import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { thrown } from '../testing/thrown.ts';
import type { ByteReader, ByteSource, Compression } from './byte-source.ts';
import { openSource } from './open-source.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'perf-json-source-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Compresses to about half, and no two parts of it are the same. */
const TEXT = Buffer.from(Array.from({ length: 60_000 }, (_, at) => `line ${at * 7919}\n`).join(''));

interface Given {
  readonly compression?: Compression;
  readonly signal?: AbortSignal;
  readonly room?: number;
}

const readerOf = (source: ByteSource, { compression = 'auto', signal }: Given = {}): ByteReader =>
  openSource(source, { caller: 'test', compression, signal });

/** Everything, by reads of a size. */
async function drained(reader: ByteReader, room = 100_000): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const target = Buffer.alloc(room + 3);
  try {
    for (;;) {
      const count = await reader.read(target, 3);
      if (count === 0) return Buffer.concat(pieces);
      expect(count).toBeLessThanOrEqual(room);
      pieces.push(Buffer.from(target.subarray(3, 3 + count)));
    }
  } finally {
    await reader.close();
  }
}

const drain = (source: ByteSource, given: Given = {}): Promise<Buffer> => drained(readerOf(source, given), given.room);

async function fileOf(name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return file;
}

function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* slowly(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  yield* pieces(bytes, size);
}

describe('every kind of source gives its bytes', () => {
  const kinds: Record<string, (bytes: Buffer) => ByteSource | Promise<ByteSource>> = {
    'a path': (bytes) => fileOf('path', bytes),
    'a URL': async (bytes) => pathToFileURL(await fileOf('ur l', bytes)),
    'a Buffer': (bytes) => bytes,
    'a Uint8Array': (bytes) => new Uint8Array(bytes),
    'a Readable': (bytes) => Readable.from(pieces(bytes, 5000)),
    'a web stream': (bytes) => ReadableStream.from(pieces(bytes, 5000)),
    'an iterable': (bytes) => [...pieces(bytes, 5000)],
    'an async iterable': (bytes) => slowly(bytes, 5000),
    'an iterable of single bytes': (bytes) => pieces(bytes.subarray(0, 3000), 1),
    'an iterable with empty pieces': (bytes) => [new Uint8Array(), ...pieces(bytes, 99_999), new Uint8Array()],
  };
  const forms: Record<string, (bytes: Buffer) => Buffer> = {
    plain: (bytes) => bytes,
    gzip: (bytes) => gzipSync(bytes),
    zstd: (bytes) => zstdCompressSync(bytes),
  };

  for (const [form, make] of Object.entries(forms)) {
    test.for(Object.entries(kinds))(`${form}: %s`, async ([name, kind]) => {
      const text = name.includes('single') ? TEXT.subarray(0, 2000) : TEXT;
      for (const room of [100, 100_000]) {
        expect((await drain(await kind(make(text)), { room })).equals(text)).toBe(true);
      }
    });
  }

  test('of no length, too', async () => {
    for (const source of [Buffer.alloc(0), [], await fileOf('empty', Buffer.alloc(0)), Readable.from([])]) {
      expect((await drain(source)).length).toBe(0);
    }
  });

  test('that is shorter than what tells the compression', async () => {
    for (const text of ['1', '[]', '123']) expect((await drain(Buffer.from(text))).toString()).toBe(text);
  });
});

test('what is no source is refused at once', () => {
  for (const source of [5, null, undefined, {}, true]) {
    expect(thrown(() => readerOf(source as never))).toMatchObject({ code: 'ERR_PERF_JSON_INPUT' });
  }
});

test('pieces that are not bytes are refused', async () => {
  for (const source of [['[1]'], Readable.from(['[1]'], { encoding: 'utf8' }), [5]]) {
    await expect(drain(source as never)).rejects.toMatchObject({ code: 'ERR_PERF_JSON_INPUT' });
  }
});

describe('progress', () => {
  test('of files and bytes has a total', async () => {
    const file = await fileOf('total', TEXT);
    for (const source of [file, TEXT]) {
      const reader = readerOf(source);
      await reader.read(Buffer.alloc(1000), 0);
      expect(reader).toMatchObject({ totalBytes: TEXT.length });
      await drained(reader);
      expect(reader.bytesRead).toBe(TEXT.length);
    }
  });

  test('counts compressed bytes', async () => {
    const bytes = gzipSync(TEXT);
    const reader = readerOf(bytes);
    await drained(reader);
    expect(reader).toMatchObject({ bytesRead: bytes.length, totalBytes: bytes.length });
  });
});

describe('compression', () => {
  const half = TEXT.length >> 1;
  const both = [TEXT.subarray(0, half), TEXT.subarray(half)] as const;
  const makers = { gzip: gzipSync, zstd: zstdCompressSync } as const;

  for (const [form, make] of Object.entries(makers) as [keyof typeof makers, typeof gzipSync][]) {
    test(`of several ${form} parts is read to the end, wherever pieces end`, async () => {
      const parts = both.map((part) => Buffer.from(make(part)));
      const many = Buffer.concat([...parts, Buffer.from(make(Buffer.alloc(0))), ...parts]);
      const expected = Buffer.concat([TEXT, TEXT]);
      expect((await drain(many)).equals(expected)).toBe(true);
      for (const size of [1000, 4096, parts[0].length, parts[0].length - 1, parts[0].length + 1, parts[0].length + 2]) {
        expect((await drain(pieces(many, size))).equals(expected), `${size}`).toBe(true);
      }
    });

    test(`that is cut off is an error: ${form}`, async () => {
      const bytes = Buffer.from(make(TEXT));
      for (const length of [5, 20, bytes.length >> 1, bytes.length - 1]) {
        await expect(drain(bytes.subarray(0, length)), `${length}`).rejects.toMatchObject({
          code: 'ERR_PERF_JSON_SOURCE',
        });
      }
    });

    test(`that is damaged is an error: ${form}`, async () => {
      const bytes = Buffer.from(make(TEXT));
      bytes.fill(0xaa, bytes.length >> 1, (bytes.length >> 1) + 50);
      const error = drain(bytes);
      await expect(error).rejects.toMatchObject({ code: 'ERR_PERF_JSON_SOURCE', cause: expect.any(Error) });
      await expect(error).rejects.toThrow(new RegExp(`the ${form} data is damaged or cut off after \\d+ bytes`));
    });

    test(`with something else behind it is an error: ${form}`, async () => {
      const bytes = Buffer.concat([make(TEXT), Buffer.from('[1,2,3]')]);
      await expect(drain(bytes)).rejects.toMatchObject({ code: 'ERR_PERF_JSON_SOURCE' });
    });

    test(`that is asked for is an error where it is none: ${form}`, async () => {
      await expect(drain(TEXT, { compression: form })).rejects.toMatchObject({ code: 'ERR_PERF_JSON_SOURCE' });
    });

    test(`is left as it is where that is asked for: ${form}`, async () => {
      const bytes = Buffer.from(make(TEXT));
      expect((await drain(bytes, { compression: 'none' })).equals(bytes)).toBe(true);
    });
  }

  test('may be padded with zeros', async () => {
    const bytes = Buffer.concat([gzipSync(TEXT), Buffer.alloc(200_000)]);
    expect((await drain(bytes)).equals(TEXT)).toBe(true);
    expect((await drain(pieces(bytes, 1000))).equals(TEXT)).toBe(true);
  });

  test('of zstd may have frames that are to be skipped', async () => {
    const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const bytes = Buffer.concat([skipped, zstdCompressSync(TEXT), skipped]);
    expect((await drain(bytes)).equals(TEXT)).toBe(true);
  });

  test('of any ratio takes bounded memory', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000));
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const reader = readerOf(bomb);
    const target = Buffer.alloc(1 << 20);
    let total = 0;
    for (let count = await reader.read(target, 0); count > 0; count = await reader.read(target, 0)) {
      total += count;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    await reader.close();
    expect(total).toBe(200_000_000);
    expect(most).toBeLessThan(64 << 20);
  });
});

describe('a file', () => {
  test('that is not there, or a folder, is an error', async () => {
    for (const file of [path.join(folder, 'none'), folder]) {
      const error = drain(file);
      await expect(error).rejects.toMatchObject({
        code: 'ERR_PERF_JSON_SOURCE',
        byteOffset: 0,
        cause: expect.any(Error),
      });
      await expect(error).rejects.toThrow(/cannot be opened after 0 bytes/);
    }
  });

  test('that grows is read up to the size that it had', async () => {
    const file = await fileOf('grows', TEXT);
    const reader = readerOf(file);
    const target = Buffer.alloc(1000);
    await reader.read(target, 0);
    await appendFile(file, 'more');
    expect((await drained(reader)).equals(TEXT.subarray(1000))).toBe(true);
  });

  test('that shrinks is an error', async () => {
    const file = await fileOf('shrinks', TEXT);
    const reader = readerOf(file, { compression: 'none' });
    const target = Buffer.alloc(1000);
    await reader.read(target, 0);
    await truncate(file, 5000);
    await expect(drained(reader)).rejects.toMatchObject({ code: 'ERR_PERF_JSON_SOURCE', byteOffset: 5000 });
  });

  test('that is removed while it is read is read on', async () => {
    const file = await fileOf('vanishes', TEXT);
    const reader = readerOf(file);
    const target = Buffer.alloc(1000);
    await reader.read(target, 0);
    await rm(file);
    expect((await drained(reader)).equals(TEXT.subarray(1000))).toBe(true);
  });

  test.skipIf(process.platform === 'win32')('that is a pipe is read to its end', async () => {
    const file = path.join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [file]);
    const read = drain(file);
    const writer = await open(file, 'w');
    await writer.write(TEXT);
    await writer.close();
    expect((await read).equals(TEXT)).toBe(true);
  });

  test('is closed under a read that is under way', async () => {
    const reader = readerOf(await fileOf('closed', TEXT));
    const read = reader.read(Buffer.alloc(1000), 0);
    await reader.close();
    await expect(read).resolves.toBeLessThanOrEqual(1000);
    await reader.close();
    expect(await reader.read(Buffer.alloc(1000), 0)).toBe(0);
  });
});

describe('a stream', () => {
  test('that fails is an error behind what it gave', async () => {
    const cause = new Error('line down');
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('[1,2');
      throw cause;
    }
    for (const source of [failing(), Readable.from(failing()), ReadableStream.from(failing())]) {
      const reader = readerOf(source, { compression: 'none' });
      const target = Buffer.alloc(10);
      expect(await reader.read(target, 0)).toBe(4);
      await expect(reader.read(target, 0)).rejects.toMatchObject({
        code: 'ERR_PERF_JSON_SOURCE',
        byteOffset: 4,
        cause,
      });
      await reader.close();
    }
  });

  test('is destroyed or cancelled by close, before its first read and behind it', async () => {
    for (const reads of [0, 1]) {
      const readable = Readable.from(pieces(TEXT, 10));
      let cancelled = 0;
      const web = new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(10)),
        cancel: () => void cancelled++,
      });
      for (const source of [readable, web]) {
        const reader = readerOf(source, { compression: 'none' });
        for (let left = reads; left > 0; left--) await reader.read(Buffer.alloc(10), 0);
        await reader.close();
        await reader.close();
      }
      expect(readable.destroyed).toBe(true);
      expect(cancelled).toBe(1);
    }
  });

  test('that is silent is left by an abort, and by close', async () => {
    const silent = (): ByteSource => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) });
    for (const compression of ['none', 'auto', 'gzip'] as const) {
      const controller = new AbortController();
      const reader = readerOf(silent(), { compression, signal: controller.signal });
      const read = reader.read(Buffer.alloc(10), 0);
      controller.abort('enough');
      await expect(read).rejects.toMatchObject({ code: 'ERR_PERF_JSON_ABORTED', cause: 'enough' });
      await reader.close();
    }
  });

  test('whose end fails is closed all the same', async () => {
    const source = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false as const, value: Buffer.from('1') }),
        return: () => {
          throw new Error('no');
        },
      }),
    };
    const reader = readerOf(source);
    await reader.read(Buffer.alloc(10), 0);
    await expect(reader.close()).resolves.toBeUndefined();
  });

  test('that never waits lets the rest of the process have its turn', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await drain(pieces(Buffer.alloc(64 << 20), 1 << 16));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});
