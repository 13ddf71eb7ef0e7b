import { isDeepStrictEqual } from 'node:util';
import { decoded } from '../../testing/decoded.ts';
import { mutate, randomFrame, seededRandom, testInstruments, testTable } from '../../testing/frames.ts';
import { naiveDecode } from '../../testing/naive-decode.ts';
import { BinanceDecoder } from './decoder.ts';

/** Frames, right and wrong, whole and damaged: the decoder must say and hold what the naive twin does. */
export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'monitor/binance-decoder',
  run(seed, iterations) {
    const random = seededRandom(seed);
    const instruments = Object.fromEntries(testInstruments().map((instrument) => [instrument.symbol, instrument]));
    const decoder = new BinanceDecoder(testTable());
    for (let index = 0; index < iterations; index++) {
      let frame: Uint8Array = Buffer.from(randomFrame(random));
      if (random() < 0.5) frame = Buffer.from(mutate(frame, random));
      // Inside a larger buffer, so that reading past the end of the frame would show.
      const start = Math.floor(random() * 3);
      const around = Buffer.alloc(frame.length + 6, pickPadding(random));
      around.set(frame, start);
      const expected = naiveDecode(frame, instruments);
      const actual = decoded(decoder, decoder.decode(around, start, start + frame.length));
      if (!isDeepStrictEqual(actual, expected)) {
        throw new Error(
          `frame ${JSON.stringify(Buffer.from(frame).toString('latin1'))}: ` +
            `decoded ${JSON.stringify(actual)}, the naive twin ${JSON.stringify(expected)}`,
        );
      }
    }
  },
};

function pickPadding(random: () => number): number {
  return '"]},0\n'.charCodeAt(Math.floor(random() * 6));
}
