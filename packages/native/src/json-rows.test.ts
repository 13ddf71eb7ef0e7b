import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { NativeError } from './errors.ts';
import { prepareJsonRows } from './json-rows.ts';
import { hasAddon } from './testing/addon.ts';
import { node } from './testing/child.ts';

const NONE = [0, 1, 0, 0];
const ANY = 1e9;
/** A double under "p", and levels of whole numbers under "b" or none. */
const WORDS = Int32Array.of(
  ...[2, 1, 0, 100],
  ...[0, 0, 0, 0, 0, ...NONE, ...NONE],
  ...[6, 1, 0, 0, 0, ...NONE, ...NONE],
  ...[2, 1, 0, 0, 1, 0, 1],
);
const KEYS = Buffer.from('pb');
/** A text under "s". */
const TEXT_WORDS = Int32Array.of(1, 1, 1, 1, 5, 0, 0, 0, 0, ...NONE, ...NONE, 1, 1, 0, 0);

const wrongArgument = expect.objectContaining({ code: 'ERR_PERF_NATIVE_ARGUMENT' }) as NativeError;

function shared(bytes: Uint8Array): Uint8Array {
  const memory = new Uint8Array(new SharedArrayBuffer(bytes.length));
  memory.set(bytes);
  return memory;
}

function sharedColumns(rows: number, levels: number): [Float64Array, Float64Array, Float64Array, Uint32Array] {
  const doubles = (length: number): Float64Array => new Float64Array(new SharedArrayBuffer(8 * length));
  return [doubles(rows), doubles(levels), doubles(levels), new Uint32Array(new SharedArrayBuffer(4 * (rows + 1)))];
}

describe.skipIf(!hasAddon())('prepared rows', () => {
  const lines = Buffer.from('{"p":1.5,"b":[["1",2],[3,"4"]]}\r\n\n{"p":"-2"}\n{"b":[],"p":3}\n{"p":x}\n{"p":4}');

  test('write lines into columns and say how far they came', () => {
    const rows = prepareJsonRows(WORDS, KEYS);
    const columns = sharedColumns(8, 8);
    const control = Float64Array.of(0, lines.length, 2, 8, ANY);
    expect(rows.decodeLines(lines, control, columns)).toBe(2);
    expect([...control.subarray(0, 3)]).toEqual([lines.indexOf('{"p":x'), 3, 4]);
    const [prices, ticks, lots, starts] = columns;
    expect([...prices.subarray(2, 5)]).toEqual([1.5, -2, 3]);
    expect([...starts.subarray(2, 6)]).toEqual([0, 2, 2, 2]);
    expect([...ticks.subarray(0, 2), ...lots.subarray(0, 2)]).toEqual([1, 3, 2, 4]);
    control.set([lines.lastIndexOf('{'), lines.length, 0, 8]);
    expect(rows.decodeLines(lines, control, columns)).toBe(0);
    expect([...control.subarray(0, 3)]).toEqual([lines.length, 1, 0]);
  });

  test('stop where columns are full, levels need room, or a line is too long', () => {
    const rows = prepareJsonRows(WORDS, KEYS);
    const stop = (columns: ReturnType<typeof sharedColumns>, capacity: number, maxBytes: number): number[] => {
      const control = Float64Array.of(0, lines.length, 0, capacity, maxBytes);
      return [rows.decodeLines(lines, control, columns), ...control.subarray(0, 4)];
    };
    expect(stop(sharedColumns(8, 8), 1, ANY)).toEqual([1, 34, 1, 2, 0]);
    expect(stop(sharedColumns(8, 1), 8, ANY)).toEqual([3, 0, 0, 0, 1]);
    expect(stop(sharedColumns(8, 8), 8, 31)).toEqual([2, 0, 0, 0, 0]);
    expect(stop(sharedColumns(8, 8), 8, 32).slice(1, 3)).toEqual([lines.indexOf('{"p":x'), 3]);
  });

  test('write documents into columns', () => {
    const rows = prepareJsonRows(WORDS, KEYS);
    const bytes = Buffer.from('{"p":1}\n{"p":\n2}\n[]\n{"p":3}\n');
    const ends = Uint32Array.of(7, 16, 19, 27);
    const columns = sharedColumns(4, 4);
    const control = Float64Array.of(0, 4, 0, 4, 0);
    expect(rows.decodeDocuments(bytes, control, ends, columns)).toBe(2);
    expect([...control.subarray(0, 2)]).toEqual([2, 2]);
    control.set([3, 4, 2, 4]);
    expect(rows.decodeDocuments(bytes, control, ends, columns)).toBe(0);
    expect([...columns[0].subarray(0, 3)]).toEqual([1, 2, 3]);
  });

  test('learn texts', () => {
    const rows = prepareJsonRows(TEXT_WORDS, Buffer.from('s'));
    const bytes = Buffer.from('{"s":"A"}\n{"s":"BC"}\n{"s":"D"}\n');
    const texts = new Int32Array(4);
    const decode = (from: number, row: number): number =>
      rows.decodeLines(bytes, Float64Array.of(from, bytes.length, row, 4, ANY), [texts]);
    expect(decode(0, 0)).toBe(2);
    expect(rows.learnTexts(0, Buffer.from('BCA'), Uint32Array.of(2, 3))).toBe(2);
    expect(decode(0, 0)).toBe(2);
    expect(rows.learnTexts(0, Buffer.from('D'), Uint32Array.of(1))).toBe(3);
    expect(decode(0, 0)).toBe(0);
    expect([...texts]).toEqual([1, 0, 2, 0]);
    expect(() => rows.learnTexts(1, Buffer.from('D'), Uint32Array.of(1))).toThrow(wrongArgument);
    expect(() => rows.learnTexts(0, Buffer.from('D'), Uint32Array.of(2))).toThrow(wrongArgument);
  });

  test('refuse what is no program, and arrays that are not those of the program', () => {
    expect(() => prepareJsonRows(Int32Array.of(1, 2, 3), KEYS)).toThrow(wrongArgument);
    expect(() => prepareJsonRows(WORDS, Buffer.from('p'))).toThrow(wrongArgument);
    expect(() => prepareJsonRows([] as never, KEYS)).toThrow(wrongArgument);
    const rows = prepareJsonRows(WORDS, KEYS);
    const control = Float64Array.of(0, lines.length, 0, 8, ANY);
    const columns = sharedColumns(8, 8);
    for (const wrong of [[], columns.slice(1), [...columns].toReversed(), columns.slice(0, 3)]) {
      expect(() => rows.decodeLines(lines, control, wrong)).toThrow(wrongArgument);
    }
    expect(() => rows.decodeLines('{}' as never, control, columns)).toThrow(wrongArgument);
    expect(() => rows.decodeLines(lines, new Float64Array(4), columns)).toThrow(wrongArgument);
    expect(() => rows.decodeDocuments(lines, control, columns[0] as never, columns)).toThrow(wrongArgument);
    const memory = new ArrayBuffer(64);
    const overlapping = [new Float64Array(memory, 32, 1), ...columns.slice(1)];
    expect(() => rows.decodeLines(new Uint8Array(memory, 0, 33), control, overlapping)).toThrow(wrongArgument);
  });

  test('stay within columns that are shorter than they are said to be', () => {
    const rows = prepareJsonRows(WORDS, KEYS);
    const control = Float64Array.of(0, lines.length, 0, ANY, ANY);
    expect(rows.decodeLines(lines, control, [new Float64Array(1), ...sharedColumns(8, 8).slice(1)])).toBe(2);
    expect(control[1]).toBe(1);
    for (const numbers of [
      [Number.NaN, -1, 2 ** 60, 2 ** 60, 0],
      [2 ** 40, 2 ** 50, 0, 8, ANY],
    ]) {
      expect(rows.decodeLines(lines, Float64Array.from(numbers), sharedColumns(8, 8))).toBe(0);
    }
  });

  test('work on threads, several at a time, and give what the synchronous call gives', async () => {
    const rows = prepareJsonRows(WORDS, KEYS);
    const bytes = shared(
      Buffer.from(Array.from({ length: 20_000 }, (_, at) => `{"x":"${'y'.repeat(at % 40)}","p":${at}}`).join('\n')),
    );
    const runs = Array.from({ length: 8 }, () => {
      const columns = sharedColumns(20_000, 1);
      const control = Float64Array.of(0, bytes.length, 0, 20_000, ANY);
      return { columns, control, done: rows.decodeLinesAsync(bytes, control, columns) };
    });
    const expected = Float64Array.from({ length: 20_000 }, (_, at) => at);
    for (const { columns, control, done } of runs) {
      expect(await done).toBe(0);
      expect([...control.subarray(0, 3)]).toEqual([bytes.length, 20_000, 19_999]);
      expect(Buffer.from(columns[0].buffer).equals(Buffer.from(expected.buffer))).toBe(true);
    }
  });

  test('give threads shared memory alone', async () => {
    const rows = prepareJsonRows(WORDS, KEYS);
    const control = Float64Array.of(0, lines.length, 0, 8, ANY);
    const columns = sharedColumns(8, 8);
    await expect(rows.decodeLinesAsync(lines, control, columns)).rejects.toThrow(wrongArgument);
    for (let place = 0; place < columns.length; place++) {
      const mixed = columns.map((column, at) => (at === place ? column.slice() : column));
      await expect(rows.decodeLinesAsync(shared(lines), control, mixed)).rejects.toThrow(wrongArgument);
    }
    expect(await rows.decodeLinesAsync(shared(lines), control, columns)).toBe(2);
  });

  const inFlight = fileURLToPath(new URL('testing/in-flight.ts', import.meta.url));

  test('keep the process until promises are settled, and no longer', async () => {
    expect(await node([inFlight, 'settle'])).toBe('settled 0,0,0');
  });

  test('may be in flight when the process or a worker ends', { timeout: 60_000 }, async () => {
    expect(await node([inFlight, 'exit'])).toBe('');
    expect(await node([inFlight, 'terminate'])).toBe('settled 0,0,0');
  });
});
