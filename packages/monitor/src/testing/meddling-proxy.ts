import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

export interface MeddlingProxy extends AsyncDisposable {
  readonly url: string;
}

/**
 * Stands between a monitor and an exchange, passes REST through and lets `meddle` change each frame on its way: it returns
 * what to send instead, one frame or several.
 */
export async function meddlingProxy(
  exchangeUrl: string,
  meddle: (frame: string, index: number) => readonly (string | Buffer)[],
): Promise<MeddlingProxy> {
  const server = createServer((request, response) => {
    void (async () => {
      const answer = await fetch(exchangeUrl + request.url);
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    })();
  });
  const sockets = new WebSocketServer({ server });
  let index = 0;
  sockets.on('connection', (client, request) => {
    const upstream = new WebSocket(exchangeUrl.replace('http', 'ws') + request.url);
    const early: string[] = [];
    client.on('message', (data) => {
      if (upstream.readyState === WebSocket.OPEN) upstream.send(String(data));
      else early.push(String(data));
    });
    upstream.on('open', () => {
      for (const frame of early) upstream.send(frame);
    });
    upstream.on('message', (data) => {
      for (const frame of meddle(String(data), index++)) client.send(frame, { binary: false });
    });
    upstream.on('close', () => client.close());
    client.on('close', () => upstream.close());
    client.on('error', () => upstream.close());
    upstream.on('error', () => client.close());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
