import { describe, expect, test } from 'vitest';
import { readFlags } from './flag.ts';
import { exchangeFlags, HELP, replayFlags, watchFlags } from './flags.ts';

describe('readFlags', () => {
  test('gives the defaults without arguments', () => {
    expect(readFlags(watchFlags, [])).toMatchObject({ rate: 2000, seed: 1, port: 0, json: false, duration: undefined });
    expect(readFlags(watchFlags, []).symbols).toHaveLength(8);
  });

  test('reads values in both forms, times with units and lists', () => {
    const values = readFlags(watchFlags, [
      '--duration',
      '1.5s',
      '--rate=500',
      '--symbols',
      'btcusdt,ethusdt',
      '--json',
    ]);
    expect(values).toMatchObject({ duration: 1500, rate: 500, symbols: ['BTCUSDT', 'ETHUSDT'], json: true });
    expect(readFlags(replayFlags, ['--replay', 'f', '--speed', 'real']).speed).toBe(1);
    expect(readFlags(exchangeFlags, []).port).toBe(9000);
  });

  test.each([
    [['--durations', '5s'], 'unknown flag --durations'],
    [['extra'], 'unexpected argument "extra"'],
    [['--duration'], '--duration needs a value: --duration TIME'],
    [['--duration', '--json'], '--duration needs a value'],
    [['--duration', '5'], '--duration must be a time with its unit, like 500ms, 20s, 5m or 1h, got "5"'],
    [['--duration', '0s'], 'must be a time with its unit'],
    [['--rate', '1'], '--rate must be a whole number from 100 to 200000, got "1"'],
    [['--rate', '1e3'], 'must be a whole number'],
    [['--port', '65536'], 'must be a whole number from 0 to 65535'],
    [['--symbols', 'BTC/USDT'], 'must be symbols like BTCUSDT'],
    [['--symbols', 'A1,A1'], 'must not name a symbol twice'],
    [['--connect', 'localhost'], 'must be an http:// or https:// address'],
    [['--json=yes'], '--json takes no value'],
    [['--json', '--json'], '--json is given twice'],
  ])('refuses %j', (args, message) => {
    expect(() => readFlags(watchFlags, args)).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_MONITOR_USAGE', message: expect.stringContaining(message) }),
    );
  });

  test('explains every flag in the help', () => {
    for (const flags of [watchFlags, replayFlags, exchangeFlags]) {
      for (const name of Object.keys(flags)) expect(HELP).toContain(`--${name}`);
    }
  });
});
