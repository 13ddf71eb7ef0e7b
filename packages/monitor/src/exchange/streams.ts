import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Channel, Listener, Route, Subscribable } from './channel.ts';
import { Connection } from './connection.ts';
import { TextFrame } from './frame.ts';
import type { AggTrade } from './market/agg-trade.ts';
import type { Instrument } from './market/instruments.ts';
import type { DepthBatch } from './market/symbol-book.ts';
import type { MarketSink, SymbolMarket } from './market/symbol-market.ts';
import { SymbolMessages } from './protocol/messages.ts';
import { isStreamName } from './protocol/requests.ts';
import { splitUrl } from './rest.ts';

interface SymbolChannels {
  readonly messages: SymbolMessages;
  readonly depth: ReadonlyMap<number, Channel>;
  readonly bookTicker: Channel;
  readonly aggTrade: Channel;
}

export interface StreamsOptions {
  readonly pingIntervalMs: number;
  readonly pongTimeoutMs: number;
  readonly maxBufferedBytes: number;
}

/** Stream name of each depth interval. */
const DEPTH_NAMES: readonly (readonly [intervalMs: number, suffix: string])[] = [
  [50, 'depth@0ms'],
  [100, 'depth@100ms'],
  [250, 'depth'],
  [500, 'depth@500ms'],
];

/** Largest message from a client: room for 1,024 stream names in one request. */
const MAX_REQUEST_BYTES = 128 * 1024;
const GOING_AWAY = 1001;
/** How long closing clients may take. */
const CLOSE_GRACE_MS = 1000;

/** All WebSocket streams: hears the market, writes each message once, and gives it to whoever listens. */
export class Streams implements MarketSink, Subscribable {
  messagesSent = 0;
  connectionsCut = 0;
  readonly messages: readonly SymbolMessages[];
  readonly #options: StreamsOptions;
  readonly #server: WebSocketServer;
  readonly #symbols: readonly SymbolChannels[];
  readonly #channels = new Map<string, Channel>();
  readonly #connections = new Set<Listener>();
  readonly #sockets = new Set<Duplex>();
  /** Connections with frames for the end of the slice. */
  #queued: Listener[] = [];
  readonly #bareFrame = new TextFrame();
  readonly #combinedFrame = new TextFrame();

  constructor(instruments: readonly Instrument[], options: StreamsOptions) {
    this.#options = options;
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: MAX_REQUEST_BYTES,
    });
    this.#symbols = instruments.map((instrument) => this.#openChannels(instrument));
    this.messages = this.#symbols.map(({ messages }) => messages);
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Messages handed to clients, by stream; streams that never had a listener are left out. */
  sentPerStream(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { name, sent } of this.#channels.values()) if (sent > 0) counts[name] = sent;
    return counts;
  }

  /** Answers an HTTP upgrade: `/ws`, `/ws/<stream>/…`, `/stream`, `/stream?streams=<stream>/…`, all also below `/public` and `/market`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const target = readTarget(request.url ?? '/');
    if (typeof target === 'number') {
      refuse(socket, target);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      const { combined, route, names } = target;
      const connection = new Connection(ws, socket, this, { ...this.#options, combined, route });
      this.#connections.add(connection);
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      if (!connection.subscribe(names)) connection.close(1008, 'Too many subscriptions');
    });
  }

  depth(market: SymbolMarket, batch: DepthBatch): void {
    const { depth, messages } = this.#symbols[market.index];
    const channel = depth.get(batch.intervalMs);
    if (channel === undefined || channel.listeners.length === 0) return;
    this.#deliver(channel, messages.depthUpdate(market, batch));
  }

  bookTicker(market: SymbolMarket): void {
    const { bookTicker, messages } = this.#symbols[market.index];
    if (bookTicker.listeners.length > 0) this.#deliver(bookTicker, messages.bookTicker(market));
  }

  aggTrade(market: SymbolMarket, trade: AggTrade): void {
    const { aggTrade, messages } = this.#symbols[market.index];
    if (aggTrade.listeners.length > 0) this.#deliver(aggTrade, messages.aggTrade(market, trade));
  }

  /** Writes what the slice brought to the sockets. */
  flush(): void {
    if (this.#queued.length === 0) return;
    const queued = this.#queued;
    this.#queued = [];
    for (const connection of queued) connection.flush();
  }

  channel(name: string, route: Route): Channel | undefined {
    const channel = this.#channels.get(name);
    return channel !== undefined && (route === 'any' || channel.route === route) ? channel : undefined;
  }

  join(channel: Channel, listener: Listener): void {
    channel.listeners.push(listener);
  }

  leave(channel: Channel, listener: Listener): void {
    const at = channel.listeners.indexOf(listener);
    if (at >= 0) channel.listeners.splice(at, 1);
  }

  left(listener: Listener, cut: boolean): void {
    this.#connections.delete(listener);
    if (cut) this.connectionsCut++;
  }

  /** Closes every client with 1001, and those that do not answer without further ado. */
  async close(): Promise<void> {
    this.flush();
    for (const connection of this.#connections) connection.close(GOING_AWAY, 'Server is shutting down');
    const gone = [...this.#sockets].map(
      (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
    );
    const timer = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, CLOSE_GRACE_MS);
    await Promise.all(gone);
    clearTimeout(timer);
  }

  #deliver(channel: Channel, text: string): void {
    let bare: TextFrame | undefined;
    let combined: TextFrame | undefined;
    for (const connection of channel.listeners) {
      if (connection.combined) {
        combined ??= this.#combinedFrame.set(`${channel.envelope}${text}}`);
        connection.push(combined);
      } else {
        bare ??= this.#bareFrame.set(text);
        connection.push(bare);
      }
      if (!connection.queued) {
        connection.queued = true;
        this.#queued.push(connection);
      }
    }
    channel.sent += channel.listeners.length;
    this.messagesSent += channel.listeners.length;
  }

  #openChannels(instrument: Instrument): SymbolChannels {
    const open = (suffix: string, route: Route): Channel => {
      const name = `${instrument.symbol.toLowerCase()}@${suffix}`;
      const channel: Channel = { name, route, envelope: `{"stream":"${name}","data":`, listeners: [], sent: 0 };
      this.#channels.set(name, channel);
      return channel;
    };
    return {
      messages: new SymbolMessages(instrument),
      depth: new Map(DEPTH_NAMES.map(([intervalMs, suffix]) => [intervalMs, open(suffix, 'public')])),
      bookTicker: open('bookTicker', 'public'),
      aggTrade: open('aggTrade', 'market'),
    };
  }
}

interface Target {
  readonly combined: boolean;
  readonly route: Route;
  readonly names: readonly string[];
}

/** What an upgrade asks for, or the HTTP status that refuses it. */
function readTarget(url: string): Target | number {
  const [path, search = ''] = splitUrl(url);
  const found = /^(?:\/(public|market))?\/(?:(ws)((?:\/[^/]+)*)|stream)\/?$/.exec(path);
  if (found === null) return 404;
  const combined = found[2] === undefined;
  const list = combined ? (new URLSearchParams(search).get('streams') ?? '') : decode(found[3]);
  const names = list.split('/').filter((name) => name !== '');
  if (!names.every(isStreamName)) return 400;
  return { combined, route: (found[1] as Route | undefined) ?? 'any', names };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not a stream name, and refused as such.
    return '%';
  }
}

function refuse(socket: Duplex, status: number): void {
  const reason = status === 404 ? 'Not Found' : 'Bad Request';
  socket.once('error', () => {});
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
