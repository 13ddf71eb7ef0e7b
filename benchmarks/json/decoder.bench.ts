import { bench, seeded } from '@perf/bench';
import type { BenchCase } from '@perf/bench';

// Messages of a feed to typed fields: one call per message, and batches of 64 into columns. Every contestant returns the
// same sums, so that none can leave a value out.

const MESSAGES = 1024;
const BATCH = 64;

// What times and ids are counted from in the sums: exact, and subtracted in no time. A remainder of doubles is a call of
// some 10 ns each, which would be half of what is compared.
const FIRST_TIME = 1_723_161_256_000;
const FIRST_TRADE = 2_293_837_000;
const FIRST_UPDATE = 5_123_107_832_000;

type Random = () => number;
const priceOf = (random: Random): string =>
  `${(600_000 + Math.floor(random() * 20_000)) / 10}0`.replace(/^(\d+)0$/, '$1.00');
const quantityOf = (random: Random): string => (Math.floor(random() * 5_000) / 1000).toFixed(3);

function aggTrades(random: Random): Buffer[] {
  return Array.from({ length: MESSAGES }, (_, at) =>
    Buffer.from(
      `{"e":"aggTrade","E":${1_723_161_256_299 + at},"s":"BTCUSDT","a":${2_293_837_120 + at},"p":"${priceOf(random)}",` +
        `"q":"${quantityOf(random)}","f":${5_266_583_935 + at},"l":${5_266_583_937 + at},"T":${1_723_161_256_296 + at},"m":${random() < 0.5}}`,
    ),
  );
}

function depthUpdates(bytes: number): (random: Random) => Buffer[] {
  const side = (random: Random): string => {
    const levels: string[] = [];
    for (let length = 70; length + 11 < bytes / 2; length += 21)
      levels.push(`["${priceOf(random)}","${quantityOf(random)}"]`);
    return `[${levels.join(',')}]`;
  };
  return (random) =>
    Array.from({ length: MESSAGES }, (_, at) => {
      const id = 5_123_107_832_006 + at * 100;
      return Buffer.from(
        `{"e":"depthUpdate","E":${1_723_161_256_299 + at},"T":${1_723_161_256_298 + at},"s":"BTCUSDT","U":${id},` +
          `"u":${id + 90},"pu":${id - 1},"b":${side(random)},"a":${side(random)}}`,
      );
    });
}

interface Sums {
  ids: number;
  ticks: number;
  lots: number;
}

interface Trade {
  E: number;
  a: number;
  p: string;
  q: string;
  T: number;
  m: boolean;
}

interface Depth {
  E: number;
  U: number;
  u: number;
  pu: number;
  b: [string, string][];
  a: [string, string][];
}

/** Exact, from the digits. */
const scaled = (text: string, decimals: number): bigint => {
  const [whole, fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(decimals, '0').slice(0, decimals));
};

function tradeAnswer(frames: readonly Buffer[]): Sums {
  const sums = { ids: 0, ticks: 0, lots: 0 };
  for (const frame of frames) {
    const { E, a, p, q, T, m } = JSON.parse(frame.toString()) as Trade;
    sums.ids += E - FIRST_TIME + (a - FIRST_TRADE) + (T - FIRST_TIME) + (m ? 1 : 0);
    sums.ticks += Number(scaled(p, 1));
    sums.lots += Number(scaled(q, 3));
  }
  return sums;
}

function depthAnswer(frames: readonly Buffer[]): Sums {
  const sums = { ids: 0, ticks: 0, lots: 0 };
  for (const frame of frames) {
    const { E, U, u, pu, b, a } = JSON.parse(frame.toString()) as Depth;
    sums.ids += E - FIRST_TIME + (U - FIRST_UPDATE) + (u - FIRST_UPDATE) + (pu - FIRST_UPDATE);
    for (const [price, quantity] of [...b, ...a]) {
      sums.ticks += Number(scaled(price, 1));
      sums.lots += Number(scaled(quantity, 3));
    }
  }
  return sums;
}

async function tradeDecoder(codeGeneration: boolean) {
  const { decoder, field } = await import('@perf/json');
  const integer = field.i64({ as: 'number' });
  const schema = {
    E: { path: 'E', type: integer },
    a: { path: 'a', type: integer },
    p: { path: 'p', type: field.ticks('0.10') },
    q: { path: 'q', type: field.lots('0.001') },
    T: { path: 'T', type: integer },
    m: { path: 'm', type: field.bool() },
  };
  return decoder(schema, { codeGeneration });
}

async function depthDecoder(codeGeneration: boolean) {
  const { decoder, field } = await import('@perf/json');
  const integer = field.i64({ as: 'number' });
  const levels = field.levels({ price: field.ticks('0.10'), quantity: field.lots('0.001') });
  const schema = {
    E: { path: 'E', type: integer },
    U: { path: 'U', type: integer },
    u: { path: 'u', type: integer },
    pu: { path: 'pu', type: integer },
    b: { path: 'b', type: levels },
    a: { path: 'a', type: levels },
  };
  return decoder(schema, { codeGeneration });
}

async function tradeRun(frames: readonly Buffer[], codeGeneration: boolean): Promise<() => Sums> {
  const trades = await tradeDecoder(codeGeneration);
  const record = trades.record();
  return () => {
    const sums = { ids: 0, ticks: 0, lots: 0 };
    for (const frame of frames) {
      if (trades.tryDecode(frame, record) !== 0) throw new Error('not decoded');
      sums.ids += record.E - FIRST_TIME + (record.a - FIRST_TRADE) + (record.T - FIRST_TIME) + (record.m ? 1 : 0);
      sums.ticks += record.p;
      sums.lots += record.q;
    }
    return sums;
  };
}

async function depthRun(frames: readonly Buffer[], codeGeneration: boolean): Promise<() => Sums> {
  const updates = await depthDecoder(codeGeneration);
  const record = updates.record();
  return () => {
    const sums = { ids: 0, ticks: 0, lots: 0 };
    for (const frame of frames) {
      if (updates.tryDecode(frame, record) !== 0) throw new Error('not decoded');
      sums.ids +=
        record.E - FIRST_TIME + (record.U - FIRST_UPDATE) + (record.u - FIRST_UPDATE) + (record.pu - FIRST_UPDATE);
      addLevels(sums, record.b.ticks, record.b.lots, record.b.length);
      addLevels(sums, record.a.ticks, record.a.lots, record.a.length);
    }
    return sums;
  };
}

function addLevels(sums: Sums, ticks: Float64Array, lots: Float64Array, length: number): void {
  for (let at = 0; at < length; at++) {
    sums.ticks += ticks[at];
    sums.lots += lots[at];
  }
}

function parsedTrades(frames: readonly Buffer[]): () => Sums {
  return () => {
    const sums = { ids: 0, ticks: 0, lots: 0 };
    for (const frame of frames) {
      const { E, a, p, q, T, m } = JSON.parse(frame.toString()) as Trade;
      sums.ids += E - FIRST_TIME + (a - FIRST_TRADE) + (T - FIRST_TIME) + (m ? 1 : 0);
      sums.ticks += Math.round(Number(p) * 10);
      sums.lots += Math.round(Number(q) * 1000);
    }
    return sums;
  };
}

function parsedDepth(frames: readonly Buffer[]): () => Sums {
  return () => {
    const sums = { ids: 0, ticks: 0, lots: 0 };
    for (const frame of frames) {
      const { E, U, u, pu, b, a } = JSON.parse(frame.toString()) as Depth;
      sums.ids += E - FIRST_TIME + (U - FIRST_UPDATE) + (u - FIRST_UPDATE) + (pu - FIRST_UPDATE);
      for (const side of [b, a]) {
        for (const [price, quantity] of side) {
          sums.ticks += Math.round(Number(price) * 10);
          sums.lots += Math.round(Number(quantity) * 1000);
        }
      }
    }
    return sums;
  };
}

const units = (frames: readonly Buffer[]) => ({ name: 'messages', count: frames.length });
const PARSED = 'JSON.parse, Math.round(Number × scale)';

const cases: BenchCase[] = [
  bench({
    name: 'decode aggTrade of 150 bytes, one call each',
    input: seeded(42, aggTrades),
    units,
    answer: tradeAnswer,
    ours: { name: 'tryDecode', package: '@perf/json', setup: (frames) => tradeRun(frames, true) },
    peers: [
      { name: 'tryDecode without code generation', package: '@perf/json', setup: (frames) => tradeRun(frames, false) },
      { name: PARSED, setup: parsedTrades },
    ],
  }),
  ...[600, 3000].map((bytes) =>
    bench({
      name: `decode depthUpdate of ${bytes} bytes, one call each`,
      input: seeded(42, depthUpdates(bytes)),
      units,
      answer: depthAnswer,
      ours: { name: 'tryDecode', package: '@perf/json', setup: (frames) => depthRun(frames, true) },
      peers: [
        {
          name: 'tryDecode without code generation',
          package: '@perf/json',
          setup: (frames) => depthRun(frames, false),
        },
        { name: PARSED, setup: parsedDepth },
      ],
    }),
  ),
  bench({
    name: `decode aggTrade of 150 bytes, batches of ${BATCH} into columns`,
    input: seeded(42, aggTrades),
    units,
    answer: tradeAnswer,
    ours: { name: 'decodeBatch', package: '@perf/json', setup: (frames) => tradeBatches(frames) },
    peers: [
      {
        name: 'decodeBatch without code generation',
        package: '@perf/json',
        setup: (frames) => tradeBatches(frames, false),
      },
      { name: PARSED, setup: parsedTrades },
    ],
  }),
  ...[600, 3000].map((bytes) =>
    bench({
      name: `decode depthUpdate of ${bytes} bytes, batches of ${BATCH} into columns`,
      input: seeded(42, depthUpdates(bytes)),
      units,
      answer: depthAnswer,
      ours: { name: 'decodeBatch', package: '@perf/json', setup: (frames) => depthBatches(frames) },
      peers: [
        {
          name: 'decodeBatch without code generation',
          package: '@perf/json',
          setup: (frames) => depthBatches(frames, false),
        },
        { name: PARSED, setup: parsedDepth },
      ],
    }),
  ),
];

/** Without code generation batches are decoded natively. */
async function tradeBatches(frames: readonly Buffer[], codeGeneration = true): Promise<() => Sums> {
  const { columnsOf } = await import('@perf/json');
  const trades = await tradeDecoder(codeGeneration);
  const columns = columnsOf(trades, BATCH);
  const { E, a, p, q, T, m } = columns.fields;
  const batches = batchesOf(frames);
  return () => {
    const sums = { ids: 0, ticks: 0, lots: 0 };
    for (const batch of batches) {
      columns.length = 0;
      if (trades.decodeBatch(batch, columns) !== BATCH || columns.length !== BATCH) throw new Error('not decoded');
      for (let row = 0; row < BATCH; row++) {
        sums.ids += E[row] - FIRST_TIME + (a[row] - FIRST_TRADE) + (T[row] - FIRST_TIME) + m[row];
        sums.ticks += p[row];
        sums.lots += q[row];
      }
    }
    return sums;
  };
}

async function depthBatches(frames: readonly Buffer[], codeGeneration = true): Promise<() => Sums> {
  const { columnsOf } = await import('@perf/json');
  const updates = await depthDecoder(codeGeneration);
  const columns = columnsOf(updates, BATCH);
  const { E, U, u, pu, b, a } = columns.fields;
  const batches = batchesOf(frames);
  return () => {
    const sums = { ids: 0, ticks: 0, lots: 0 };
    for (const batch of batches) {
      columns.length = 0;
      if (updates.decodeBatch(batch, columns) !== BATCH || columns.length !== BATCH) throw new Error('not decoded');
      for (let row = 0; row < BATCH; row++) {
        sums.ids += E[row] - FIRST_TIME + (U[row] - FIRST_UPDATE) + (u[row] - FIRST_UPDATE) + (pu[row] - FIRST_UPDATE);
      }
      addLevels(sums, b.ticks, b.lots, b.starts[BATCH]);
      addLevels(sums, a.ticks, a.lots, a.starts[BATCH]);
    }
    return sums;
  };
}

function batchesOf(frames: readonly Buffer[]): Buffer[][] {
  return Array.from({ length: frames.length / BATCH }, (_, at) => frames.slice(at * BATCH, (at + 1) * BATCH));
}

export default cases;
