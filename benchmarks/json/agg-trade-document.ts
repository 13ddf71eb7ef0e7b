import { aggTradeLines } from './agg-trade-lines.ts';

export const HEAD = '{"symbol":"BTCUSDT","trades":[';
export const TAIL = ']}';

/** The lines of an archive as elements of an array, each with a comma behind it. */
export function aggTradeElements(sizeBytes: number): (random: () => number) => Buffer {
  return (random) => {
    const lines = aggTradeLines(sizeBytes)(random);
    const comma = 0x2c;
    for (let at = lines.indexOf('\n'); at >= 0; at = lines.indexOf('\n', at + 1)) lines[at] = comma;
    return lines;
  };
}

/** The same in a document with something around the array. */
export function aggTradeDocument(sizeBytes: number): (random: () => number) => Buffer {
  return (random) => {
    const elements = aggTradeElements(sizeBytes)(random);
    return Buffer.concat([Buffer.from(HEAD), elements.subarray(0, -1), Buffer.from(TAIL)]);
  };
}
