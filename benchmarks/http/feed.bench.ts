import { bench, value, type BenchCase } from '@perf/bench';
import { tickText } from './answers.ts';
import { startServer } from './start-server.ts';

// Small uncompressed messages, as bytes, from a server in a process of its own. What a feed adds to a bare socket
// (counting, supervision, the guard around the callback) is to be small.

const SERVER = new URL('./feed-server.ts', import.meta.url);
const MESSAGES = 5_000;

/** Counts the bytes of a burst and says when it is complete. */
class Burst {
  #left = 0;
  #bytes = 0;
  #done: (bytes: number) => void = () => undefined;

  readonly take = (bytes: number): void => {
    this.#bytes += bytes;
    if (--this.#left === 0) this.#done(this.#bytes);
  };

  ask(send: (text: string) => void): Promise<number> {
    this.#left = MESSAGES;
    this.#bytes = 0;
    return new Promise((resolve) => {
      this.#done = resolve;
      send(String(MESSAGES));
    });
  }
}

const cases: BenchCase[] = [
  bench({
    name: 'feed of 5,000 messages of 200 bytes',
    input: value(undefined),
    units: () => ({ name: 'messages', count: MESSAGES }),
    answer: () => MESSAGES * tickText().length,
    ours: {
      name: 'Feed',
      package: '@perf/http',
      setup: async () => {
        const [server, { Feed }] = await Promise.all([startServer(SERVER), import('@perf/http')]);
        const burst = new Burst();
        const feed = new Feed({
          url: `ws://${server.host}`,
          onMessage: (frame) => burst.take(frame.length),
        });
        await feed.connect();
        return {
          run: () => burst.ask((text) => feed.send(text)),
          close: async () => {
            await feed.close();
            server.close();
          },
        };
      },
    },
    peers: [
      {
        name: 'ws',
        package: 'ws',
        setup: async () => {
          const [server, { WebSocket }] = await Promise.all([startServer(SERVER), import('ws')]);
          const burst = new Burst();
          const socket = new WebSocket(`ws://${server.host}`, { perMessageDeflate: false });
          socket.on('message', (frame: Buffer) => burst.take(frame.length));
          await new Promise((resolve) => {
            socket.once('open', resolve);
          });
          return {
            run: () => burst.ask((text) => socket.send(text)),
            close: () => {
              socket.terminate();
              server.close();
            },
          };
        },
      },
      {
        name: 'undici WebSocket',
        package: 'undici',
        setup: async () => {
          const [server, { WebSocket }] = await Promise.all([startServer(SERVER), import('undici')]);
          const burst = new Burst();
          const socket = new WebSocket(`ws://${server.host}`);
          // It decodes every message to text; the ticks are ASCII, so characters are bytes.
          socket.addEventListener('message', (event) => burst.take((event.data as string).length));
          await new Promise((resolve) => {
            socket.addEventListener('open', resolve, { once: true });
          });
          return {
            run: () => burst.ask((text) => socket.send(text)),
            close: () => {
              socket.close();
              server.close();
            },
          };
        },
      },
    ],
  }),
];

export default cases;
