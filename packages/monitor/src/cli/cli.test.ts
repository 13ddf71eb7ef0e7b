import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import type { LiveReport } from '../live/report.ts';
import type { ReplayReport } from '../replay/report.ts';
import { recordingFolder, syntheticLines } from '../testing/recording.ts';
import { runCli } from '../testing/run-cli.ts';

const folder = recordingFolder();
afterAll(() => folder[Symbol.dispose]());

async function listening(answer: string): Promise<AsyncDisposable & { port: number }> {
  const server = createServer((_, response) => response.end(answer));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe.concurrent('the command line', () => {
  test('prints help and version', async () => {
    expect(await runCli('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--replay FILE') });
    expect(await runCli('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test.each([
    [['--nonsense'], 'unknown flag --nonsense'],
    [['watch'], 'unknown command "watch"'],
    [['--duration', 'soon'], '--duration must be a time'],
    [['exchange', '--replay', 'x'], 'unknown flag --replay'],
    [['--replay', 'x', '--rate', '5'], 'unknown flag --rate'],
    [['--rate', '100', '--json'], 'at least 20 per symbol'],
  ])('exits with 2 for %j', async (args, message) => {
    const { code, stdout, stderr } = await runCli(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/\[ERR_PERF_MONITOR_(USAGE|OPTION)\]\n$/);
  });

  test('says that the port is in use', async () => {
    await using taken = await listening('');
    const { code, stderr, json } = await runCli('--port', String(taken.port), '--duration', '2s', '--json');
    expect(code).toBe(1);
    expect(json<LiveReport>()).toMatchObject({
      ok: false,
      received: 0,
      error: { code: 'ERR_PERF_MONITOR_PORT_IN_USE' },
    });
    expect(stderr).toContain(String(taken.port));
    expect(await runCli('exchange', '--port', String(taken.port))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ERR_PERF_MONITOR_PORT_IN_USE'),
    });
  });

  test('says that the exchange is down', async () => {
    let port: number;
    {
      await using gone = await listening('');
      ({ port } = gone);
    }
    const { code, stderr, json } = await runCli('--connect', `http://127.0.0.1:${port}`, '--json');
    expect(code).toBe(1);
    expect(json<LiveReport>().error).toMatchObject({ code: 'ERR_PERF_MONITOR_EXCHANGE' });
    expect(stderr).toContain('perf-monitor exchange');
  });

  test.each([
    ['HTML', '<html><body>Bad gateway</body></html>'],
    ['other JSON', '{"hello":"world"}'],
    ['an exchange without the symbol', '{"symbols":[{"symbol":"AAAUSDT","filters":[]}]}'],
  ])('says that the address gives %s', async (_, answer) => {
    await using server = await listening(answer);
    const { code, json } = await runCli('--connect', `http://127.0.0.1:${server.port}`, '--json');
    expect(code).toBe(1);
    expect(json<LiveReport>().error).toMatchObject({ code: 'ERR_PERF_MONITOR_EXCHANGE' });
  });

  test('replays a recording to one JSON object', async () => {
    const file = folder.write('good', `${syntheticLines().join('\n')}\n`);
    const { code, json, stderr } = await runCli('--replay', file, '--speed', 'max', '--json');
    expect(json<ReplayReport>()).toMatchObject({ ok: true, events: 20, gaps: 0 });
    expect([code, stderr]).toEqual([0, '']);
  });

  test('prints the report of a replay for people', async () => {
    const file = folder.write('good', `${syntheticLines().join('\n')}\n`);
    const { code, stdout } = await runCli('--replay', file);
    expect(code).toBe(0);
    expect(stdout).toMatch(/20 of 20/);
    expect(stdout).not.toContain('\u001B');
  });

  test('exits with 1 and the report so far for a bad recording', async () => {
    const file = folder.write('bad', `${syntheticLines().join('\n')}\nnonsense\n`);
    const { code, json } = await runCli('--replay', file, '--json');
    expect(code).toBe(1);
    expect(json<ReplayReport>()).toMatchObject({ ok: false, events: 20, rejected: { total: 1 } });
    const missing = await runCli('--replay', 'no-such-file', '--json');
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no such file') });
    expect(missing.json<ReplayReport>().error).toMatchObject({ code: 'ERR_PERF_MONITOR_RECORDING' });
  });
});
