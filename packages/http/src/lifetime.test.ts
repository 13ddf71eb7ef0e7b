import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { sendJson, serveHttp, serveWebSocket } from './testing/servers.ts';

/** Runs a module in a Node of its own that must end by itself; returns its exit code and what it printed. */
async function run(source: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['--conditions=@perf/source', '--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 15_000,
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  return { code, output };
}

const entry = JSON.stringify(new URL('./index.ts', import.meta.url).href);

test('importing opens nothing', async () => {
  const { code, output } = await run(`
    // Opened on first use, which a warning of Node may be.
    void [process.stdout, process.stderr];
    const before = process.getActiveResourcesInfo().length;
    await import(${entry});
    await new Promise(setImmediate);
    console.log(process.getActiveResourcesInfo().slice(before).join());
  `);
  expect({ code, output }).toEqual({ code: 0, output: '\n' });
});

test('a process whose pool is idle ends, closed or not', async () => {
  const server = await serveHttp((_request, response) => sendJson(response, 1));
  for (const end of ['', 'await pool.close();', 'await pool.destroy();']) {
    const { code, output } = await run(`
      const { HttpPool } = await import(${entry});
      const pool = new HttpPool({ baseUrl: '${server.url}' });
      console.log(await pool.getJson('/'));
      ${end}
    `);
    expect({ end, code, output }).toEqual({ end, code: 0, output: '1\n' });
  }
});

test('a process ends after failures of every kind', async () => {
  const server = await serveHttp((request, response) => {
    if (request.url === '/503') {
      response.writeHead(503, { 'retry-after': '100' });
      response.end();
    } else if (request.url === '/body') response.write('{');
  });
  const { code, output } = await run(`
    const { HttpPool } = await import(${entry});
    const pool = new HttpPool({ baseUrl: '${server.url}', timeoutMs: 300, maxConnections: 2 });
    const settled = await Promise.allSettled([
      pool.getJson('/silence'),
      pool.getJson('/body'),
      pool.getJson('/503'),
      pool.getJson('http://127.0.0.1:1/'),
      pool.getJson('/', { signal: AbortSignal.timeout(20) }),
    ]);
    console.log(settled.every((result) => result.status === 'rejected'), pool.stats().active);
  `);
  expect({ code, output }).toEqual({ code: 0, output: 'true 0\n' });
});

test('a process ends once its feed is closed or destroyed, in whatever state', async () => {
  const server = await serveWebSocket(() => undefined);
  const { code, output } = await run(`
    const { Feed } = await import(${entry});
    const make = (url) => new Feed({ url, onMessage() {}, reconnect: { minDelayMs: 1e8, maxDelayMs: 1e8 } });
    const open = make('${server.url}');
    await open.connect();
    await open.close();
    const dropped = make('${server.url}');
    await dropped.connect();
    dropped.destroy();
    const connecting = make('${server.url}');
    connecting.connect().catch(() => undefined);
    connecting.destroy();
    const waiting = make('ws://127.0.0.1:1');
    waiting.connect().catch(() => undefined);
    while (waiting.state !== 'waiting' || waiting.stats.attempts < 2) await new Promise(setImmediate);
    await waiting.close();
    const idle = make('ws://127.0.0.1:1');
    await idle.close();
    console.log([open, dropped, connecting, waiting, idle].map((feed) => feed.state).join());
  `);
  expect({ code, output }).toEqual({ code: 0, output: 'closed,closed,closed,closed,closed\n' });
});
