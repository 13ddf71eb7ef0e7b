import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCode } from '@perf/internal';
import { MonitorError } from '../errors.ts';
import { instrument } from './market/instruments.ts';
import { Market } from './market/market.ts';
import { type ExchangeOptions, type ReadExchangeOptions, readExchangeOptions } from './options.ts';
import { Rest } from './rest.ts';
import { Streams } from './streams.ts';
import { WeightLimit } from './weight.ts';

export interface ExchangeAddress {
  readonly host: string;
  readonly port: number;
  /** Of the REST endpoints, `http://127.0.0.1:9000`; streams are at the same address with `ws:`. */
  readonly url: string;
}

export interface ExchangeStats {
  /** Data messages handed to clients, one for each client; answers to requests and pings are not counted. */
  readonly messagesSent: number;
  /** The same by stream name. */
  readonly perStream: Readonly<Record<string, number>>;
  /** Open WebSocket connections. */
  readonly connections: number;
  /** Connections cut off so far: slow, silent or too busy clients. */
  readonly connectionsCut: number;
  /** The exchange's own clock, Unix milliseconds. */
  readonly logicalTimeMs: number;
  /** How far the market is behind the wall clock. 0 while paused. */
  readonly behindMs: number;
  /** Wall time that the market did not catch up with (see {@link Exchange}). */
  readonly skippedMs: number;
}

/** Pause between slices: short enough that messages trickle, long enough that a write carries several. */
const SLICE_EVERY_MS = 2;
/** A slice that has taken this long gives way to the loop and goes on after it. */
const SLICE_BUDGET_MS = 3;
/** Further behind than this, the rest is skipped: after a laptop's sleep nobody wants the night's messages at once. */
const MOST_BEHIND_MS = 5000;
const KEEP_ALIVE_MS = 65_000;
const MOST_SOCKETS = 4096;

/**
 * A local exchange: the market data of Binance USD-M futures on loopback, REST and WebSocket, from a seeded market.
 *
 * The market has its own clock. It starts with {@link Exchange.listen} and follows the wall clock in slices of at most a
 * few milliseconds; what is sent depends on seed, options and logical time alone. When it cannot keep up it falls behind
 * (`behindMs`), and beyond five seconds it skips wall time, never messages.
 *
 * Errors: ERR_PERF_MONITOR_OPTION for an option, ERR_PERF_MONITOR_PORT_IN_USE, and ERR_PERF_MONITOR_EXCHANGE when it cannot
 * listen for another reason or is closed.
 *
 * ```js
 * const exchange = new Exchange({ seed: 7, ratePerSecond: 5000 });
 * const { url } = await exchange.listen();
 * const book = await (await fetch(`${url}/fapi/v1/depth?symbol=BTCUSDT&limit=5`)).json();
 * await exchange.close();
 * ```
 */
export class Exchange {
  readonly options: ReadExchangeOptions;
  readonly #market: Market;
  readonly #streams: Streams;
  readonly #server: Server;
  #listening: Promise<ExchangeAddress> | undefined;
  #closing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #running = false;
  /** Wall time, by the monotonic clock, at which the market's clock showed zero. */
  #epochMs = 0;
  #skippedMs = 0;

  constructor(options?: ExchangeOptions) {
    this.options = readExchangeOptions(options);
    this.#streams = new Streams(this.options.symbols.map(instrument), this.options);
    this.#market = new Market(this.options, this.#streams);
    const { weightPerMinute } = this.options;
    const rest = new Rest(this.#market, this.#streams.messages, new WeightLimit(weightPerMinute), weightPerMinute);
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) =>
      rest.handle(request, response),
    );
    this.#server.maxConnections = MOST_SOCKETS;
    this.#server.on('upgrade', (request, socket, head) => this.#streams.upgrade(request, socket, head));
  }

  /** Binds the port and starts the market. Further calls return the first one's promise. */
  listen(): Promise<ExchangeAddress> {
    this.#listening ??= this.#bind();
    return this.#listening;
  }

  /**
   * Stops the market where it is, after sending what the open depth batches hold: the last `u` of each symbol's depth
   * stream then equals the `lastUpdateId` that REST reports. Connections stay, REST keeps answering. When it returns,
   * all of it has been handed to the sockets.
   */
  pause(): void {
    if (!this.#running) return;
    this.#running = false;
    this.#stopTimers();
    this.#market.flush();
    this.#streams.flush();
  }

  /** Goes on from where {@link Exchange.pause} stopped; the time in between never happened. */
  resume(): void {
    if (this.#running || this.#closing !== undefined || this.#listening === undefined) return;
    this.#running = true;
    this.#epochMs = performance.now() - this.#market.elapsedMs;
    this.#schedule();
  }

  /** Counts up to now. O(streams). */
  stats(): ExchangeStats {
    return {
      messagesSent: this.#streams.messagesSent,
      perStream: this.#streams.sentPerStream(),
      connections: this.#streams.connectionCount,
      connectionsCut: this.#streams.connectionsCut,
      logicalTimeMs: this.#market.timeMs,
      behindMs: this.#running ? Math.max(0, Math.round(this.#dueMs() - this.#market.elapsedMs)) : 0,
      skippedMs: Math.round(this.#skippedMs),
    };
  }

  /** Stops the market, closes every client with 1001 and frees the port. Resolves when all sockets are closed. */
  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #bind(): Promise<ExchangeAddress> {
    if (this.#closing !== undefined) {
      const message = 'Exchange: listen() after close(): make a new Exchange';
      return Promise.reject(new MonitorError('ERR_PERF_MONITOR_EXCHANGE', message));
    }
    const { host, port } = this.options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) => reject(listenError(error, host, port)));
      this.#server.listen({ host, port }, () => {
        const bound = (this.#server.address() as AddressInfo).port;
        this.resume();
        resolve({ host, port: bound, url: `http://${host}:${bound}` });
      });
    });
  }

  async #shutDown(): Promise<void> {
    this.#running = false;
    this.#stopTimers();
    if (this.#listening === undefined) return;
    // A failed listen() has told its caller already.
    await this.#listening.catch(() => {});
    this.pause();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await this.#streams.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #dueMs(): number {
    return performance.now() - this.#epochMs;
  }

  #schedule(): void {
    this.#timer = setTimeout(() => this.#slice(), SLICE_EVERY_MS);
  }

  #slice(): void {
    const market = this.#market;
    const startMs = performance.now();
    const behindMs = startMs - this.#epochMs - market.elapsedMs;
    if (behindMs > MOST_BEHIND_MS) {
      const skipped = behindMs - MOST_BEHIND_MS;
      this.#epochMs += skipped;
      this.#skippedMs += skipped;
    }
    let isBehind = false;
    while (market.elapsedMs + 1 <= this.#dueMs()) {
      market.advance();
      if (performance.now() - startMs > SLICE_BUDGET_MS) {
        isBehind = true;
        break;
      }
    }
    this.#streams.flush();
    if (!this.#running) return;
    if (isBehind) this.#immediate = setImmediate(() => this.#slice());
    else this.#schedule();
  }

  #stopTimers(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
  }
}

function listenError(error: Error, host: string, port: number): Error {
  if (errorCode(error) === 'EADDRINUSE') {
    const message = `port ${port} on ${host} is in use: stop what listens there, or give another port (0 takes any free one)`;
    return new MonitorError('ERR_PERF_MONITOR_PORT_IN_USE', message, { cause: error });
  }
  const message = `exchange cannot listen on ${host}:${port}: ${error.message}`;
  return new MonitorError('ERR_PERF_MONITOR_EXCHANGE', message, { cause: error });
}
