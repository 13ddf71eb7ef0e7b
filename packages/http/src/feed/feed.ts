import { channel } from 'node:diagnostics_channel';
import { FeedError } from '../errors.ts';
import { fullJitter } from '../policy/backoff.ts';
import { Connection } from './connection.ts';
import type { ConnectionEnd, ConnectionEvents } from './connection.ts';
import { MAX_TIMER_MS, checkFeedUrl, feedFault, readFeedOptions, shownUrl } from './options.ts';
import type { FeedOptions, FeedSettings, FeedState } from './options.ts';
import { newFeedCounters, snapshotOf } from './stats.ts';
import type { FeedCounters, FeedStats } from './stats.ts';
import { Subscriptions } from './subscriptions.ts';
import { Waiters } from './waiters.ts';

const opens = channel('perf:feed:open');
const closes = channel('perf:feed:close');
const reconnects = channel('perf:feed:reconnect');
const stales = channel('perf:feed:stale');

/**
 * A connection that lived this long was a good one, and its end is the first of a row again. Without this a server that
 * accepts and hangs up would be called in a tight loop, because every first reconnect is made at once.
 */
const STABLE_MS = 5000;
/** No close frame was seen. */
const ABNORMAL = 1006;

/**
 * A WebSocket that stays connected: heartbeats, a watch for silence that counts messages only, reconnects (the first at
 * once, then with full jitter), subscriptions that are renewed on every open.
 *
 * ```
 *           connect()              opened
 *   idle ────────────► connecting ────────► open ──┐
 *                        ▲     │ failed            │ ended
 *                        │     ▼                   │
 *                        └── waiting ◄─────────────┘
 *   from anywhere: close() → closing → closed, destroy() → closed
 * ```
 *
 * What a server sent while the feed was away is lost: rebuild state in `onOpen`. Messages arrive as bytes, synchronously,
 * without a queue; a slow `onMessage` slows the socket down through TCP.
 *
 * ```js
 * const feed = new Feed({
 *   url: 'wss://fstream.binance.com/stream',
 *   subscriptions: ['btcusdt@aggTrade'],
 *   subscribeFrame: (streams, id) => JSON.stringify({ method: 'SUBSCRIBE', params: streams, id }),
 *   onMessage: (frame) => console.log(frame.toString()),
 * });
 * await feed.connect();
 * ```
 */
export class Feed {
  readonly #settings: FeedSettings;
  readonly #counters: FeedCounters;
  readonly #subscriptions: Subscriptions;
  #state: FeedState;
  #connection: Connection | undefined;
  #connectTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  /** Which attempt is the present one: an answer to an earlier one is out of date. */
  #attemptId: number;
  /** Attempts since a connection was last open. */
  #attemptsInRow: number;
  /** Ends in a row without a stable connection between: what the delay grows by. */
  #failuresInRow: number;
  #openedAt: number;
  #shownUrl: string;
  #lastError: FeedError | undefined;
  readonly #waiters: Waiters;
  #closers: (() => void)[];

  /** Opens nothing. Throws `ERR_PERF_HTTP_OPTION`. */
  constructor(options: FeedOptions) {
    this.#settings = readFeedOptions(options);
    this.#counters = newFeedCounters();
    this.#subscriptions = new Subscriptions(this.#settings);
    this.#state = 'idle';
    this.#connection = undefined;
    this.#connectTimer = undefined;
    this.#retryTimer = undefined;
    this.#attemptId = 0;
    this.#attemptsInRow = 0;
    this.#failuresInRow = 0;
    this.#openedAt = 0;
    this.#shownUrl = typeof this.#settings.url === 'string' ? shownUrl(this.#settings.url) : '(not asked yet)';
    this.#lastError = undefined;
    this.#waiters = new Waiters();
    this.#closers = [];
  }

  get state(): FeedState {
    return this.#state;
  }

  /** The streams that are wanted now. */
  get subscriptions(): string[] {
    return this.#subscriptions.list();
  }

  /** A copy of the counters. */
  get stats(): FeedStats {
    return snapshotOf(this.#counters);
  }

  /**
   * Resolves once the feed is open. Rejects with `ERR_PERF_HTTP_RECONNECT_LIMIT` where `maxAttempts` failed,
   * `ERR_PERF_HTTP_ABORTED` or `ERR_PERF_HTTP_CLOSED`. An abort of the only caller closes a feed that was never open.
   */
  connect(options?: { signal?: AbortSignal | undefined }): Promise<void> {
    const signal = options?.signal;
    return new Promise((resolve, reject) => {
      if (this.#state === 'closing' || this.#state === 'closed') {
        throw this.#fault('ERR_PERF_HTTP_CLOSED', 'the feed is closed: make a new one');
      }
      if (signal?.aborted === true) throw this.#aborted(signal);
      if (this.#state === 'open') {
        resolve();
        return;
      }
      this.#waiters.add(signal, resolve, reject, () => {
        if (this.#waiters.size === 0 && this.#counters.opens === 0) this.#finish('closed: connect was aborted');
        return this.#aborted(signal);
      });
      if (this.#state === 'idle') this.#attempt('connect was called');
    });
  }

  /** Adds streams: at once where the feed is open, and on every open from now on. Those already wanted are left out. */
  subscribe(streams: readonly string[]): void {
    if (this.#settings.subscribeFrame === undefined) {
      throw feedFault('Feed: subscribe needs the option "subscribeFrame", which writes the frame', 'subscribeFrame');
    }
    const added = this.#subscriptions.add(streams);
    if (this.#state === 'open') this.#sendFrames(added, this.#settings.subscribeFrame);
  }

  /** Takes streams away; the server is told where there is an `unsubscribeFrame`. */
  unsubscribe(streams: readonly string[]): void {
    const removed = this.#subscriptions.remove(streams);
    if (this.#state === 'open') this.#sendFrames(removed, this.#settings.unsubscribeFrame);
  }

  /** Sends a text frame now, or throws: nothing is kept for a later connection. */
  send(text: string): void {
    if (typeof text !== 'string') throw feedFault('Feed: send takes a string', 'text');
    const connection = this.#connection;
    if (this.#state !== 'open' || connection === undefined) {
      throw this.#fault(
        'ERR_PERF_HTTP_NOT_OPEN',
        `the feed is ${this.#state}: send from onOpen, or when state is "open"`,
      );
    }
    const { maxBufferedBytes } = this.#settings;
    if (connection.bufferedBytes + text.length > maxBufferedBytes) {
      throw this.#fault(
        'ERR_PERF_HTTP_QUEUE_FULL',
        `${connection.bufferedBytes} bytes are unsent: the server reads too slowly for maxBufferedBytes ${maxBufferedBytes}`,
      );
    }
    connection.send(text);
  }

  /** Closes by handshake; resolves when the socket is gone, within 2 s. Rejects pending `connect` calls. */
  close(): Promise<void> {
    if (this.#state === 'closed') return Promise.resolve();
    const closed = new Promise<void>((resolve) => {
      this.#closers.push(resolve);
    });
    if (this.#state === 'open') {
      this.#to('closing', 'closed by the caller');
      this.#connection?.close();
    } else if (this.#state !== 'closing') {
      this.#finish('closed by the caller');
    }
    return closed;
  }

  /** Drops the connection and every timer now. */
  destroy(): void {
    this.#finish('destroyed by the caller');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #attempt(reason: string): void {
    const id = ++this.#attemptId;
    this.#attemptsInRow++;
    this.#counters.attempts++;
    this.#to('connecting', reason);
    if (this.#attemptId !== id) return; // closed by the callback
    const { url, connectTimeoutMs } = this.#settings;
    this.#connectTimer = setTimeout(() => {
      const error = this.#fault('ERR_PERF_HTTP_CONNECT', `no connection within ${connectTimeoutMs} ms`);
      if (this.#connection === undefined) this.#ended(failedBefore(error));
      else this.#connection.drop(error, ABNORMAL, 'connect timeout');
    }, connectTimeoutMs);
    if (typeof url === 'string') {
      this.#open(id, url);
      return;
    }
    // Also catches what `url` throws synchronously.
    Promise.resolve()
      .then(url)
      .then(
        (text) => this.#open(id, text),
        (cause: unknown) => {
          if (id !== this.#attemptId) return;
          this.#ended(failedBefore(this.#fault('ERR_PERF_HTTP_CONNECT', 'the url function failed', cause)));
        },
      );
  }

  #open(id: number, url: string): void {
    if (id !== this.#attemptId) return;
    const events: ConnectionEvents = {
      onOpen: () => this.#opened(),
      onEnd: (end) => this.#ended(end),
      onStale: (idleMs) => {
        if (stales.hasSubscribers) stales.publish({ url: this.#shownUrl, idleMs });
      },
      onThrow: (thrown) => this.#callbackThrew('onMessage', thrown),
      expectsData: () => this.#settings.subscribeFrame === undefined || this.#subscriptions.size > 0,
    };
    try {
      checkFeedUrl(url);
      this.#shownUrl = shownUrl(url);
      this.#connection = new Connection(url, this.#settings, this.#counters, events);
    } catch (cause) {
      this.#ended(failedBefore(this.#fault('ERR_PERF_HTTP_CONNECT', 'the connection cannot be started', cause)));
    }
  }

  #opened(): void {
    clearTimeout(this.#connectTimer);
    const attempt = this.#attemptsInRow;
    const id = this.#attemptId;
    this.#attemptsInRow = 0;
    this.#openedAt = performance.now();
    this.#counters.opens++;
    if (this.#counters.opens > 1) this.#counters.reconnects++;
    this.#to('open', `attempt ${attempt} succeeded`);
    if (this.#attemptId !== id || !this.#isIn('open')) return; // closed by the callback
    this.#guard('subscribeFrame', () => this.#sendFrames(this.#subscriptions.list(), this.#settings.subscribeFrame));
    const info = Object.freeze({ attempt, reconnects: this.#counters.reconnects });
    if (opens.hasSubscribers) opens.publish({ url: this.#shownUrl, ...info });
    const { onOpen } = this.#settings;
    if (onOpen !== undefined) this.#guard('onOpen', () => onOpen(info));
    this.#waiters.resolveAll();
  }

  /** An attempt failed, or an open connection ended. */
  #ended(end: ConnectionEnd): void {
    if (this.#state === 'closed') return;
    clearTimeout(this.#connectTimer);
    const id = ++this.#attemptId;
    this.#connection = undefined;
    this.#lastError = end.error;
    if (end.opened && performance.now() - this.#openedAt >= STABLE_MS) this.#failuresInRow = 0;
    this.#failuresInRow++;
    const { maxAttempts } = this.#settings;
    const isSpent = maxAttempts > 0 && this.#attemptsInRow >= maxAttempts;
    const why = end.error?.code ?? `closed with ${end.code}`;
    // First the state, then the callbacks: what they ask of the feed must not meet a connection that is gone.
    if (this.#state !== 'closing' && !isSpent) this.#to('waiting', why);
    if (end.error !== undefined && this.#state !== 'closing') this.#report(end.error);
    if (end.opened) this.#notifyClosed(end.code, end.reason, this.#isIn('waiting'));
    if (this.#attemptId !== id) return; // closed by a callback
    if (this.#isIn('waiting')) this.#scheduleAttempt(why, end.retryAfterMs ?? 0);
    else if (this.#isIn('closing')) this.#finish('closed by the caller');
    else this.#giveUp();
  }

  #scheduleAttempt(why: string, retryAfterMs: number): void {
    const { minDelayMs, maxDelayMs } = this.#settings;
    const row = this.#failuresInRow;
    const jitterMs = row === 1 ? 0 : fullJitter(row - 1, minDelayMs, maxDelayMs, Math.random);
    const delayMs = Math.min(jitterMs + retryAfterMs, MAX_TIMER_MS);
    if (reconnects.hasSubscribers) {
      reconnects.publish({ url: this.#shownUrl, attempt: this.#attemptsInRow + 1, delayMs });
    }
    this.#retryTimer = setTimeout(() => this.#attempt(`reconnecting: ${why}`), Math.ceil(delayMs));
  }

  #giveUp(): void {
    const { maxAttempts } = this.#settings;
    const error = this.#fault(
      'ERR_PERF_HTTP_RECONNECT_LIMIT',
      `${maxAttempts} attempts in a row failed, the last one: ${this.#lastError?.message ?? 'unknown'}`,
      this.#lastError,
    );
    this.#report(error);
    this.#finish('maxAttempts used up', error);
  }

  /** The one way to `closed`. */
  #finish(reason: string, error?: FeedError): void {
    if (this.#state === 'closed') return;
    const wasOpen = this.#state === 'open' || this.#state === 'closing';
    this.#attemptId++;
    clearTimeout(this.#connectTimer);
    clearTimeout(this.#retryTimer);
    const connection = this.#connection;
    this.#connection = undefined;
    this.#to('closed', reason);
    // Its `onEnd` finds the feed closed and does nothing.
    connection?.drop(undefined, ABNORMAL, reason);
    if (connection !== undefined && wasOpen) this.#notifyClosed(ABNORMAL, reason, false);
    const rejection = error ?? this.#fault('ERR_PERF_HTTP_CLOSED', `the feed was ${reason}`);
    this.#waiters.rejectAll(rejection);
    for (const closer of this.#closers.splice(0)) closer();
  }

  #notifyClosed(code: number, reason: string, willReconnect: boolean): void {
    const info = Object.freeze({ code, reason, willReconnect });
    if (closes.hasSubscribers) closes.publish({ url: this.#shownUrl, ...info });
    const { onClose } = this.#settings;
    if (onClose !== undefined) this.#guard('onClose', () => onClose(info));
  }

  #sendFrames(streams: readonly string[], write: FeedSettings['subscribeFrame']): void {
    for (const frame of this.#subscriptions.frames(streams, write)) this.send(frame);
  }

  #to(to: FeedState, reason: string): void {
    const from = this.#state;
    this.#state = to;
    const { onStateChange } = this.#settings;
    if (onStateChange !== undefined) this.#guard('onStateChange', () => onStateChange({ from, to, reason }));
  }

  /** Asked through a method, because the compiler cannot know that a callback changed the state. */
  #isIn(state: FeedState): boolean {
    return this.#state === state;
  }

  #guard(name: string, run: () => void): void {
    try {
      run();
    } catch (thrown) {
      this.#callbackThrew(name, thrown);
    }
  }

  #callbackThrew(name: string, thrown: unknown): void {
    this.#report(this.#fault('ERR_PERF_HTTP_CALLBACK', `${name} threw: ${String(thrown)}`, thrown));
  }

  #report(error: FeedError): void {
    this.#counters.errors++;
    const { onError } = this.#settings;
    if (onError === undefined) return;
    try {
      onError(error);
    } catch (thrown) {
      // Nobody is left to tell, and the connection must not fall over it.
      process.emitWarning(`onError of a Feed threw: ${String(thrown)}`, 'PerfHttpWarning');
    }
  }

  #aborted(signal: AbortSignal | undefined): FeedError {
    return this.#fault('ERR_PERF_HTTP_ABORTED', 'connect was aborted by its signal', signal?.reason);
  }

  #fault(code: FeedError['code'], what: string, cause?: unknown): FeedError {
    const url = this.#shownUrl;
    return new FeedError(code, `feed ${url}: ${what}`, cause === undefined ? { url } : { url, cause });
  }
}

function failedBefore(error: FeedError): ConnectionEnd {
  return { opened: false, code: ABNORMAL, reason: '', error, retryAfterMs: undefined };
}
