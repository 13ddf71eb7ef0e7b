import { constants, gunzipSync } from 'node:zlib';
import { bench, corpus, type BenchCase, type InputSource } from '@perf/bench';
import type { BinanceDecoder, LevelColumns } from '@perf/monitor/venues';

// Recorded frames to integer ticks and lots, as the feed delivers them: one Buffer each. Every contestant returns the
// same sums, so that none can leave a value out. What is done with a frame is a function of its own, as in a feed: one long loop
// around everything would be replaced on the stack, and how V8 compiles it then differs between launches.

const FILE: InputSource<Buffer> = corpus('feeds/btcusdt_20240808.gz');
/** Of the compressed file: unpacked it has some more frames of either stream than are taken. */
const COMPRESSED_BYTES = 250_000;
/** After the receive time and a space. */
const MESSAGE_AT = 20;
const TICK_DECIMALS = 1;
const LOT_DECIMALS = 3;

interface Sums {
  frames: number;
  ticks: number;
  lots: number;
}

/** The first `count` frames of one stream, each in a buffer of its own as ws hands them over. */
function frames(stream: string, count: number): InputSource<Buffer[]> {
  return {
    label: `${FILE.label}, ${count} frames of ${stream}`,
    load: async () => {
      const file = (await FILE.load()).subarray(0, COMPRESSED_BYTES);
      // What is cut off in the middle is unpacked as far as it goes; the last line of it has no end.
      const text = gunzipSync(file, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1');
      const lines = text.split('\n').slice(0, -1);
      const found = lines.filter((line) => line.includes(stream)).slice(0, count);
      if (found.length < count)
        throw new Error(`the beginning of the feed has fewer than ${count} frames of ${stream}`);
      return found.map((line) => Buffer.from(line.slice(MESSAGE_AT)));
    },
  };
}

/** Exact and slow, from the text alone. */
function exactly(text: string, decimals: number): bigint {
  const [whole, fraction = ''] = text.split('.');
  const scaled = BigInt(whole + fraction.padEnd(decimals, '0').slice(0, decimals));
  if (/[1-9]/.test(fraction.slice(decimals))) throw new Error(`${text} has more than ${decimals} decimals`);
  return scaled;
}

interface Frame {
  data: { b: [string, string][] & string; a: [string, string][] & string; B: string; A: string };
}

function depthAnswer(received: readonly Buffer[]): Sums {
  let ticks = 0n;
  let lots = 0n;
  for (const frame of received) {
    const { data } = JSON.parse(frame.toString()) as Frame;
    for (const side of [data.b, data.a]) {
      for (const [price, quantity] of side) {
        ticks += exactly(price, TICK_DECIMALS);
        lots += exactly(quantity, LOT_DECIMALS);
      }
    }
  }
  return { frames: received.length, ticks: Number(ticks), lots: Number(lots) };
}

function tickerAnswer(received: readonly Buffer[]): Sums {
  let ticks = 0n;
  let lots = 0n;
  for (const frame of received) {
    const { data } = JSON.parse(frame.toString()) as Frame;
    ticks += exactly(data.b, TICK_DECIMALS) + exactly(data.a, TICK_DECIMALS);
    lots += exactly(data.B, LOT_DECIMALS) + exactly(data.A, LOT_DECIMALS);
  }
  return { frames: received.length, ticks: Number(ticks), lots: Number(lots) };
}

const DEPTH_FRAMES = 300;
const TICKER_FRAMES = 2_000;

async function decoderFor(symbol: string): Promise<BinanceDecoder> {
  const { BinanceDecoder: Decoder, decimalScale, InstrumentTable } = await import('@perf/monitor/venues');
  const instrument = { symbol, tick: decimalScale(TICK_DECIMALS), lot: decimalScale(LOT_DECIMALS) };
  return new Decoder(new InstrumentTable([instrument]));
}

const cases: BenchCase[] = [
  bench({
    name: `decode ${DEPTH_FRAMES} recorded depth updates`,
    input: frames('@depth@0ms', DEPTH_FRAMES),
    units: (received) => ({ name: 'bytes', count: bytesOf(received) }),
    answer: depthAnswer,
    ours: {
      name: 'BinanceDecoder',
      package: '@perf/monitor',
      setup: async (received) => {
        const decoder = await decoderFor('BTCUSDT');
        const addAll = (sums: Sums, { ticks, lots, length }: LevelColumns): void => {
          for (let at = 0; at < length; at++) {
            sums.ticks += ticks[at];
            sums.lots += lots[at];
          }
        };
        const take = (sums: Sums, frame: Buffer): void => {
          if (decoder.decode(frame) !== 'depth') throw new Error('not decoded');
          sums.frames++;
          addAll(sums, decoder.depth.bids);
          addAll(sums, decoder.depth.asks);
        };
        return () => {
          const sums = { frames: 0, ticks: 0, lots: 0 };
          for (const frame of received) take(sums, frame);
          return sums;
        };
      },
    },
    peers: [
      {
        name: 'JSON.parse, Math.round(Number × scale)',
        setup: (received) => {
          const addAll = (sums: Sums, side: readonly [string, string][]): void => {
            for (const [price, quantity] of side) {
              sums.ticks += Math.round(Number(price) * 10);
              sums.lots += Math.round(Number(quantity) * 1000);
            }
          };
          const take = (sums: Sums, frame: Buffer): void => {
            const { data } = JSON.parse(frame.toString()) as Frame;
            sums.frames++;
            addAll(sums, data.b);
            addAll(sums, data.a);
          };
          return () => {
            const sums = { frames: 0, ticks: 0, lots: 0 };
            for (const frame of received) take(sums, frame);
            return sums;
          };
        },
      },
      {
        name: 'JSON.parse alone, no values converted in time',
        setup: (received) => {
          const sums = depthAnswer(received);
          return () => {
            for (const frame of received) JSON.parse(frame.toString());
            return sums;
          };
        },
      },
    ],
  }),
  bench({
    name: `decode ${TICKER_FRAMES} recorded book tickers`,
    input: frames('@bookTicker', TICKER_FRAMES),
    units: () => ({ name: 'messages', count: TICKER_FRAMES }),
    answer: tickerAnswer,
    ours: {
      name: 'BinanceDecoder',
      package: '@perf/monitor',
      setup: async (received) => {
        const decoder = await decoderFor('BTCUSDT');
        const record = decoder.bookTicker;
        const take = (sums: Sums, frame: Buffer): void => {
          if (decoder.decode(frame) !== 'bookTicker') throw new Error('not decoded');
          sums.frames++;
          sums.ticks += record.bidTicks + record.askTicks;
          sums.lots += record.bidLots + record.askLots;
        };
        return () => {
          const sums = { frames: 0, ticks: 0, lots: 0 };
          for (const frame of received) take(sums, frame);
          return sums;
        };
      },
    },
    peers: [
      {
        name: 'JSON.parse, Math.round(Number × scale)',
        setup: (received) => {
          const take = (sums: Sums, frame: Buffer): void => {
            const { data } = JSON.parse(frame.toString()) as Frame;
            sums.frames++;
            sums.ticks += Math.round(Number(data.b) * 10) + Math.round(Number(data.a) * 10);
            sums.lots += Math.round(Number(data.B) * 1000) + Math.round(Number(data.A) * 1000);
          };
          return () => {
            const sums = { frames: 0, ticks: 0, lots: 0 };
            for (const frame of received) take(sums, frame);
            return sums;
          };
        },
      },
    ],
  }),
];

function bytesOf(received: readonly Buffer[]): number {
  return received.reduce((sum, frame) => sum + frame.length, 0);
}

export default cases;
