import { describe, expect, test } from 'vitest';
import { EmbeddedExchange } from './embedded-exchange.ts';
import { LiveSession } from './live-session.ts';

const LIVE = 60_000;
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];

/** Runs a session until `done` says so; the condition is looked at every 20 ms. */
async function watchUntil(
  exchange: EmbeddedExchange,
  done: (session: LiveSession) => boolean,
): Promise<{ session: LiveSession; notices: string[] }> {
  const stop = new AbortController();
  const notices: string[] = [];
  const session = new LiveSession({
    url: exchange.url,
    symbols: SYMBOLS,
    signal: stop.signal,
    exchange,
    progressEveryMs: 20,
    onProgress: (running) => {
      if (done(running)) stop.abort();
    },
    onNotice: (notice) => notices.push(notice),
  });
  await session.run();
  return { session, notices };
}

const allLive = ({ pipeline }: LiveSession): boolean =>
  pipeline !== undefined && [...pipeline.watches.values()].every(({ sync }) => sync.state === 'live');

describe('LiveSession', () => {
  test(
    'connects again and resynchronises every book when the exchange was killed',
    async () => {
      await using exchange = new EmbeddedExchange({ symbols: SYMBOLS, ratePerSecond: 500 });
      await exchange.start();
      let killed = false;
      const { session, notices } = await watchUntil(exchange, (running) => {
        if (!killed && allLive(running) && running.pipeline!.appliedUpdates > 20) {
          killed = true;
          exchange.kill(300);
        }
        return killed && running.resyncs === SYMBOLS.length && allLive(running);
      });
      expect(session.verdicts).toEqual(SYMBOLS.map((symbol) => ({ symbol, equal: true, difference: undefined })));
      expect(exchange.restarts).toBe(1);
      expect(session.reconnects).toBe(1);
      expect(notices.some((notice) => notice.startsWith('connection closed'))).toBe(true);
    },
    LIVE,
  );

  test(
    'ends with every message that was sent and equal books',
    async () => {
      await using exchange = new EmbeddedExchange({ symbols: SYMBOLS, ratePerSecond: 2_000 });
      await exchange.start();
      const { session } = await watchUntil(exchange, ({ pipeline }) => (pipeline?.frames ?? 0) > 2_000);
      expect(session.pipeline?.frames).toBe(session.sent);
      expect(session.pipeline?.gaps).toBe(0);
      expect(session.verdicts.every(({ equal }) => equal)).toBe(true);
    },
    LIVE,
  );

  test(
    'leaves no process, socket or timer behind',
    async () => {
      const exchange = new EmbeddedExchange({ symbols: SYMBOLS, ratePerSecond: 500 });
      await exchange.start();
      const { pid } = exchange;
      await watchUntil(exchange, ({ pipeline }) => (pipeline?.frames ?? 0) > 50);
      await exchange.close();
      expect(() => process.kill(pid!, 0)).toThrow('ESRCH');
      await exchange.close();
    },
    LIVE,
  );
});
