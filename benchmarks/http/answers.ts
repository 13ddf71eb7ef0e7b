// What the server sends and what a client must make of it, known to both sides.

export interface Depth {
  readonly lastUpdateId: number;
  readonly bids: readonly (readonly [string, string])[];
}

/** A depth snapshot of about `bytes` bytes, as an exchange writes it. */
export function depthText(bytes: number): string {
  const bids: [string, string][] = [];
  for (let level = 0; bids.length * 24 + 40 < bytes; level++) {
    bids.push([(61_800 - level * 0.1).toFixed(2), (1 + (level % 97) / 8).toFixed(3)]);
  }
  return JSON.stringify({ lastUpdateId: 5_003_128_191, bids });
}

/** A tick of about 200 bytes. */
export function tickText(): string {
  return JSON.stringify({
    stream: 'btcusdt@aggTrade',
    data: {
      e: 'aggTrade',
      E: 1_723_075_200_123,
      a: 2_345_678_901,
      s: 'BTCUSDT',
      p: '61800.20',
      q: '0.125',
      f: 5_432_109_876,
      l: 5_432_109_879,
      T: 1_723_075_200_120,
      m: true,
    },
  });
}

/** Reads something of every answer, so that nobody gets away without parsing. */
export function weigh(depth: Depth): number {
  return depth.lastUpdateId + depth.bids.length;
}
