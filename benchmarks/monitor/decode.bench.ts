import { gunzipSync } from 'node:zlib';
import { bench, corpus, type BenchCase } from '@perf/bench';
import type { BinanceDecoder } from '@perf/monitor/venues';

// Recorded frames to integer ticks and lots, as the feed delivers them: one Buffer each. Every contestant returns the
// same sums, so that none can leave a value out.

const FEED = corpus('feeds/btcusdt_20240808.gz');
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
function framesOf(feed: Buffer, stream: string, count: number): Buffer[] {
  const frames: Buffer[] = [];
  for (const line of gunzipSync(feed).toString('latin1').split('\n')) {
    if (!line.includes(stream)) continue;
    frames.push(Buffer.from(line.slice(MESSAGE_AT)));
    if (frames.length === count) return frames;
  }
  throw new Error(`the feed has fewer than ${count} frames of ${stream}`);
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

function depthAnswer(frames: readonly Buffer[]): Sums {
  let ticks = 0n;
  let lots = 0n;
  for (const frame of frames) {
    const { data } = JSON.parse(frame.toString()) as Frame;
    for (const side of [data.b, data.a]) {
      for (const [price, quantity] of side) {
        ticks += exactly(price, TICK_DECIMALS);
        lots += exactly(quantity, LOT_DECIMALS);
      }
    }
  }
  return { frames: frames.length, ticks: Number(ticks), lots: Number(lots) };
}

function tickerAnswer(frames: readonly Buffer[]): Sums {
  let ticks = 0n;
  let lots = 0n;
  for (const frame of frames) {
    const { data } = JSON.parse(frame.toString()) as Frame;
    ticks += exactly(data.b, TICK_DECIMALS) + exactly(data.a, TICK_DECIMALS);
    lots += exactly(data.B, LOT_DECIMALS) + exactly(data.A, LOT_DECIMALS);
  }
  return { frames: frames.length, ticks: Number(ticks), lots: Number(lots) };
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
    input: FEED,
    units: (feed) => ({ name: 'bytes', count: bytesOf(framesOf(feed, '@depth@0ms', DEPTH_FRAMES)) }),
    answer: (feed) => depthAnswer(framesOf(feed, '@depth@0ms', DEPTH_FRAMES)),
    ours: {
      name: 'BinanceDecoder',
      package: '@perf/monitor',
      setup: async (feed) => {
        const frames = framesOf(feed, '@depth@0ms', DEPTH_FRAMES);
        const decoder = await decoderFor('BTCUSDT');
        return () => {
          const sums = { frames: 0, ticks: 0, lots: 0 };
          for (const frame of frames) {
            if (decoder.decode(frame) !== 'depth') throw new Error('not decoded');
            sums.frames++;
            for (const { ticks, lots, length } of [decoder.depth.bids, decoder.depth.asks]) {
              for (let at = 0; at < length; at++) {
                sums.ticks += ticks[at];
                sums.lots += lots[at];
              }
            }
          }
          return sums;
        };
      },
    },
    peers: [
      {
        name: 'JSON.parse, Math.round(Number × scale)',
        setup: (feed) => {
          const frames = framesOf(feed, '@depth@0ms', DEPTH_FRAMES);
          return () => {
            const sums = { frames: 0, ticks: 0, lots: 0 };
            for (const frame of frames) {
              const { data } = JSON.parse(frame.toString()) as Frame;
              sums.frames++;
              for (const side of [data.b, data.a]) {
                for (const [price, quantity] of side) {
                  sums.ticks += Math.round(Number(price) * 10);
                  sums.lots += Math.round(Number(quantity) * 1000);
                }
              }
            }
            return sums;
          };
        },
      },
      {
        name: 'JSON.parse alone, no values converted in time',
        setup: (feed) => {
          const frames = framesOf(feed, '@depth@0ms', DEPTH_FRAMES);
          const sums = depthAnswer(frames);
          return () => {
            for (const frame of frames) JSON.parse(frame.toString());
            return sums;
          };
        },
      },
    ],
  }),
  bench({
    name: `decode ${TICKER_FRAMES} recorded book tickers`,
    input: FEED,
    units: () => ({ name: 'messages', count: TICKER_FRAMES }),
    answer: (feed) => tickerAnswer(framesOf(feed, '@bookTicker', TICKER_FRAMES)),
    ours: {
      name: 'BinanceDecoder',
      package: '@perf/monitor',
      setup: async (feed) => {
        const frames = framesOf(feed, '@bookTicker', TICKER_FRAMES);
        const decoder = await decoderFor('BTCUSDT');
        const record = decoder.bookTicker;
        return () => {
          const sums = { frames: 0, ticks: 0, lots: 0 };
          for (const frame of frames) {
            if (decoder.decode(frame) !== 'bookTicker') throw new Error('not decoded');
            sums.frames++;
            sums.ticks += record.bidTicks + record.askTicks;
            sums.lots += record.bidLots + record.askLots;
          }
          return sums;
        };
      },
    },
    peers: [
      {
        name: 'JSON.parse, Math.round(Number × scale)',
        setup: (feed) => {
          const frames = framesOf(feed, '@bookTicker', TICKER_FRAMES);
          return () => {
            const sums = { frames: 0, ticks: 0, lots: 0 };
            for (const frame of frames) {
              const { data } = JSON.parse(frame.toString()) as Frame;
              sums.frames++;
              sums.ticks += Math.round(Number(data.b) * 10) + Math.round(Number(data.a) * 10);
              sums.lots += Math.round(Number(data.B) * 1000) + Math.round(Number(data.A) * 1000);
            }
            return sums;
          };
        },
      },
    ],
  }),
];

function bytesOf(frames: readonly Buffer[]): number {
  return frames.reduce((sum, frame) => sum + frame.length, 0);
}

export default cases;
