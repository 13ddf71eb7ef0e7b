import { describe, expect, test } from 'vitest';
import { Exchange } from '../exchange/index.ts';
import type { LiveReport } from '../live/report.ts';
import { meddlingProxy } from '../testing/meddling-proxy.ts';
import { runCli } from '../testing/run-cli.ts';

const LIVE = 60_000;

describe.concurrent('perf-monitor', () => {
  test(
    'receives what the embedded exchange sends and ends with its books',
    async () => {
      const { code, json, stderr } = await runCli('--duration', '4s', '--json');
      const report = json<LiveReport>();
      expect(report).toMatchObject({ ok: true, booksEqual: 8, booksTotal: 8, gaps: 0, reconnects: 0, error: null });
      expect(report.received).toBe(report.sent);
      expect(report.received).toBeGreaterThan(100);
      expect(report.bookChecks).toBeGreaterThan(0);
      expect(report.bookChecksEqual).toBe(report.bookChecks);
      expect(report.rssMaxBytes).toBeGreaterThan(1e6);
      expect([code, stderr]).toEqual([0, '']);
    },
    LIVE,
  );

  test(
    'prints live lines and a report, and stops cleanly at Ctrl-C',
    async () => {
      const running = runCli('--symbols', 'BTCUSDT,ETHUSDT', '--rate', '500');
      await running.printed(/msg\/s/);
      running.child.kill('SIGINT');
      const { code, stdout, stderr } = await running;
      expect(stdout).toMatch(/frame to book/);
      expect(stdout).toMatch(/2 of 2/);
      expect(stdout).not.toContain('\u001B');
      expect([code, stderr]).toEqual([0, '']);
    },
    LIVE,
  );

  test(
    'watches an exchange of another process whose market does not pause',
    async () => {
      const exchange = runCli('exchange', '--port', '0', '--symbols', 'BTCUSDT,SOLUSDT', '--rate', '500');
      const [, url] = await exchange.printed(/REST\s+(http:\/\/[\d.:]+)/);
      const { code, json } = await runCli(
        ...['--connect', url, '--symbols', 'BTCUSDT,SOLUSDT', '--duration', '3s', '--json'],
      );
      expect(json<LiveReport>()).toMatchObject({ ok: true, sent: null, booksEqual: 2, booksTotal: 2, gaps: 0 });
      expect(code).toBe(0);
      exchange.child.kill('SIGINT');
      expect((await exchange).code).toBe(0);
    },
    LIVE,
  );

  test(
    'counts bad frames, brings the books in step again and says so in the report',
    async () => {
      await using exchange = new Exchange({ symbols: ['BTCUSDT'], ratePerSecond: 500 });
      const { url } = await exchange.listen();
      let badPrice = false;
      await using proxy = await meddlingProxy(url, (frame, index) => {
        if (index === 200) return [frame, '<html>502 Bad Gateway</html>', '{"stream":"btcusdt@depth@100ms","data":7}'];
        if (index > 300 && !badPrice && frame.includes('depthUpdate')) {
          badPrice = true;
          return [frame.replace(/\["[\d.]+"/, '["1e400"')];
        }
        return [frame];
      });
      const { code, json } = await runCli(
        ...['--connect', proxy.url, '--symbols', 'BTCUSDT', '--duration', '4s', '--json'],
      );
      expect(json<LiveReport>()).toMatchObject({
        ok: false,
        booksEqual: 1,
        gaps: 1,
        resyncs: 1,
        rejected: { total: 3, byReason: { 'not-json': 1, 'wrong-shape': 1, 'bad-decimal': 1 } },
      });
      expect(code).toBe(1);
    },
    LIVE,
  );

  test(
    'refuses a frame of 10 MB, connects again and reports it',
    async () => {
      await using exchange = new Exchange({ symbols: ['BTCUSDT'], ratePerSecond: 500 });
      const { url } = await exchange.listen();
      await using proxy = await meddlingProxy(url, (frame, index) =>
        index === 200 ? [Buffer.alloc(10 * 1024 * 1024, 'x')] : [frame],
      );
      const { code, json } = await runCli(
        ...['--connect', proxy.url, '--symbols', 'BTCUSDT', '--duration', '4s', '--json'],
      );
      const report = json<LiveReport>();
      expect(report).toMatchObject({ ok: false, booksEqual: 1, reconnects: 1 });
      expect(report.rejected.byReason).toEqual({ 'too-large': 1 });
      expect(code).toBe(1);
    },
    LIVE,
  );
});
