import { once } from 'node:events';
import { createServer } from 'node:net';
import { pathToFileURL } from 'node:url';

import { expect, test, vi } from 'vitest';

import { runChild } from './process.ts';
import { temporaryRoot } from './temporary-root.ts';

// Each test starts several processes, which takes its time on a machine that does other work.
vi.setConfig({ testTimeout: 90_000 });

const ignore = (): void => {};

function entry(source: string): { root: string; url: URL } {
  const root = temporaryRoot({ 'child.mjs': source });
  return { root, url: pathToFileURL(`${root}/child.mjs`) };
}

test('hands over messages, the exit code and the end of stderr', async () => {
  const { root, url } = entry(`console.error('last words'); process.send(process.argv[2], () => process.exit(7));`);
  const messages: unknown[] = [];
  const end = await runChild(url, ['hello'], { cwd: root, limitMs: 30_000, onMessage: (told) => messages.push(told) });
  expect(end).toEqual({ outcome: 'exited', exitCode: 7, exitSignal: null, stderr: 'last words\n' });
  expect(messages).toEqual(['hello']);
});

test('starts nothing when the signal has fired already', async () => {
  const { root, url } = entry('');
  const end = await runChild(url, [], { cwd: root, limitMs: 30_000, onMessage: ignore, signal: AbortSignal.abort() });
  expect(end.outcome).toBe('aborted');
});

// On Windows a process group cannot be killed.
test.skipIf(process.platform === 'win32')('kills the processes that the child started with it', async () => {
  // The grandchild holds a connection to us: it is gone when the connection is.
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const grandchild = `require('node:net').connect(${port}, '127.0.0.1'); for (const start = Date.now(); Date.now() - start < 200;); setInterval(() => {}, 1e3);`;
  const { root, url } = entry(`
    import { spawn } from 'node:child_process';
    spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' });
    setInterval(() => {}, 1_000);
  `);
  const interruption = new AbortController();
  const gone = new Promise<void>((resolve) => {
    server.on('connection', (socket) => {
      socket
        .on('error', ignore)
        .on('close', () => resolve())
        .resume();
      interruption.abort();
    });
  });
  const end = await runChild(url, [], { cwd: root, limitMs: 30_000, onMessage: ignore, signal: interruption.signal });
  await gone;
  server.close();
  expect(end).toMatchObject({ outcome: 'aborted', exitSignal: 'SIGKILL' });
});
