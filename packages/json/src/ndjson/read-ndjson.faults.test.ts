import { appendFileSync, mkdtempSync, readdirSync, readlinkSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { field } from '../decoder/types.ts';
import { readNdjsonColumns } from './read-ndjson-columns.ts';
import { readNdjson } from './read-ndjson.ts';
import { drained } from './testing/chunks.ts';

// Real files, whole, damaged and changed while they are read.

const columns = { price: { path: 'p', type: field.i64({ as: 'number' }) } };
const ROWS = 600_000;
let folder: string;
let lines: Buffer;
let written = 0;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'perf-ndjson-'));
  lines = Buffer.from(Array.from({ length: ROWS }, (_, at) => `{"p":${at},"x":"${at % 7}"}\n`).join(''));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(bytes: Uint8Array): string {
  const name = path.join(folder, `${written++}.ndjson`);
  writeFileSync(name, bytes);
  return name;
}

interface Prices {
  readonly length: number;
  readonly fields: { readonly price: Float64Array };
}

/** How many rows there are; fails unless they are 0, 1, 2, … */
function rowsIn(batches: readonly Prices[]): number {
  let rows = 0;
  for (const { length, fields } of batches) {
    for (let row = 0; row < length; row++) if (fields.price[row] !== rows + row) throw new Error(`row ${rows + row}`);
    rows += length;
  }
  return rows;
}

/** Rows whose lines are whole in so many bytes. */
function rowsBefore(bytes: number): number {
  let rows = 0;
  for (let at = lines.indexOf('\n'); at >= 0 && at < bytes; at = lines.indexOf('\n', at + 1)) rows++;
  return rows;
}

/** Whether this process has the file open; false where the system does not tell. */
function isOpen(name: string): boolean {
  if (process.platform !== 'linux') return false;
  return readdirSync('/proc/self/fd').some((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith(name);
    } catch {
      return false;
    }
  });
}

describe.each([0, 2])('a file, %i threads', (threads) => {
  const options = { columns, threads };

  test('is read whole, by its path or its URL, and closed', async () => {
    const name = file(lines);
    for (const source of [name, pathToFileURL(name)]) {
      const reader = readNdjson(source, options);
      const { batches, error } = await drained(reader);
      expect([error, rowsIn(batches)]).toEqual([undefined, ROWS]);
      expect(reader.summary).toMatchObject({ bytesRead: lines.length, totalBytes: lines.length, lines: ROWS });
      expect(isOpen(name)).toBe(false);
    }
  });

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('may be compressed with %s', async (compression, compress) => {
    const whole = compress(lines);
    const half = Math.floor(whole.length / 2);
    const name = file(whole);
    for (const given of ['auto', compression] as const) {
      const { batches, error } = await drained(readNdjson(name, { ...options, compression: given }));
      expect([error, rowsIn(batches)]).toEqual([undefined, ROWS]);
    }
    const cut = await drained(readNdjson(file(whole.subarray(0, half)), options));
    expect(cut.error).toMatchObject({ code: 'ERR_PERF_JSON_SOURCE' });
    const rows = rowsIn(cut.batches);
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(ROWS);
    const damaged = Buffer.from(whole);
    damaged.fill(0xa5, half, half + 64);
    const { error } = await drained(readNdjson(file(damaged), options));
    // Damage shows as itself, or as lines that are no JSON before it does.
    expect((error as { code: string }).code).toMatch(/^ERR_PERF_JSON_(?:SOURCE|SYNTAX|UTF8|DECODE)$/);
    const plain = await drained(readNdjson(name, { ...options, compression: 'none' }));
    expect((plain.error as { code: string }).code).toMatch(/^ERR_PERF_JSON_(?:SYNTAX|UTF8)$/);
    const wrong = await drained(readNdjson(file(lines.subarray(0, 100)), { ...options, compression }));
    expect(wrong.error).toMatchObject({ code: 'ERR_PERF_JSON_SOURCE' });
  });

  test('that is not there, or is a folder, is an error at the first batch', async () => {
    for (const name of [path.join(folder, 'nothing.ndjson'), folder]) {
      const { batches, error } = await drained(readNdjson(name, options));
      expect(batches).toEqual([]);
      expect(error).toMatchObject({ code: 'ERR_PERF_JSON_SOURCE' });
    }
  });

  test('that becomes shorter while it is read is an error behind what it still had', async () => {
    const name = file(lines);
    const onProgress = (): void => truncateSync(name, 1000);
    const { batches, error } = await drained(readNdjson(name, { ...options, onProgress }));
    expect(error).toMatchObject({ code: 'ERR_PERF_JSON_SOURCE' });
    const { byteOffset } = error as { byteOffset: number };
    expect(byteOffset).toBeLessThan(lines.length);
    expect(rowsIn(batches)).toBe(rowsBefore(byteOffset));
    expect(isOpen(name)).toBe(false);
  });

  test('that grows while it is read has what it had when it was opened', async () => {
    const name = file(lines);
    const onProgress = (): void => appendFileSync(name, '{"p":0}\n');
    const { batches, error } = await drained(readNdjson(name, { ...options, onProgress }));
    expect([error, rowsIn(batches)]).toEqual([undefined, ROWS]);
  });

  test.skipIf(process.platform === 'win32')('that is removed while it is read is read to its end', async () => {
    const name = file(lines);
    const onProgress = (): void => rmSync(name, { force: true });
    const { batches, error } = await drained(readNdjson(name, { ...options, onProgress }));
    expect([error, rowsIn(batches)]).toEqual([undefined, ROWS]);
  });

  test('is closed when the loop is left early, when a line is bad, and when the signal aborts', async () => {
    const name = file(Buffer.concat([lines, Buffer.from('x\n'), lines]));
    for await (const batch of readNdjson(name, options)) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
    expect(isOpen(name)).toBe(false);
    const bad = await drained(readNdjson(name, options));
    expect([rowsIn(bad.batches), isOpen(name)]).toEqual([ROWS, false]);
    expect(bad.error).toMatchObject({ code: 'ERR_PERF_JSON_SYNTAX', line: ROWS + 1, byteOffset: lines.length });
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = await drained(readNdjson(name, { ...options, signal, onProgress: () => controller.abort() }));
    expect(aborted.error).toMatchObject({ code: 'ERR_PERF_JSON_ABORTED' });
    expect(isOpen(name)).toBe(false);
  });

  test('is read into one set of columns', async () => {
    const { columns: all, summary } = await readNdjsonColumns(file(lines), options);
    expect([rowsIn([all]), all.capacity, all.fields.price.length]).toEqual([ROWS, ROWS, ROWS]);
    expect(summary).toMatchObject({ rows: ROWS, lines: ROWS, badLines: 0 });
    const zipped = await readNdjsonColumns(file(gzipSync(lines)), options);
    expect(rowsIn([zipped.columns])).toBe(ROWS);
  });
});
