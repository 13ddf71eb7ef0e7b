import { describe, expect, test } from 'vitest';
import { LatencySeries } from './latency-series.ts';
import { LatencyRegistry } from './index.ts';
import { latencyReport } from './report.ts';
import { RegistryStats } from './stats.ts';

/** Figures that do not depend on a clock. */
function fixed(): RegistryStats {
  const parse = new LatencySeries('parse', 1);
  for (let index = 1; index <= 1_000; index++) parse.durationsNs.record(index * 1_000);
  parse.calls = 1_000;
  parse.errors = 3;
  const route = new LatencySeries('GET /api/v3/exchangeInfo?symbol=BTCUSDT', 16);
  route.durationsNs.recordMany(2_500_000, 50);
  route.calls = 800;
  const idle = new LatencySeries('idle', 1);
  return new RegistryStats(
    new Map([idle, parse, route].map((series) => [series.name, series])),
    new LatencySeries('(other)', 1),
    1_000,
  );
}

function printed(
  stats: { printReport(stream: object & { write(text: string): void }): void },
  columns?: number,
): string {
  let text = '';
  stats.printReport({
    write: (piece: string) => {
      text += piece;
    },
    ...(columns === undefined ? {} : { isTTY: true, columns }),
  });
  return text;
}

describe('printReport', () => {
  test('prints an aligned table, the most expensive name first', () => {
    expect(printed(fixed())).toMatchInlineSnapshot(`
      "name                                         calls  errors      p50      p90      p99    p99.9      max     mean     total
      GET /api/v3/exchangeInfo?symbol=BTCUSDT        800       0  2.50 ms  2.50 ms  2.50 ms  2.50 ms  2.50 ms  2.50 ms   ~2.00 s
      parse                                        1,000       3   501 µs   899 µs   989 µs   997 µs  1.00 ms   501 µs    501 ms
      idle                                             0       0        -        -        -        -        -        -      0 ns
      ~ from the sampled calls; calls and errors are exact
      "
    `);
  });

  test('fits a narrow terminal', () => {
    const text = latencyReport(fixed().toJSON().latencies, { write: () => true, isTTY: true, columns: 60 }, undefined);
    // oxlint-disable-next-line no-control-regex -- colours take no room
    const lines = text.split('\n').map((line) => line.replace(/\u001B\[\d+m/g, ''));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
    expect(lines[0]).toMatch(/^name +calls +errors +p50 +p99 +max$/);
  });

  test('says what to do when nothing was measured', () => {
    expect(printed(new LatencyRegistry().getStats())).toBe(
      'No latencies: nothing was wrapped with measureLatency(name).\n',
    );
  });

  test('names the limit when names were counted together', () => {
    const registry = new LatencyRegistry({ maxNames: 1 });
    for (const name of ['a', 'b']) registry.measureLatency(name)(() => name)();
    expect(printed(registry.getStats())).toContain('(other): names beyond the limit of 1 (maxNames)\n');
  });

  test('cannot be made to control the terminal by a name', () => {
    const registry = new LatencyRegistry();
    registry.measureLatency('\u001B[2J\u001B]0;title\u0007')(() => 1)();
    expect(printed(registry.getStats())).not.toContain('\u001B');
  });

  test('writes to standard output when no stream is given', () => {
    const registry = new LatencyRegistry();
    const write = process.stdout.write;
    let text = '';
    process.stdout.write = ((piece: string) => {
      text += piece;
      return true;
    }) as typeof process.stdout.write;
    try {
      registry.getStats().printReport();
    } finally {
      process.stdout.write = write;
    }
    expect(text).toMatch(/^No latencies/);
  });
});

describe('figures', () => {
  test('hold for one name', () => {
    const parse = fixed().get('parse')!;
    expect(parse).toMatchObject({ calls: 1_000, errors: 3, timed: 1_000, minNs: 1_000, maxNs: 1_000_000 });
    expect([parse.meanNs, parse.totalNs]).toEqual([500_500, 500_500_000]);
    expect(Math.abs(parse.p999Ns - 999_000)).toBeLessThanOrEqual(999_000 * 0.004);
  });

  test('of a sampled name scale to all its calls', () => {
    expect(fixed().get('GET /api/v3/exchangeInfo?symbol=BTCUSDT')).toMatchObject({
      timed: 50,
      calls: 800,
      totalNs: 2_000_000_000,
    });
  });

  test('are NaN, and null in JSON text, where no call was timed', () => {
    expect(fixed().get('idle')).toMatchObject({ calls: 0, p50Ns: Number.NaN, maxNs: Number.NaN, totalNs: 0 });
    expect(JSON.parse(JSON.stringify(fixed())).latencies.at(-1)).toMatchObject({ name: 'idle', calls: 0, p50Ns: null });
  });

  test('of a name that nobody has are undefined', () => {
    expect([fixed().get('x'), fixed().histogram('x')]).toEqual([undefined, undefined]);
  });

  test('come as a histogram of their own', () => {
    const stats = fixed();
    const copy = stats.histogram('parse')!;
    copy.record(5);
    expect([copy.count, stats.get('parse')?.timed]).toEqual([1_001, 1_000]);
  });

  test('start anew after reset, with the same names', () => {
    const stats = fixed();
    stats.reset();
    expect(stats.toJSON().latencies.map(({ name, calls, errors, timed }) => [name, calls, errors, timed])).toEqual([
      ['idle', 0, 0, 0],
      ['parse', 0, 0, 0],
      ['GET /api/v3/exchangeInfo?symbol=BTCUSDT', 0, 0, 0],
    ]);
  });
});
