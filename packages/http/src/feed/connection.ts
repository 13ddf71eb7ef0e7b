import { WebSocket } from 'ws';
import { FeedError } from '../errors.ts';
import type { FeedErrorCode } from '../errors.ts';
import { parseRetryAfter } from '../policy/retry-after.ts';
import { Liveness } from './liveness.ts';
import { shownUrl } from './options.ts';
import type { FeedSettings } from './options.ts';
import type { FeedCounters } from './stats.ts';

/** How a connection ended. */
export interface ConnectionEnd {
  readonly opened: boolean;
  readonly code: number;
  readonly reason: string;
  readonly error: FeedError | undefined;
  /** From the answer of a server that refused to upgrade. */
  readonly retryAfterMs: number | undefined;
}

export interface ConnectionEvents {
  readonly onOpen: () => void;
  /** Exactly once, and nothing after it. */
  readonly onEnd: (end: ConnectionEnd) => void;
  readonly onStale: (idleMs: number) => void;
  readonly onThrow: (thrown: unknown) => void;
  readonly expectsData: () => boolean;
}

/** How long the other side may take to answer a close frame. */
const CLOSE_TIMEOUT_MS = 2000;
const NORMAL = 1000;
const ABNORMAL = 1006;
const PROTOCOL_ERROR = 1002;
const INVALID_PAYLOAD = 1007;
const TOO_LARGE = 1009;

const ignore = (): void => undefined;

/** One connection of a feed, from handshake to end. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #url: string;
  readonly #settings: FeedSettings;
  readonly #counters: FeedCounters;
  readonly #events: ConnectionEvents;
  #liveness: Liveness | undefined;
  #error: FeedError | undefined;
  #closeCode: number | undefined;
  #retryAfterMs: number | undefined;
  #opened: boolean;
  #ended: boolean;

  /** `url` has been checked. Throws what ws throws on bad headers. */
  constructor(url: string, settings: FeedSettings, counters: FeedCounters, events: ConnectionEvents) {
    this.#url = shownUrl(url);
    this.#settings = settings;
    this.#counters = counters;
    this.#events = events;
    this.#liveness = undefined;
    this.#error = undefined;
    this.#closeCode = undefined;
    this.#retryAfterMs = undefined;
    this.#opened = false;
    this.#ended = false;
    const socket = new WebSocket(url, {
      perMessageDeflate: settings.permessageDeflate,
      maxPayload: settings.maxMessageBytes,
      headers: { ...settings.headers },
      // Not in the types of ws yet.
      ...({ closeTimeout: CLOSE_TIMEOUT_MS } as object),
    });
    this.#socket = socket;
    socket.on('open', () => this.#onOpen());
    socket.on('message', (data, isBinary) => this.#onMessage(data as Buffer, isBinary));
    socket.on('pong', () => {
      counters.pongsReceived++;
      this.#liveness?.pong();
    });
    socket.on('unexpected-response', (_request, response) => {
      const { statusCode = 0, headers } = response;
      this.#retryAfterMs = parseRetryAfter(headers['retry-after'], headers.date, Date.now());
      const error = new FeedError('ERR_PERF_HTTP_CONNECT', `${this.#url} answered ${statusCode} instead of 101`, {
        url: this.#url,
        status: statusCode,
      });
      this.drop(error, ABNORMAL, error.message);
    });
    socket.on('error', (cause) => this.#onError(cause));
    socket.on('close', (code, reason) => this.#end(this.#closeCode ?? code, reason.toString()));
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(text: string): void {
    this.#counters.framesSent++;
    this.#socket.send(text, ignore);
  }

  /** Begins the closing handshake; messages that are still under way are delivered. */
  close(): void {
    this.#liveness?.stop();
    this.#socket.close(NORMAL);
  }

  /** Ends the connection here and now, without waiting for the socket to notice. */
  drop(error: FeedError | undefined, code: number, reason: string): void {
    if (this.#ended) return;
    this.#error = error;
    const socket = this.#socket;
    socket.removeAllListeners();
    // ws reports the end of an aborted handshake as an error.
    socket.on('error', ignore);
    socket.terminate();
    this.#end(code, reason);
  }

  #onOpen(): void {
    this.#opened = true;
    this.#liveness = new Liveness(
      this.#settings,
      {
        ping: () => {
          this.#counters.pingsSent++;
          this.#socket.ping(undefined, undefined, ignore);
        },
        onDead: () => {
          this.#counters.heartbeatDrops++;
          const reason = `no pong within ${this.#settings.heartbeatIntervalMs} ms`;
          this.drop(this.#fault('ERR_PERF_HTTP_HEARTBEAT', `${reason}: the connection is half-open`), ABNORMAL, reason);
        },
        onStale: (idleMs) => {
          this.#counters.staleDrops++;
          const reason = `no message for ${Math.round(idleMs)} ms`;
          this.#events.onStale(idleMs);
          this.drop(this.#fault('ERR_PERF_HTTP_STALE', `${reason}: connected, but silent`), ABNORMAL, reason);
        },
        expectsData: this.#events.expectsData,
      },
      this.#counters,
    );
    this.#events.onOpen();
  }

  #onMessage(frame: Buffer, isBinary: boolean): void {
    const counters = this.#counters;
    counters.messages++;
    counters.bytes += frame.length;
    counters.lastMessageAt = performance.now();
    try {
      this.#settings.onMessage(frame, isBinary);
    } catch (thrown) {
      this.#events.onThrow(thrown);
    }
  }

  /** ws emits `close` after every error. */
  #onError(cause: Error): void {
    if (this.#error !== undefined) return;
    const code = (cause as { code?: unknown }).code;
    if (!this.#opened) {
      this.#error = this.#fault('ERR_PERF_HTTP_CONNECT', `no connection: ${cause.message || String(code)}`, cause);
    } else if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
      this.#counters.tooLarge++;
      this.#closeCode = TOO_LARGE;
      this.#error = this.#fault(
        'ERR_PERF_HTTP_FRAME_TOO_LARGE',
        `a message is larger than ${this.#settings.maxMessageBytes} bytes: raise maxMessageBytes if the venue sends such`,
        cause,
      );
    } else if (typeof code === 'string' && code.startsWith('WS_ERR_')) {
      this.#closeCode = code === 'WS_ERR_INVALID_UTF8' ? INVALID_PAYLOAD : PROTOCOL_ERROR;
      this.#error = this.#fault('ERR_PERF_HTTP_PROTOCOL', `the server broke the protocol: ${cause.message}`, cause);
    } else {
      this.#error = this.#fault('ERR_PERF_HTTP_SOCKET', `the connection failed: ${cause.message}`, cause);
    }
  }

  #end(code: number, reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#liveness?.stop();
    let error = this.#error;
    if (error === undefined && code === ABNORMAL && reason === '') {
      error = this.#fault('ERR_PERF_HTTP_SOCKET', 'the connection broke without a close frame');
    }
    this.#events.onEnd({ opened: this.#opened, code, reason, error, retryAfterMs: this.#retryAfterMs });
  }

  #fault(code: FeedErrorCode, what: string, cause?: Error): FeedError {
    return new FeedError(
      code,
      `${this.#url}: ${what}`,
      cause === undefined ? { url: this.#url } : { url: this.#url, cause },
    );
  }
}
