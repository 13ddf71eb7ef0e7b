import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** A small consistent recording: snapshot at id 100, then `events` depth events of one id each, with tickers between. */
export function syntheticLines(events = 20, symbol = 'TESTUSDT'): string[] {
  const stream = symbol.toLowerCase();
  const lines: string[] = [];
  let time = 1_723_161_255_030_314_667n;
  const add = (message: unknown): void => {
    lines.push(`${time} ${JSON.stringify(message)}`);
    time += 1_000_000n;
  };
  const depth = (id: number, b: string[][], a: string[][]): unknown => ({
    stream: `${stream}@depth@0ms`,
    data: { e: 'depthUpdate', E: id, T: id, s: symbol, U: id, u: id, pu: id - 1, b, a },
  });
  const ticker = (u: number, bid: string, bidQty: string, ask: string, askQty: string): unknown => ({
    stream: `${stream}@bookTicker`,
    data: { e: 'bookTicker', u, s: symbol, b: bid, B: bidQty, a: ask, A: askQty, T: u, E: u },
  });
  add(depth(99, [['99.5', '1']], []));
  add({
    lastUpdateId: 100,
    E: 1,
    T: 1,
    bids: [
      ['100.0', '1.00'],
      ['99.5', '2.50'],
    ],
    asks: [
      ['100.5', '1.00'],
      ['101.0', '3.00'],
    ],
  });
  // The first event after a snapshot must contain its id.
  add({
    stream: `${stream}@depth@0ms`,
    data: { e: 'depthUpdate', E: 100, T: 100, s: symbol, U: 100, u: 101, pu: 99, b: [], a: [['100.5', '2.00']] },
  });
  add(ticker(101, '100.0', '1.00', '100.5', '2.00'));
  for (let id = 102; id < 101 + events; id++) {
    const quantity = ((id % 7) + 1).toFixed(2);
    add(depth(id, [['100.0', quantity]], id % 3 === 0 ? [['101.0', '0.00']] : [['101.0', '4.00']]));
    add(ticker(id, '100.0', quantity, '100.5', '2.00'));
    add({
      stream: `${stream}@trade`,
      data: { e: 'trade', E: id, T: id, s: symbol, t: id, p: '100.5', q: '0.5', X: 'MARKET', m: false },
    });
  }
  return lines;
}

/** A folder that is removed on dispose, with a writer for recordings. */
export function recordingFolder(): Disposable & {
  write(name: string, content: string | Uint8Array, gzip?: boolean): string;
} {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'perf-monitor-'));
  return {
    write(name, content, gzip = false) {
      const file = path.join(folder, name);
      writeFileSync(file, gzip ? gzipSync(content) : content);
      return file;
    },
    [Symbol.dispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
