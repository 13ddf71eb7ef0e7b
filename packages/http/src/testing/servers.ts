import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

export interface TestServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Answers with JSON, the shortest way. */
export function sendJson(response: ServerResponse, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}

/** An HTTP server on port 0 that is gone, with all its sockets, when the test ends. */
export async function serveHttp(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  options: { keepAliveTimeout?: number } = {},
): Promise<TestServer & { readonly server: Server }> {
  const server = createServer({ keepAliveTimeout: 60_000, ...options }, handler);
  const started = await start(server, 0);
  return { ...started, server };
}

/** A TCP server, for answers that no HTTP server gives. `onRequest` is called once per request head. */
export async function serveTcp(onRequest: (socket: Socket, head: string, index: number) => void): Promise<TestServer> {
  let index = 0;
  const server = createTcpServer((socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end);
        text = text.slice(end + 4);
        onRequest(socket, head, index++);
      }
    });
  });
  return start(server, 0);
}

/** A WebSocket server; `port` lets a killed one come back at the same address. */
export async function serveWebSocket(
  onConnection: (socket: WebSocket, request: IncomingMessage) => void,
  port = 0,
): Promise<TestServer & { readonly clients: Set<WebSocket> }> {
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: true });
  server.on('connection', (socket, request) => {
    socket.on('error', () => undefined);
    onConnection(socket, request);
  });
  const started = await start(http, port);
  return { ...started, url: started.url.replace('http', 'ws'), clients: server.clients };
}

async function start(server: TcpServer | Server, port: number): Promise<TestServer> {
  // Kept here, because a server forgets the sockets that were upgraded.
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => {
      server.close(resolve);
    });
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  onTestFinished(close);
  return { url: `http://127.0.0.1:${address.port}`, port: address.port, close };
}

/** A promise with its resolve beside it: "wait until this has happened". */
export class Signal<T = void> {
  readonly promise: Promise<T>;
  resolve!: (value: T) => void;

  constructor() {
    this.promise = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }
}

/** The error that a promise rejects with; fails where it resolves. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error(`expected a rejection, got ${JSON.stringify(value)}`);
}
