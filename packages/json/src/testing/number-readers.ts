// Every reader of numbers against its definition: doubles against the engine, to the bit; the others against exact arithmetic.
import { backend, javascript } from '../backend.ts';
import { decoder } from '../decoder/decoder.ts';
import { OK } from '../decoder/reasons.ts';
import { field } from '../decoder/types.ts';
import type { Cursor, Document } from '../document/document.ts';
import { openWith } from '../document/open.ts';
import { JsonError } from '../errors.ts';
import { parse } from '../parse.ts';
import { exactly } from './exact.ts';

/** Decimals of the scaled readers. */
const SCALE = 4;
const MAX_INT64 = 2n ** 63n - 1n;
/** Readers of exact numbers refuse longer exponents whatever the value is. */
const LONG_EXPONENT = /e[+-]?\d{4}|e[+-]?[3-9]\d\d/i;

const decoders = [true, false].map((codeGeneration) => ({
  double: decoder({ double: { path: 'd', type: field.f64() } }, { codeGeneration }),
  whole: decoder({ whole: { path: 'w', type: field.i64() } }, { codeGeneration }),
  ticks: decoder({ ticks: { path: 't', type: field.ticks(SCALE, { signed: true }) } }, { codeGeneration }),
}));
const records = decoders.map(({ double, whole, ticks }) => ({
  double: double.record(),
  whole: whole.record(),
  ticks: ticks.record(),
}));

/** What a JSON number is. `null` is for what is not asked. */
interface Expected {
  readonly double: number;
  readonly whole: bigint | undefined | null;
  readonly scaled: bigint | undefined | null;
}

/** The first of these JSON numbers that some reader reads otherwise than it is; undefined where all are right. */
export function firstMisread(texts: readonly string[]): string | undefined {
  const bytes = Buffer.from(`[${texts.join(', ')}]`);
  const doubles = JSON.parse(bytes.toString()) as number[];
  const numbers = texts.map((text, place): Expected => {
    const isAsked = !LONG_EXPONENT.test(text);
    const [whole, scaled] = [0, SCALE].map((scale) => (isAsked ? exactly(text, scale) : null));
    return { double: doubles[place], whole, scaled };
  });
  const parsed = parse(bytes) as number[];
  let place = numbers.findIndex(({ double }, place) => !Object.is(parsed[place], double));
  if (place >= 0) return texts[place];
  for (const builder of backend() === javascript ? [javascript] : [javascript, backend()]) {
    const document = openWith(builder, bytes);
    place = 0;
    for (const cursor of document.iterate())
      if (!isReadByDocument(document, cursor, numbers[place++])) return texts[place - 1];
    if (place !== texts.length) return texts[place];
  }
  return texts.find((text, place) => !isReadByDecoders(text, numbers[place]));
}

function isReadByDocument(document: Document, cursor: Cursor, { double, whole, scaled }: Expected): boolean {
  return (
    Object.is(document.number('', cursor), double) &&
    Object.is(document.get('', cursor), double) &&
    (whole === null || gives(() => document.bigint('', cursor), whole)) &&
    (scaled === null || gives(() => document.decimalBigInt('', SCALE, cursor), scaled)) &&
    (scaled === null || gives(() => document.decimal('', SCALE, cursor), safe(scaled)))
  );
}

function isReadByDecoders(text: string, { double, whole, scaled }: Expected): boolean {
  const [d, w, t] = ['d', 'w', 't'].map((key) => Buffer.from(`{"${key}":${text}}`));
  const ticks = scaled === null ? null : safe(scaled);
  const int64 = typeof whole === 'bigint' && (whole > MAX_INT64 || whole < -MAX_INT64 - 1n) ? undefined : whole;
  return decoders.every((read, place) => {
    const record = records[place];
    // A message that says so has no infinity: it is refused.
    const isDouble = read.double.tryDecode(d, record.double) === OK;
    const isWhole = int64 !== null && read.whole.tryDecode(w, record.whole) === OK;
    const isCount = ticks !== null && read.ticks.tryDecode(t, record.ticks) === OK;
    return (
      (Number.isFinite(double) ? isDouble && Object.is(record.double.double, double) : !isDouble) &&
      (int64 === null || (int64 === undefined ? !isWhole : isWhole && record.whole.whole === int64)) &&
      (ticks === null || (ticks === undefined ? !isCount : isCount && Object.is(record.ticks.ticks, ticks)))
    );
  });
}

function safe(value: bigint | undefined): number | undefined {
  const number = Number(value ?? Number.NaN);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Whether a reader gives this value, or refuses where there is none. */
function gives(read: () => unknown, wanted: unknown): boolean {
  try {
    const value = read();
    return wanted !== undefined && Object.is(value, wanted);
  } catch (error) {
    if (error instanceof JsonError && error.code === 'ERR_PERF_JSON_NUMBER') return wanted === undefined;
    throw error;
  }
}
