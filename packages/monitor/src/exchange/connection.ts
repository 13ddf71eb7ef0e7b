import type { Duplex } from 'node:stream';
import { type RawData, WebSocket } from 'ws';
import type { Channel, Route, Subscribable } from './channel.ts';
import { FrameQueue, type TextFrame } from './frame.ts';
import { answerRequest, type Session } from './protocol/requests.ts';

/** Venue's limits: https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams */
const STREAMS_PER_CONNECTION = 1024;
const REQUESTS_PER_SECOND = 10;
const SECOND_MS = 1000;
/** A client that is being cut off gets this long to read its close frame. */
const CUT_GRACE_MS = 1000;
const POLICY_VIOLATION = 1008;

export interface ConnectionOptions {
  readonly combined: boolean;
  readonly route: Route;
  readonly pingIntervalMs: number;
  readonly pongTimeoutMs: number;
  readonly maxBufferedBytes: number;
}

/** One WebSocket client: its subscriptions, its unsent frames, its heartbeat and its limits. */
export class Connection implements Session {
  combined: boolean;
  /** Listed among the connections that have frames for the end of the slice. */
  queued = false;
  readonly #ws: WebSocket;
  readonly #socket: Duplex;
  readonly #streams: Subscribable;
  readonly #options: ConnectionOptions;
  readonly #names = new Map<string, Channel | undefined>();
  readonly #frames = new FrameQueue();
  readonly #heartbeat: NodeJS.Timeout;
  #lastPongMs: number = performance.now();
  #secondStartMs = 0;
  #requestsThisSecond = 0;
  #open = true;

  constructor(ws: WebSocket, socket: Duplex, streams: Subscribable, options: ConnectionOptions) {
    this.#ws = ws;
    this.#socket = socket;
    this.#streams = streams;
    this.#options = options;
    this.combined = options.combined;
    this.#heartbeat = setInterval(() => this.#beat(), options.pingIntervalMs);
    this.#heartbeat.unref();
    ws.on('message', (data) => this.#request(data));
    ws.on('ping', () => this.#admit());
    ws.on('pong', () => {
      this.#lastPongMs = performance.now();
    });
    // Reset connections and frames that break the protocol: ws closes by itself, 'close' follows.
    ws.on('error', () => {});
    ws.on('close', () => this.#end(false));
  }

  subscribe(names: readonly string[]): boolean {
    const fresh = new Set(names.filter((name) => !this.#names.has(name)));
    if (this.#names.size + fresh.size > STREAMS_PER_CONNECTION) return false;
    for (const name of fresh) {
      const channel = this.#streams.channel(name, this.#options.route);
      this.#names.set(name, channel);
      if (channel !== undefined) this.#streams.join(channel, this);
    }
    return true;
  }

  unsubscribe(names: readonly string[]): void {
    for (const name of names) {
      const channel = this.#names.get(name);
      if (channel !== undefined) this.#streams.leave(channel, this);
      this.#names.delete(name);
    }
  }

  subscriptions(): readonly string[] {
    return [...this.#names.keys()];
  }

  /** Adds a frame to what the end of the slice sends. */
  push(frame: TextFrame): void {
    this.#frames.push(frame);
  }

  /** Hands the frames of the slice to the socket, unless the client has stopped reading. */
  flush(): void {
    this.queued = false;
    if (!this.#open || this.#frames.length === 0) return;
    this.#socket.write(this.#frames.take());
    if (this.#socket.writableLength > this.#options.maxBufferedBytes) this.#cut('Too slow');
  }

  /** Says goodbye; what was sent before still arrives. */
  close(code: number, reason: string): void {
    this.#end(false);
    this.#ws.close(code, reason);
  }

  #request(data: RawData): void {
    if (!this.#admit()) return;
    const answer = answerRequest(String(data), this);
    if (this.#ws.readyState === WebSocket.OPEN) this.#ws.send(answer);
  }

  /** Counts a message or ping from the client; false when that was one too many. */
  #admit(): boolean {
    if (!this.#open) return false;
    const now = performance.now();
    if (now - this.#secondStartMs >= SECOND_MS) {
      this.#secondStartMs = now;
      this.#requestsThisSecond = 0;
    }
    if (++this.#requestsThisSecond <= REQUESTS_PER_SECOND) return true;
    this.#cut('Too many requests');
    return false;
  }

  #beat(): void {
    if (performance.now() - this.#lastPongMs > this.#options.pongTimeoutMs) this.#cut('Pong timeout');
    else this.#ws.ping(String(Date.now()));
  }

  #cut(reason: string): void {
    this.#end(true);
    this.#ws.close(POLICY_VIOLATION, reason);
    // The close frame waits behind whatever a client does not read.
    const timer = setTimeout(() => this.#ws.terminate(), CUT_GRACE_MS);
    timer.unref();
    this.#ws.once('close', () => clearTimeout(timer));
  }

  /** Leaves all streams; no data is sent after that. */
  #end(cut: boolean): void {
    if (!this.#open) return;
    this.#open = false;
    clearInterval(this.#heartbeat);
    this.unsubscribe(this.subscriptions());
    this.#streams.left(this, cut);
  }
}
