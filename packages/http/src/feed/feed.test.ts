import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { getEventListeners } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { FeedLog } from '../testing/feed-log.ts';
import { Signal, failureOf, serveHttp, serveWebSocket } from '../testing/servers.ts';
import { Feed } from './feed.ts';
import type { FeedOptions } from './options.ts';

const frameOf = (streams: string[], id: number): string => JSON.stringify({ streams, id });

test('delivers text and binary messages as bytes, and says which they are', async () => {
  const server = await serveWebSocket((socket) => {
    socket.send('ü');
    socket.send(Buffer.from([0, 255]));
  });
  const got: [string, boolean][] = [];
  const done = new Signal();
  const log = new FeedLog({
    url: server.url,
    onMessage: (frame, isBinary) => {
      got.push([frame.toString('hex'), isBinary]);
      if (got.length === 2) done.resolve();
    },
  });
  await log.feed.connect();
  await done.promise;
  expect(got).toEqual([
    ['c3bc', false],
    ['00ff', true],
  ]);
  expect(log.feed.stats).toMatchObject({ messages: 2, bytes: 4, opens: 1, reconnects: 0, attempts: 1 });
  expect(Math.abs(log.feed.stats.lastMessageAtMs - Date.now())).toBeLessThan(20_000);
});

test('goes through its states, and calls back in order', async () => {
  const server = await serveWebSocket(() => undefined);
  const log = new FeedLog({ url: server.url });
  expect(log.feed.state).toBe('idle');
  await log.feed.connect();
  expect(log.feed.state).toBe('open');
  await log.feed.connect();
  await log.feed.close();
  expect(log.feed.state).toBe('closed');
  expect(log.states()).toEqual(['connecting', 'open', 'closing', 'closed']);
  expect(log.of('open').map(({ info }) => info)).toEqual([{ attempt: 1, reconnects: 0 }]);
  expect(log.of('close').map(({ info }) => info)).toEqual([{ code: 1000, reason: '', willReconnect: false }]);
  expect(log.of('error')).toEqual([]);
});

test('delivers what the server sent before it answered the close', async () => {
  const server = await serveWebSocket((socket) => {
    socket.on('message', () => undefined);
    // ws answers the close frame by itself; this goes out before.
    socket.once('message', () => socket.send('last'));
  });
  const log = new FeedLog({ url: server.url });
  await log.feed.connect();
  log.feed.send('go');
  await log.feed.close();
  expect(log.messages()).toEqual(['last']);
});

test('subscribes before onOpen, in frames of maxStreamsPerFrame, and again on every open', async () => {
  const frames: string[][] = [];
  const server = await serveWebSocket((socket) => {
    const own: string[] = [];
    frames.push(own);
    socket.on('message', (data) => {
      own.push(String(data));
      if (own.length === 2 && frames.length === 1) socket.terminate();
      if (own.length === 2 && frames.length === 2) socket.send('done');
    });
  });
  const log = new FeedLog({
    url: server.url,
    subscriptions: ['a', 'b', 'c'],
    maxStreamsPerFrame: 2,
    subscribeFrame: frameOf,
  });
  await log.feed.connect();
  await log.nth('message', 1);
  expect(frames).toEqual([
    [frameOf(['a', 'b'], 1), frameOf(['c'], 2)],
    [frameOf(['a', 'b'], 3), frameOf(['c'], 4)],
  ]);
  expect((await log.nth('open', 2)).info).toEqual({ attempt: 1, reconnects: 1 });
});

test('subscribe and unsubscribe speak up at once, and change what the next open asks for', async () => {
  const frames: string[] = [];
  const server = await serveWebSocket((socket) => {
    socket.on('message', (data) => {
      frames.push(String(data));
      if (String(data) === 'end') socket.terminate();
      else socket.send('ok');
    });
  });
  const log = new FeedLog({
    url: server.url,
    subscribeFrame: frameOf,
    unsubscribeFrame: (streams, id) => `-${streams.join('')}${id}`,
  });
  log.feed.subscribe(['a']);
  await log.feed.connect();
  log.feed.subscribe(['a', 'b', 'b']);
  log.feed.unsubscribe(['a', 'never']);
  expect(log.feed.subscriptions).toEqual(['b']);
  await log.nth('message', 3);
  expect(frames).toEqual([frameOf(['a'], 1), frameOf(['b'], 2), '-a3']);
  log.feed.send('end');
  await log.nth('message', 4);
  expect(frames.at(-1)).toBe(frameOf(['b'], 4));
});

test('asks the url function before every attempt', async () => {
  const keys: string[] = [];
  const server = await serveWebSocket((socket, request) => {
    keys.push(request.url as string);
    if (keys.length < 3) socket.terminate();
    else socket.send('here');
  });
  let key = 0;
  const log = new FeedLog({ url: async () => `${server.url}/?key=${++key}` });
  await log.feed.connect();
  await log.nth('message', 1);
  expect(keys).toEqual(['/?key=1', '/?key=2', '/?key=3']);
});

test('a url function that fails or answers nonsense is a failed attempt', async () => {
  let asked = 0;
  const server = await serveWebSocket(() => undefined);
  const log = new FeedLog({
    url: () => {
      asked++;
      if (asked === 1) throw new Error('no key');
      return asked === 2 ? 'http://nowhere/?secret' : server.url;
    },
  });
  await log.feed.connect();
  expect(log.of('error').map(({ error }) => error.code)).toEqual(['ERR_PERF_HTTP_CONNECT', 'ERR_PERF_HTTP_CONNECT']);
  expect(log.of('open')[0]?.info.attempt).toBe(3);
  for (const { error } of log.of('error')) expect(error.message).not.toContain('secret');
});

test('a callback that throws is reported, and the feed goes on', async () => {
  const server = await serveWebSocket((socket) => {
    socket.send('1');
    socket.send('2');
  });
  const got: string[] = [];
  const log = new FeedLog({
    url: server.url,
    onOpen: () => {
      throw new Error('open');
    },
    onStateChange: () => {
      throw new Error('state');
    },
    onMessage: (frame) => {
      got.push(frame.toString());
      throw new Error('message');
    },
  });
  await log.feed.connect();
  await log.nth('error', 5);
  expect(got).toEqual(['1', '2']);
  expect(log.feed.state).toBe('open');
  const errors = log.of('error').map(({ error }) => error);
  expect(errors.every((error) => error.code === 'ERR_PERF_HTTP_CALLBACK' && error.cause instanceof Error)).toBe(true);
  expect(log.feed.stats.errors).toBe(5);
});

test('onError that throws is a warning', async () => {
  const warned = new Signal<Error>();
  const listener = (warning: Error): void => {
    if (warning.message.includes('onError')) warned.resolve(warning);
  };
  process.on('warning', listener);
  onTestFinished(() => {
    process.off('warning', listener);
  });
  const server = await serveWebSocket((socket) => socket.send('1'));
  const log = new FeedLog({
    url: server.url,
    onMessage: () => {
      throw new Error('a');
    },
    onError: () => {
      throw new Error('b');
    },
  });
  await log.feed.connect();
  expect((await warned.promise).name).toBe('PerfHttpWarning');
  expect(log.feed.state).toBe('open');
});

test('send refuses while not open, and when the server does not read', async () => {
  const server = await serveWebSocket((socket) => socket.pause());
  const log = new FeedLog({ url: server.url, maxBufferedBytes: 100_000 });
  expect(() => log.feed.send('x')).toThrow(expect.objectContaining({ code: 'ERR_PERF_HTTP_NOT_OPEN' }));
  await log.feed.connect();
  let refused: unknown;
  for (let sent = 0; sent < 10_000 && refused === undefined; sent++) {
    try {
      log.feed.send('x'.repeat(10_000));
    } catch (error) {
      refused = error;
    }
  }
  expect(refused).toMatchObject({ code: 'ERR_PERF_HTTP_QUEUE_FULL' });
});

test('close and destroy inside any callback are obeyed', async () => {
  const server = await serveWebSocket((socket) => {
    socket.send('1');
    socket.send('2');
  });
  for (const name of ['onMessage', 'onOpen', 'onStateChange'] as const) {
    const closed = new Signal();
    let calls = 0;
    const feed: Feed = new Feed({
      url: server.url,
      onMessage: () => undefined,
      [name]: () => {
        calls++;
        if (name === 'onStateChange' && feed.state !== 'open') return;
        feed.destroy();
        closed.resolve();
      },
    });
    void feed.connect().catch(() => undefined);
    await closed.promise;
    expect(feed.state).toBe('closed');
    if (name !== 'onStateChange') expect(calls).toBe(1);
  }
});

test.each([
  ['url', { url: 'http://example.com' }],
  ['url', {}],
  ['onMessage', { url: 'ws://localhost', onMessage: undefined }],
  ['subscribeFrame', { url: 'ws://localhost', subscriptions: ['a'] }],
  [
    'maxSubscriptions',
    { url: 'ws://localhost', subscriptions: ['a', 'b'], maxSubscriptions: 1, subscribeFrame: frameOf },
  ],
  ['subscriptions', { url: 'ws://localhost', subscriptions: [''] }],
  ['heartbeatInterval', { url: 'ws://localhost', heartbeatInterval: 1 }],
  ['minDelayMs', { url: 'ws://localhost', reconnect: { minDelayMs: -1 } }],
])('refuses a wrong %s at construction', (option, options) => {
  expect(() => new Feed({ onMessage: () => undefined, ...options } as FeedOptions)).toThrow(
    expect.objectContaining({ name: 'FeedError', code: 'ERR_PERF_HTTP_OPTION', option }),
  );
});

test('connect can be aborted; the feed that was never open is closed, and no listener is left', async () => {
  const server = await serveHttp(() => undefined); // takes the upgrade for nothing: never answers
  server.server.on('upgrade', () => undefined);
  const log = new FeedLog({ url: server.url.replace('http', 'ws') });
  const controller = new AbortController();
  const connecting = failureOf(log.feed.connect({ signal: controller.signal }));
  controller.abort(new Error('enough'));
  expect(await connecting).toMatchObject({ code: 'ERR_PERF_HTTP_ABORTED', cause: { message: 'enough' } });
  expect(log.feed.state).toBe('closed');
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  expect(await failureOf(log.feed.connect())).toMatchObject({ code: 'ERR_PERF_HTTP_CLOSED' });
});

test('connect leaves no listener on its signal once it is open', async () => {
  const server = await serveWebSocket(() => undefined);
  const log = new FeedLog({ url: server.url });
  const { signal } = new AbortController();
  await log.feed.connect({ signal });
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('publishes open, reconnect and close on its diagnostics channels, without the query', async () => {
  const server = await serveWebSocket((socket, request) => {
    if (request.url === '/x?key=1') socket.terminate();
  });
  const seen: string[] = [];
  for (const name of ['open', 'close', 'reconnect']) {
    const listener = (event: unknown): void => {
      if ((event as { url: string }).url === `${server.url}/x`) seen.push(name);
    };
    subscribe(`perf:feed:${name}`, listener);
    onTestFinished(() => {
      unsubscribe(`perf:feed:${name}`, listener);
    });
  }
  let key = 0;
  const log = new FeedLog({ url: () => `${server.url}/x?key=${++key}` });
  await log.feed.connect();
  await log.nth('open', 2);
  await log.feed.close();
  expect(seen).toEqual(['open', 'close', 'reconnect', 'open', 'close']);
});

test('negotiates compression where it is asked for', async () => {
  const text = 'compressible '.repeat(1000);
  const server = await serveWebSocket((socket) => socket.send(`${text}${socket.extensions}`));
  const log = new FeedLog({ url: server.url, permessageDeflate: true });
  await log.feed.connect();
  await log.nth('message', 1);
  expect(log.messages()).toEqual([`${text}permessage-deflate`]);
});
