import { decimalScale, scaleOf } from '../venues/scale.ts';
import { InstrumentTable, type Instrument } from '../venues/instrument.ts';

/** Instruments with three kinds of grid: decimal, a step of 5, and whole numbers. */
export function testInstruments(): Instrument[] {
  return [
    { symbol: 'BTCUSDT', tick: decimalScale(1), lot: decimalScale(3) },
    { symbol: 'HALFUSDT', tick: scaleOf('0.5'), lot: scaleOf('25') },
    { symbol: 'DOGEUSDT', tick: decimalScale(5), lot: decimalScale(0) },
  ];
}

export const testTable = (): InstrumentTable => new InstrumentTable(testInstruments());

/** Decimal texts that matter: on the grid, off it, padded, huge, malformed. */
export const DECIMALS: readonly string[] = [
  '61800.20',
  '0.1',
  '0',
  '0.000',
  '5',
  '2.5',
  '100.5',
  '0.00001',
  '9007199254740991',
  '9007199254740992',
  '123456789012345678.5',
  '61800.25',
  '-1',
  '-0',
  '1e2',
  '1e400',
  '1E-3',
  '',
  '.',
  '5.',
  '.5',
  'NaN',
  '١',
  ' 1',
  '0x10',
  '00012.50',
  '75',
];

type Random = () => number;

const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)];
const symbolOf = (random: Random): string => pick(random, ['BTCUSDT', 'BTCUSDT', 'HALFUSDT', 'DOGEUSDT', 'OTHER', 'Ü']);
const idOf = (random: Random): number | string =>
  random() < 0.95 ? Math.floor(random() * 2 ** pick(random, [8, 32, 43, 53])) : pick(random, [-1, 1.5, 2 ** 53, '7']);
const decimalOf = (random: Random): unknown => {
  if (random() < 0.93) return (Math.floor(random() * 1e6) / 10).toFixed(pick(random, [1, 1, 1, 1, 2]));
  return random() < 0.9 ? pick(random, DECIMALS) : pick<unknown>(random, [61800.2, null, true, [], '1']);
};
const levelsOf = (random: Random): unknown =>
  Array.from({ length: Math.floor(random() * 5) }, () =>
    random() < 0.98 ? [decimalOf(random), decimalOf(random)] : pick<unknown>(random, [[], ['1'], ['1', '2', '3'], 5]),
  );

/** Fisher-Yates. */
function shuffle<T>(items: T[], random: Random): T[] {
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [items[at], items[other]] = [items[other], items[at]];
  }
  return items;
}

/** One frame of a random kind, sometimes wrong, in the venue's layout or in another one. */
export function randomFrame(random: Random): string {
  const E = idOf(random);
  const T = idOf(random);
  const s = symbolOf(random);
  const events: Record<string, unknown>[] = [
    {
      e: 'depthUpdate',
      E,
      T,
      s,
      U: idOf(random),
      u: idOf(random),
      pu: idOf(random),
      b: levelsOf(random),
      a: levelsOf(random),
    },
    {
      e: 'bookTicker',
      u: idOf(random),
      s,
      b: decimalOf(random),
      B: decimalOf(random),
      a: decimalOf(random),
      A: decimalOf(random),
      T,
      E,
    },
    {
      e: 'trade',
      E,
      T,
      s,
      t: idOf(random),
      p: decimalOf(random),
      q: decimalOf(random),
      X: 'MARKET',
      m: random() < 0.5,
    },
    {
      e: 'aggTrade',
      E,
      s,
      a: idOf(random),
      p: decimalOf(random),
      q: decimalOf(random),
      f: 1,
      l: 2,
      T,
      m: random() < 0.5,
    },
    { result: null, id: 1 },
    { e: 'kline', E, s, k: {} },
  ];
  let event = pick(random, events);
  if (random() < 0.15) {
    const shuffled = shuffle(Object.entries(event), random);
    event = Object.fromEntries(random() < 0.5 ? shuffled : [...shuffled, ['extra', { nested: [1, '"'] }]]);
  }
  if (random() < 0.05) delete event[pick(random, Object.keys(event))];
  const frame = random() < 0.5 ? { stream: `${s.toLowerCase()}@depth@0ms`, data: event } : event;
  return JSON.stringify(frame, null, random() < 0.05 ? 1 : undefined);
}

/** Changes, removes, inserts or doubles a few bytes. */
export function mutate(frame: Uint8Array, random: Random): Uint8Array {
  const bytes = [...frame];
  for (let times = Math.floor(random() * 3) + 1; times > 0 && bytes.length > 0; times--) {
    const at = Math.floor(random() * bytes.length);
    const byte =
      random() < 0.7
        ? pick(
            random,
            [...'{}[]",:.0159eE- \\tfn'].map((c) => c.charCodeAt(0)),
          )
        : Math.floor(random() * 256);
    const kind = random();
    if (kind < 0.4) bytes[at] = byte;
    else if (kind < 0.6) bytes.splice(at, 1);
    else if (kind < 0.8) bytes.splice(at, 0, byte);
    else bytes.length = at;
  }
  return Uint8Array.from(bytes);
}

/** A small seeded generator (mulberry32), so that a failure can be repeated. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
