// Bytes and columns whose memory is gone look like empty ones: that must be an error, not a document that ends too early.
import { describe, expect, test } from 'vitest';
import {
  columnsOf,
  decoder,
  field,
  isValid,
  open,
  parse,
  parseAsync,
  readNdjson,
  readNdjsonColumns,
  streamArray,
  validate,
} from './index.ts';
import { collected } from './stream/testing/collected.ts';
import { thrown } from './testing/thrown.ts';

/** Newer than the types of the language level. */
type ResizableBuffer = ArrayBuffer & { resize(length: number): void };
const Resizable = ArrayBuffer as unknown as new (length: number, options: { maxByteLength: number }) => ResizableBuffer;

function detach(array: { readonly buffer: ArrayBufferLike }): void {
  structuredClone(array.buffer, { transfer: [array.buffer as ArrayBuffer] });
}

interface Loss {
  readonly bytes: Uint8Array;
  lose(): void;
}

/** The bytes of a text, and how their memory goes. */
const LOSSES: Readonly<Record<string, (text: string) => Loss>> = {
  detached(text) {
    const bytes = new TextEncoder().encode(text);
    return { bytes, lose: () => detach(bytes) };
  },
  'detached, of a Buffer'(text) {
    const bytes = Buffer.from(new TextEncoder().encode(text).buffer);
    return { bytes, lose: () => detach(bytes) };
  },
  shrunk(text) {
    const memory = new Resizable(text.length, { maxByteLength: 2 * text.length });
    const bytes = new Uint8Array(memory, 0, text.length);
    bytes.set(Buffer.from(text));
    return { bytes, lose: () => memory.resize(text.length - 1) };
  },
  'shrunk, of an array that follows its buffer'(text) {
    const memory = new Resizable(text.length + 1, { maxByteLength: 2 * text.length });
    const bytes = new Uint8Array(memory, 1);
    bytes.set(Buffer.from(text));
    return { bytes, lose: () => memory.resize(0) };
  },
};

const SCHEMA = { price: { path: 'p', type: field.f64() } };
const LINE = '{"p":7}\n';

describe.each(Object.entries(LOSSES))('bytes that are %s', (_, lossOf) => {
  test.each<[string, (bytes: Uint8Array) => unknown]>([
    ['parse', (bytes) => parse(bytes)],
    ['parse with options', (bytes) => parse(bytes, { numbers: 'string' })],
    ['validate', (bytes) => validate(bytes)],
    ['isValid', (bytes) => isValid(bytes)],
    ['open', (bytes) => open(bytes)],
    ['open without validation', (bytes) => open(bytes, { trust: true })],
    ['decode', (bytes) => decoder(SCHEMA).decode(bytes)],
    ['decode without generated code', (bytes) => decoder(SCHEMA, { codeGeneration: false }).decode(bytes)],
    ['tryDecode', (bytes) => decoder(SCHEMA).tryDecode(bytes, { price: 0 })],
    ['faultOf', (bytes) => decoder(SCHEMA).faultOf(bytes)],
    ['readNdjson', (bytes) => readNdjson(bytes)],
    ['readNdjson into columns', (bytes) => readNdjson(bytes, { columns: SCHEMA })],
    ['streamArray', (bytes) => streamArray(bytes, '')],
  ])('are refused by %s', (_name, call) => {
    const { bytes, lose } = lossOf(LINE);
    lose();
    expect(thrown(() => call(bytes)).code).toBe('ERR_PERF_JSON_INPUT');
  });

  test('are refused by what gives promises', async () => {
    const { bytes, lose } = lossOf(LINE);
    lose();
    await expect(parseAsync(bytes)).rejects.toMatchObject({ code: 'ERR_PERF_JSON_INPUT' });
    const all = (async () => await readNdjsonColumns(bytes, { columns: SCHEMA }))();
    await expect(all).rejects.toMatchObject({ code: 'ERR_PERF_JSON_INPUT' });
  });

  test.each([true, false])('end a batch behind the messages before them; generated code: %s', (codeGeneration) => {
    const read = decoder(SCHEMA, { codeGeneration });
    const columns = columnsOf(read, 100);
    const { bytes, lose } = lossOf(LINE);
    lose();
    const frames = Array.from({ length: 20 }, (_, at) => (at === 12 ? bytes : Buffer.from(`{"p":${at}}`)));
    expect(thrown(() => read.decodeBatch(frames, columns)).code).toBe('ERR_PERF_JSON_INPUT');
    expect([...columns.fields.price.subarray(0, columns.length)]).toEqual(Array.from({ length: 12 }, (_, at) => at));
  });

  test.each([0, 2])('while they are read end the lines behind those that were read, %i threads', async (threads) => {
    const { bytes, lose } = lossOf(LINE.repeat(1_000_000));
    let rows = 0;
    const { error } = await collected({
      async *[Symbol.asyncIterator]() {
        for await (const { length, fields } of readNdjson(bytes, { columns: SCHEMA, threads })) {
          if (rows === 0) lose();
          rows += length;
          expect(fields.price.subarray(0, length).every((price) => price === 7)).toBe(true);
          yield length;
        }
      },
    });
    expect(error).toMatchObject({ code: 'ERR_PERF_JSON_SOURCE', message: expect.stringContaining('are gone') });
    expect(rows).toBe(Math.floor((error?.byteOffset as number) / LINE.length));
  });

  test('while they are read end the elements behind those that were read', async () => {
    const { bytes, lose } = lossOf(`[${'7,'.repeat(1_000_000)}7]`);
    let elements = 0;
    const { error } = await collected({
      async *[Symbol.asyncIterator]() {
        for await (const element of streamArray(bytes, '')) {
          if (elements++ === 0) lose();
          yield element;
        }
      },
    });
    expect(error).toMatchObject({ code: 'ERR_PERF_JSON_SOURCE', message: expect.stringContaining('are gone') });
    expect(elements).toBe(Math.floor(((error?.byteOffset as number) - 1) / 2));
  });

  test('in a chunk are an error at its place', async () => {
    const { bytes, lose } = lossOf(LINE);
    lose();
    const { items, error } = await collected(readNdjson([Buffer.from(LINE), bytes]));
    expect(items).toEqual([{ p: 7 }]);
    expect(error).toMatchObject({ code: 'ERR_PERF_JSON_SOURCE', byteOffset: LINE.length });
  });

  test('once the next chunk is asked for are not missed', async () => {
    function* chunks(): Generator<Uint8Array> {
      for (let left = 3; left > 0; left--) {
        const { bytes, lose } = lossOf(LINE.repeat(100));
        yield bytes;
        lose();
      }
    }
    expect((await collected(readNdjson(chunks()))).items).toHaveLength(300);
  });
});

test('bytes that are empty are no lost ones', () => {
  expect(isValid(new Uint8Array(0))).toBe(false);
  expect(thrown(() => decoder(SCHEMA).decode(new Uint8Array(0))).code).toBe('ERR_PERF_JSON_SYNTAX');
  expect(validate(new Uint8Array(new ArrayBuffer(7), 7))?.code).toBe('ERR_PERF_JSON_SYNTAX');
});

test('bytes that grow while they are read are read up to the length that they had', async () => {
  const text = LINE.repeat(100_000);
  const memory = new Resizable(text.length, { maxByteLength: 2 * text.length });
  const bytes = new Uint8Array(memory);
  bytes.set(Buffer.from(text));
  const { items, error } = await collected(
    readNdjson(bytes, { columns: SCHEMA, threads: 0, onProgress: () => memory.resize(2 * text.length) }),
  );
  expect(error).toBeUndefined();
  expect(items.reduce((rows, { length }) => rows + length, 0)).toBe(100_000);
});

describe.each([true, false])('columns that are detached, generated code: %s', (codeGeneration) => {
  const levels = field.levels({ price: field.ticks(0), quantity: field.lots(0) });
  const read = decoder({ ...SCHEMA, bids: { path: 'b', type: levels } }, { codeGeneration });
  const frame = Buffer.from('{"p":7,"b":[["1","2"],["3","4"]]}');
  const filled = () => {
    const columns = columnsOf(read, 32);
    read.decodeBatch([frame, frame], columns);
    return columns;
  };
  type Columns = ReturnType<typeof filled>;

  test.each<[string, (columns: Columns) => { readonly buffer: ArrayBufferLike }]>([
    ['price', ({ fields }) => fields.price],
    ['bids.starts', ({ fields }) => fields.bids.starts],
    ['bids.ticks', ({ fields }) => fields.bids.ticks],
    ['bids.lots', ({ fields }) => fields.bids.lots],
  ])('take no rows: %s', (_, column) => {
    const columns = filled();
    detach(column(columns));
    expect(thrown(() => read.decodeInto(frame, columns, 2)).code).toBe('ERR_PERF_JSON_INPUT');
    for (const count of [1, 20]) {
      const frames = Array.from({ length: count }, () => frame);
      expect(thrown(() => read.decodeBatch(frames, columns)).code).toBe('ERR_PERF_JSON_INPUT');
    }
    expect(columns.length).toBe(2);
  });
});
