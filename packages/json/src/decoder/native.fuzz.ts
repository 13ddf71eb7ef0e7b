import { isDeepStrictEqual } from 'node:util';
import { rowsOf } from '../ndjson/testing/rows.ts';
import { mutate, randomBelow } from '../testing/random.ts';
import { columnsOf, type AnyColumns } from './columns.ts';
import { decoder, rowReaderOf, type Decoder, type RowReader } from './decoder.ts';
import { nativeLines } from './native-lines.ts';
import { decodeReasons, OK } from './reasons.ts';
import { randomCase } from './testing/random-case.ts';
import { textDictionary } from './text-dictionary.ts';
import { isUnion, type Schema } from './types.ts';

const MESSAGES = 40;
const LINE_FEED = 0x0a;

type Below = (bound: number) => number;

/**
 * Random schemas and messages, right and wrong, whole and damaged: batches and lines, read into rows by generated code, and
 * natively where that is possible, give the columns and the reasons of messages that are read one by one.
 */
export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'json: rows',
  run(seed, iterations) {
    const below = randomBelow(seed);
    for (let round = 0; round < iterations; round += MESSAGES) {
      const { schema, shape, message } = randomCase(below);
      if (isUnion(schema)) continue;
      const { within, maxLevels, maxTextEntries } = shape;
      // With texts of its own: which integer a new one gets is part of the answer.
      const one = (codeGeneration = true): Decoder<Schema> =>
        decoder(copyOf(schema), { within, maxLevels, maxTextEntries, codeGeneration });
      const frames = Array.from({ length: MESSAGES }, () => (below(4) === 0 ? mutate(message(), below) : message()));
      const capacity = 1 + below(MESSAGES);
      const batch = oneByOne(frames, one());
      const input = linesOf(frames, below);
      const lines = oneByOne(split(input), one());
      const comparisons = [
        [batch, atOnce(frames, one(), capacity)],
        [batch, atOnce(frames, one(false), capacity)],
        [lines, inPlace(input, one())],
        [lines, natively(input, one())],
      ];
      for (const [expected, actual] of comparisons) {
        if (isDeepStrictEqual(actual, expected)) continue;
        throw new Error(
          `seed ${seed}, round ${round}: decoded ${show(actual)}, expected ${show(expected)}; ` +
            `input ${JSON.stringify(input.toString('latin1'))}, schema ${show(schema)}, options ${show(shape)}`,
        );
      }
    }
  },
};

interface Answer {
  readonly rows: readonly unknown[];
  /** How often each reason was given. */
  readonly reasons: readonly number[];
}

/** By JavaScript. */
function oneByOne(messages: readonly Uint8Array[], one: Decoder<Schema>): Answer {
  const columns = columnsOf(one, MESSAGES * 4) as unknown as AnyColumns;
  const reasons = decodeReasons.map(() => 0);
  for (const message of messages) reasons[one.decodeInto(message, columns as never, columns.length)]++;
  return { rows: filled(one, columns), reasons };
}

/** Rows with the texts and the integers of texts. */
function filled({ schema }: Decoder<Schema>, columns: AnyColumns): unknown[] {
  const texts = Object.keys(schema).filter((name) => schema[name].type.kind === 'text');
  const integers = (row: number): number[] => texts.map((name) => (columns.fields[name] as Int32Array)[row]);
  return rowsOf(schema, columns).map((row, at) => [row, integers(at)]);
}

/** Into columns that may be too short for all. */
function atOnce(frames: readonly Uint8Array[], one: Decoder<Schema>, capacity: number): Answer {
  const refused = new Uint32Array(decodeReasons.length);
  const rows: unknown[] = [];
  const columns = columnsOf(one, capacity) as unknown as AnyColumns;
  for (let taken = 0; taken < frames.length; columns.length = 0) {
    taken += one.decodeBatch(frames.slice(taken), columns as never, refused);
    rows.push(...filled(one, columns));
  }
  refused[OK] = rows.length;
  return { rows, reasons: [...refused] };
}

/** By generated code, where the lines stand. */
function inPlace(input: Buffer, one: Decoder<Schema>): Answer {
  const reader = rowReaderOf(one) as RowReader;
  const columns = columnsOf(one, MESSAGES * 4) as unknown as AnyColumns;
  const reasons = decodeReasons.map(() => 0);
  for (const line of split(input)) {
    const start = line.byteOffset - input.byteOffset;
    const end = start + line.length;
    const after = reader.readPrefix(input, start, end, columns);
    const reason = after === end ? OK : reader.read(input, start, end, columns);
    reasons[reason]++;
    if (reason === OK) columns.length++;
  }
  return { rows: filled(one, columns), reasons };
}

function natively(input: Buffer, one: Decoder<Schema>): Answer {
  const native = nativeLines(one);
  if (native === undefined) return oneByOne(split(input), one);
  const columns = columnsOf(one, MESSAGES * 4) as unknown as AnyColumns;
  const reasons = decodeReasons.map(() => 0);
  let at = 0;
  let fed = 0;
  while (at < input.length) {
    const { stop, at: stopped, lines } = native.decode(input, at, input.length, columns, input.length);
    at = stopped;
    fed += lines;
    if (stop !== 'line') continue;
    const end = lineEnd(input, at);
    reasons[one.decodeInto(input.subarray(at, end), columns as never, columns.length)]++;
    if (end < input.length) fed++;
    at = end + 1;
  }
  const expected = input.filter((byte) => byte === LINE_FEED).length;
  if (fed !== expected)
    throw new Error(`passed ${fed} of ${expected} line feeds of ${JSON.stringify(input.toString('latin1'))}`);
  reasons[OK] = columns.length;
  return { rows: filled(one, columns), reasons };
}

function linesOf(frames: readonly Buffer[], below: Below): Buffer {
  const ends = ['\n', '\n', '\n', '\r\n', '\n\n', ' \n\t\r\n'];
  return Buffer.concat(frames.flatMap((frame) => [frame, Buffer.from(ends[below(ends.length)])])).subarray(below(2));
}

/** Lines that are not blank. */
function split(input: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < input.length; at = lineEnd(input, at) + 1) {
    const line = input.subarray(at, lineEnd(input, at));
    if (/[^ \t\r]/.test(line.toString('latin1'))) lines.push(line);
  }
  return lines;
}

function lineEnd(input: Buffer, from: number): number {
  const end = input.indexOf(LINE_FEED, from);
  return end < 0 ? input.length : end;
}

function copyOf(schema: Schema): Schema {
  const copies = new Map<unknown, ReturnType<typeof textDictionary>>();
  const entries = Object.entries(schema).map(([name, spec]) => {
    const { type } = spec;
    if (type.kind !== 'text') return [name, spec] as const;
    const { dictionary } = type;
    const texts = Array.from({ length: dictionary.size }, (_, index) => dictionary.textOf(index) as string);
    const copy = copies.get(dictionary) ?? textDictionary(texts, { closed: dictionary.closed });
    copies.set(dictionary, copy);
    return [name, { ...spec, type: { ...type, dictionary: copy } }] as const;
  });
  return Object.fromEntries(entries);
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner)).slice(0, 3000);
}
