import type { Instrument } from '../instrument.ts';
import { levelColumns, type DepthSnapshot } from '../records.ts';
import { FrameRejection } from '../rejection.ts';
import { generalSnapshot, openFrame } from './general.ts';

/**
 * Decodes the answer of `GET /fapi/v1/depth`, which names no symbol. Throws {@link FrameRejection}.
 * Rare and large, so the general reader is enough.
 */
export function decodeSnapshot(body: Uint8Array, instrument: Instrument): DepthSnapshot {
  const { data } = openFrame(body);
  if (!('lastUpdateId' in data)) throw new FrameRejection('wrong-shape', 'the depth answer has no "lastUpdateId"');
  const snapshot: DepthSnapshot = { symbol: '', lastId: 0, bids: levelColumns(1024), asks: levelColumns(1024) };
  generalSnapshot(data, instrument, snapshot);
  return snapshot;
}

/** Every price and quantity text of a depth answer, for finding the scale where nobody has given it. */
export function snapshotTexts(body: Uint8Array): { prices: string[]; quantities: string[] } {
  const { data } = openFrame(body);
  const prices: string[] = [];
  const quantities: string[] = [];
  for (const side of [data.bids, data.asks]) {
    if (!Array.isArray(side)) throw new FrameRejection('wrong-shape', 'the depth answer has no "bids" and "asks"');
    for (const level of side as unknown[]) {
      if (!Array.isArray(level) || typeof level[0] !== 'string' || typeof level[1] !== 'string') {
        throw new FrameRejection('wrong-shape', 'a level of the depth answer is not ["price","quantity"]');
      }
      prices.push(level[0]);
      quantities.push(level[1]);
    }
  }
  return { prices, quantities };
}
