import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { ExchangeReport } from './process.ts';

const ENTRY = new URL('./process.ts', import.meta.url);

function start(options: object): ChildProcess {
  return fork(ENTRY, [JSON.stringify(options)], { execArgv: ['--conditions=@perf/source'] });
}

type Report<Type extends ExchangeReport['type']> = ExchangeReport & { readonly type: Type };

async function report<Type extends ExchangeReport['type']>(child: ChildProcess, type: Type): Promise<Report<Type>> {
  for (;;) {
    const [message] = (await once(child, 'message')) as [ExchangeReport];
    if (message.type === type) return message as Report<Type>;
  }
}

describe('exchange in a child process', () => {
  test('listens, reports, pauses, resumes and closes', async () => {
    const child = start({ symbols: ['BTCUSDT'], ratePerSecond: 100 });
    const exited = once(child, 'exit');
    const { url } = await report(child, 'listening');
    expect((await fetch(`${url}/fapi/v1/ping`)).status).toBe(200);
    await report(child, 'stats');
    child.send({ type: 'pause' });
    const { stats } = await report(child, 'paused');
    const time = async (): Promise<unknown> => (await fetch(`${url}/fapi/v1/time`)).json();
    expect(await time()).toEqual({ serverTime: stats.logicalTimeMs });
    child.send({ type: 'resume' });
    while ((await report(child, 'stats')).stats.logicalTimeMs <= stats.logicalTimeMs);
    child.send({ type: 'close' });
    expect(await exited).toEqual([0, null]);
  });

  test('ignores Ctrl-C, which is for its parent, and ends when the channel closes', async () => {
    const child = start({ symbols: ['BTCUSDT'], ratePerSecond: 100 });
    const exited = once(child, 'exit');
    await report(child, 'listening');
    child.kill('SIGINT');
    await report(child, 'stats');
    child.disconnect();
    expect(await exited).toEqual([0, null]);
  });

  test('ends when its parent is killed', async () => {
    const parent = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { fork } from 'node:child_process';
         const child = fork(new URL(${JSON.stringify(ENTRY.href)}), ['{}'], { execArgv: ['--conditions=@perf/source'] });
         child.on('message', (message) => { if (message.type === 'listening') console.log(message.url); });`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const url = String(line).trim();
    parent.kill('SIGKILL');
    // The orphan holds the other end of the pipe: its end is the end of the stream.
    await once(parent.stdout.resume(), 'close');
    await expect(fetch(`${url}/fapi/v1/ping`)).rejects.toThrow('fetch failed');
  });

  test('says why it cannot start: port in use, wrong option', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const blocked = start({ port });
    const [failure, [code]] = await Promise.all([report(blocked, 'failed'), once(blocked, 'exit')]);
    server.close();
    expect(failure).toMatchObject({ code: 'ERR_PERF_MONITOR_PORT_IN_USE' });
    expect(code).toBe(1);
    const wrong = start({ seed: 'x' });
    const [option] = await Promise.all([report(wrong, 'failed'), once(wrong, 'exit')]);
    expect(option).toMatchObject({ code: 'ERR_PERF_MONITOR_OPTION', message: expect.stringContaining('"seed"') });
  });
});
