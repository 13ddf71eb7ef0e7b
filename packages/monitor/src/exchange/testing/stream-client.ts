import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A ws client whose text messages can be awaited one by one. */
export class StreamClient implements AsyncDisposable {
  readonly ws: WebSocket;
  readonly #texts: string[] = [];
  #waiting: (() => void) | undefined;
  readonly closed: Promise<{ code: number; reason: string }>;

  private constructor(url: string) {
    this.ws = new WebSocket(url, { perMessageDeflate: false });
    this.ws.on('message', (data) => {
      this.#texts.push(String(data));
      this.#waiting?.();
    });
    this.closed = new Promise((resolve) => {
      this.ws.once('close', (code, reason) => {
        resolve({ code, reason: String(reason) });
        this.#waiting?.();
      });
    });
  }

  static async open(httpUrl: string, path: string): Promise<StreamClient> {
    const client = new StreamClient(httpUrl.replace('http', 'ws') + path);
    await once(client.ws, 'open');
    return client;
  }

  send(message: unknown): void {
    this.ws.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next message, parsed. */
  async next(): Promise<Record<string, unknown>> {
    while (this.#texts.length === 0) {
      if (this.ws.readyState >= WebSocket.CLOSING) throw new Error('closed while a message was awaited');
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    return JSON.parse(this.#texts.shift() as string) as Record<string, unknown>;
  }

  /** The next message that `wanted` accepts; those before it are dropped. */
  async find(wanted: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    for (;;) {
      const message = await this.next();
      if (wanted(message)) return message;
    }
  }

  /** Sends a request and returns its answer; data in between is dropped. */
  ask(request: unknown): Promise<Record<string, unknown>> {
    this.send(request);
    return this.find((message) => 'result' in message || 'error' in message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.ws.terminate();
    await this.closed;
  }
}
