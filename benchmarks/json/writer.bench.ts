import { bench, seeded } from '@perf/bench';
import type { BenchCase, InputSource } from '@perf/bench';
import type { Schema } from '@perf/json';

// Columns to bytes. Every contestant starts from the same typed arrays and returns the same bytes; whoever writes objects has
// to make them first, because that is what having columns means.

const ROWS = 10_000;
const DEPTH_ROWS = 500;
const LEVELS = 20;

type Random = () => number;
const integers = (length: number, at: (row: number) => number): Float64Array =>
  Float64Array.from({ length }, (_, row) => Math.floor(at(row)));

interface Trades {
  readonly length: number;
  readonly fields: {
    readonly time: Float64Array;
    readonly id: Float64Array;
    /** At one decimal. */
    readonly price: Float64Array;
    /** At three decimals. */
    readonly quantity: Float64Array;
    readonly isMaker: Uint8Array;
  };
}

interface Trade {
  readonly T: number;
  readonly a: number;
  readonly p: string;
  readonly q: string;
  readonly m: boolean;
}

function trades(random: Random): Trades {
  return {
    length: ROWS,
    fields: {
      time: integers(ROWS, (row) => 1_723_161_256_296 + row * 7),
      id: integers(ROWS, (row) => 2_293_837_120 + row),
      price: integers(ROWS, () => 600_000 + random() * 20_000),
      quantity: integers(ROWS, () => random() * 5_000),
      isMaker: Uint8Array.from({ length: ROWS }, () => (random() < 0.5 ? 1 : 0)),
    },
  };
}

function tradeAt({ fields }: Trades, row: number): Trade {
  return {
    T: fields.time[row],
    a: fields.id[row],
    p: (fields.price[row] / 10).toFixed(1),
    q: (fields.quantity[row] / 1000).toFixed(3),
    m: fields.isMaker[row] === 1,
  };
}

function tradeText({ fields }: Trades, row: number): string {
  const price = (fields.price[row] / 10).toFixed(1);
  const quantity = (fields.quantity[row] / 1000).toFixed(3);
  return `{"T":${fields.time[row]},"a":${fields.id[row]},"p":"${price}","q":"${quantity}","m":${fields.isMaker[row] === 1}}`;
}

/** Digits moved by hand, so that no contestant judges itself. */
function decimalText(count: number, decimals: number): string {
  const digits = String(count).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function tradeAnswer({ fields }: Trades, row: number): string {
  const price = decimalText(fields.price[row], 1);
  const quantity = decimalText(fields.quantity[row], 3);
  return `{"T":${fields.time[row]},"a":${fields.id[row]},"p":"${price}","q":"${quantity}","m":${fields.isMaker[row] === 1}}`;
}

interface Quotes {
  readonly length: number;
  readonly fields: {
    readonly time: Float64Array;
    readonly bid: Float64Array;
    readonly ask: Float64Array;
    readonly bidSize: Float64Array;
    readonly askSize: Float64Array;
  };
}

interface Quote {
  readonly time: number;
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
}

/** Doubles with `decimals` decimals, or with all their digits. */
function quotes(decimals: number | undefined): (random: Random) => Quotes {
  return (random) => {
    const column = (size: number): Float64Array =>
      Float64Array.from({ length: ROWS }, () => {
        const value = size * (1 + random());
        return decimals === undefined ? value : Number(value.toFixed(decimals));
      });
    const time = integers(ROWS, (row) => 1_723_161_256_296 + row * 7);
    const fields = { time, bid: column(61_000), ask: column(61_000), bidSize: column(5), askSize: column(5) };
    return { length: ROWS, fields };
  };
}

function quoteAt({ fields }: Quotes, row: number): Quote {
  return {
    time: fields.time[row],
    bid: fields.bid[row],
    ask: fields.ask[row],
    bidSize: fields.bidSize[row],
    askSize: fields.askSize[row],
  };
}

function quoteText({ fields: { time, bid, ask, bidSize, askSize } }: Quotes, row: number): string {
  return `{"time":${time[row]},"bid":${bid[row]},"ask":${ask[row]},"bidSize":${bidSize[row]},"askSize":${askSize[row]}}`;
}

interface LevelsColumn {
  readonly ticks: Float64Array;
  readonly lots: Float64Array;
  readonly starts: Uint32Array;
}

interface Books {
  readonly length: number;
  readonly fields: { readonly id: Float64Array; readonly bids: LevelsColumn; readonly asks: LevelsColumn };
}

interface Book {
  readonly u: number;
  readonly b: [string, string][];
  readonly a: [string, string][];
}

function books(random: Random): Books {
  const side = (): LevelsColumn => ({
    ticks: integers(DEPTH_ROWS * LEVELS, () => 600_000 + random() * 20_000),
    lots: integers(DEPTH_ROWS * LEVELS, () => random() * 5_000),
    starts: Uint32Array.from({ length: DEPTH_ROWS + 1 }, (_, row) => row * LEVELS),
  });
  const id = integers(DEPTH_ROWS, (row) => 5_123_107_832_006 + row * 100);
  return { length: DEPTH_ROWS, fields: { id, bids: side(), asks: side() } };
}

function pairs<Pair>(
  { ticks, lots, starts }: LevelsColumn,
  row: number,
  pair: (tick: number, lot: number) => Pair,
): Pair[] {
  const entries: Pair[] = [];
  for (let entry = starts[row]; entry < starts[row + 1]; entry++) entries.push(pair(ticks[entry], lots[entry]));
  return entries;
}

function bookAt({ fields: { id, bids, asks } }: Books, row: number): Book {
  const pair = (tick: number, lot: number): [string, string] => [(tick / 10).toFixed(1), (lot / 1000).toFixed(3)];
  return { u: id[row], b: pairs(bids, row, pair), a: pairs(asks, row, pair) };
}

function bookText(
  { fields: { id, bids, asks } }: Books,
  row: number,
  pair = (tick: number, lot: number): string => `["${(tick / 10).toFixed(1)}","${(lot / 1000).toFixed(3)}"]`,
): string {
  return `{"u":${id[row]},"b":[${pairs(bids, row, pair).join(',')}],"a":[${pairs(asks, row, pair).join(',')}]}`;
}

const bookAnswer = (input: Books, row: number): string =>
  bookText(input, row, (tick, lot) => `["${decimalText(tick, 1)}","${decimalText(lot, 3)}"]`);

type Columns = { readonly length: number };

/** An array of what a function makes of each row. */
function each<Input extends Columns, Value>(input: Input, make: (input: Input, row: number) => Value): Value[] {
  const values: Value[] = [];
  for (let row = 0; row < input.length; row++) values.push(make(input, row));
  return values;
}

function arrayOf<Input extends Columns>(input: Input, textAt: (input: Input, row: number) => string): Buffer {
  let text = '';
  for (let row = 0; row < input.length; row++) text += (row === 0 ? '' : ',') + textAt(input, row);
  return Buffer.from(`[${text}]`);
}

function linesOf<Input extends Columns>(input: Input, textAt: (input: Input, row: number) => string): Buffer {
  let text = '';
  for (let row = 0; row < input.length; row++) text += `${textAt(input, row)}\n`;
  return Buffer.from(text);
}

async function fastStringify(properties: object): Promise<(value: unknown) => string> {
  const { default: build } = await import('fast-json-stringify');
  return build({ type: 'object', properties } as Parameters<typeof build>[0]);
}

const numberType = { type: 'number' };
const textType = { type: 'string' };
const tradeProperties = { T: numberType, a: numberType, p: textType, q: textType, m: { type: 'boolean' } };
const quoteProperties = {
  time: numberType,
  bid: numberType,
  ask: numberType,
  bidSize: numberType,
  askSize: numberType,
};
const sideType = { type: 'array', items: { type: 'array', items: textType } };
const bookProperties = { u: numberType, b: sideType, a: sideType };

async function tradeSchema() {
  const { field } = await import('@perf/json');
  const integer = field.i64({ as: 'number' });
  return {
    time: { path: 'T', type: integer },
    id: { path: 'a', type: integer },
    price: { path: 'p', type: field.ticks('0.10') },
    quantity: { path: 'q', type: field.lots('0.001') },
    isMaker: { path: 'm', type: field.bool() },
  };
}

async function quoteSchema() {
  const { field } = await import('@perf/json');
  const double = field.f64();
  return {
    time: { path: 'time', type: field.i64({ as: 'number' }) },
    bid: { path: 'bid', type: double },
    ask: { path: 'ask', type: double },
    bidSize: { path: 'bidSize', type: double },
    askSize: { path: 'askSize', type: double },
  };
}

async function bookSchema() {
  const { field } = await import('@perf/json');
  const levels = field.levels({ price: field.ticks('0.10'), quantity: field.lots('0.001') });
  return {
    id: { path: 'u', type: field.i64({ as: 'number' }) },
    bids: { path: 'b', type: levels },
    asks: { path: 'a', type: levels },
  };
}

/** Columns of one kind, and the ways in which contestants write a row of them. */
interface Kind<Input extends Columns> {
  readonly input: InputSource<Input>;
  readonly schema: () => Promise<Schema>;
  readonly objectAt: (input: Input, row: number) => object;
  readonly textAt: (input: Input, row: number) => string;
  /** The right text of a row. */
  readonly answerAt: (input: Input, row: number) => string;
  /** For fast-json-stringify. */
  readonly properties: object;
}

function toLines<Input extends Columns>(name: string, kind: Kind<Input>): BenchCase {
  const write = async (input: Input, codeGeneration: boolean): Promise<() => Uint8Array> => {
    const { ndjsonWriter } = await import('@perf/json');
    const writer = ndjsonWriter(await kind.schema(), { codeGeneration });
    return () => writer.toBytes(input as never);
  };
  return bench<Input, Uint8Array>({
    name: `${name} to NDJSON`,
    input: kind.input,
    units: ({ length }) => ({ name: 'rows', count: length }),
    answer: (input) => linesOf(input, kind.answerAt),
    ours: { name: 'ndjsonWriter', package: '@perf/json', setup: (input) => write(input, true) },
    peers: [
      {
        name: 'ndjsonWriter without code generation',
        package: '@perf/json',
        setup: (input) => write(input, false),
      },
      {
        name: 'objects and JSON.stringify',
        setup: (input) => () => linesOf(input, (_, row) => JSON.stringify(kind.objectAt(input, row))),
      },
      { name: 'template strings', setup: (input) => () => linesOf(input, kind.textAt) },
      {
        name: 'objects and fast-json-stringify',
        package: 'fast-json-stringify',
        setup: async (input) => {
          const stringify = await fastStringify(kind.properties);
          return () => linesOf(input, (_, row) => stringify(kind.objectAt(input, row)));
        },
      },
    ],
  });
}

function toArray<Input extends Columns>(name: string, kind: Kind<Input>): BenchCase {
  return bench<Input, Uint8Array>({
    name: `${name} to a JSON array`,
    input: kind.input,
    units: ({ length }) => ({ name: 'rows', count: length }),
    answer: (input) => arrayOf(input, kind.answerAt),
    ours: {
      name: 'jsonWriter',
      package: '@perf/json',
      setup: async (input) => {
        const { jsonWriter } = await import('@perf/json');
        const writer = jsonWriter(await kind.schema());
        return () => writer.toBytes(input as never);
      },
    },
    peers: [
      {
        name: 'objects and JSON.stringify',
        setup: (input) => () => Buffer.from(JSON.stringify(each(input, kind.objectAt))),
      },
      { name: 'template strings', setup: (input) => () => arrayOf(input, kind.textAt) },
      {
        name: 'objects and fast-json-stringify',
        package: 'fast-json-stringify',
        setup: async (input) => {
          const stringify = await fastStringify(kind.properties);
          return () => arrayOf(input, (_, row) => stringify(kind.objectAt(input, row)));
        },
      },
    ],
  });
}

const tradeKind: Kind<Trades> = {
  input: seeded(42, trades),
  schema: tradeSchema,
  objectAt: tradeAt,
  textAt: tradeText,
  answerAt: tradeAnswer,
  properties: tradeProperties,
};

/** Plain doubles need no text made by the caller: the case that is best for the engine. */
const quoteKind = (decimals: number | undefined): Kind<Quotes> => ({
  input: seeded(42, quotes(decimals)),
  schema: quoteSchema,
  objectAt: quoteAt,
  textAt: quoteText,
  answerAt: (input, row) => JSON.stringify(quoteAt(input, row)),
  properties: quoteProperties,
});

const bookKind: Kind<Books> = {
  input: seeded(42, books),
  schema: bookSchema,
  objectAt: bookAt,
  textAt: (input, row) => bookText(input, row),
  answerAt: bookAnswer,
  properties: bookProperties,
};

/** Objects that exist already: bounded memory is what the stream adds, speed is what it costs. */
const objectStream = bench({
  name: `${ROWS} objects to the chunks of a JSON array`,
  input: seeded(42, (random) => {
    const columns = trades(random);
    return each(columns, tradeAt);
  }),
  units: ({ length }) => ({ name: 'rows', count: length }),
  answer: (input) => Buffer.from(JSON.stringify(input)),
  ours: {
    name: 'stringifyStream',
    package: '@perf/json',
    setup: async (input) => {
      const { stringifyStream } = await import('@perf/json');
      return () => Buffer.concat([...stringifyStream(input)]);
    },
  },
  peers: [{ name: 'JSON.stringify of the whole', setup: (input) => () => Buffer.from(JSON.stringify(input)) }],
});

const cases: BenchCase[] = [
  toLines(`${ROWS} trades of 5 columns`, tradeKind),
  toArray(`${ROWS} trades of 5 columns`, tradeKind),
  toArray(`${ROWS} quotes of 4 doubles with 2 decimals`, quoteKind(2)),
  toArray(`${ROWS} quotes of 4 doubles with all digits`, quoteKind(undefined)),
  toLines(`${DEPTH_ROWS} books of ${LEVELS} levels a side`, bookKind),
  objectStream,
];
export default cases;
