// REST endpoints of https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api
// Paths, weights, codes and wordings are the venue's; where its documentation and its wire differ, the wire was followed
// (`{"code":-4021,"msg":"3 is not valid depth limit"}`).

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Market } from './market/market.ts';
import type { SymbolMarket } from './market/symbol-market.ts';
import { exchangeInfo } from './protocol/exchange-info.ts';
import type { SymbolMessages } from './protocol/messages.ts';
import type { WeightLimit } from './weight.ts';

const DEFAULT_DEPTH_LIMIT = 500;
const DEPTH_WEIGHTS: ReadonlyMap<number, number> = new Map([
  [5, 2],
  [10, 2],
  [20, 2],
  [50, 2],
  [100, 5],
  [500, 10],
  [1000, 20],
]);
const LARGEST_LIMIT = 1000;

interface Endpoint {
  readonly weight: (query: URLSearchParams) => number;
  readonly answer: (query: URLSearchParams) => string;
}

/** An answer of the venue that is not 200. */
class Refusal {
  readonly status: number;
  readonly body: string;

  constructor(status: number, code: number, msg: string) {
    this.status = status;
    this.body = JSON.stringify({ code, msg });
  }
}

/** Answers REST requests from the market as it is at that moment. */
export class Rest {
  readonly #market: Market;
  readonly #messages: readonly SymbolMessages[];
  readonly #limit: WeightLimit;
  readonly #limitPerMinute: number;
  readonly #endpoints: ReadonlyMap<string, Endpoint>;

  constructor(market: Market, messages: readonly SymbolMessages[], limit: WeightLimit, limitPerMinute: number) {
    this.#market = market;
    this.#messages = messages;
    this.#limit = limit;
    this.#limitPerMinute = limitPerMinute;
    const one = (): number => 1;
    this.#endpoints = new Map<string, Endpoint>([
      ['/fapi/v1/ping', { weight: one, answer: () => '{}' }],
      ['/fapi/v1/time', { weight: one, answer: () => `{"serverTime":${market.timeMs}}` }],
      ['/fapi/v1/exchangeInfo', { weight: one, answer: () => this.#exchangeInfo() }],
      ['/fapi/v1/depth', { weight: depthWeight, answer: (query) => this.#depth(query) }],
      [
        '/fapi/v1/ticker/bookTicker',
        { weight: (query) => (query.has('symbol') ? 2 : 5), answer: (query) => this.#bookTicker(query) },
      ],
    ]);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    // A body is of no interest; left unread it would hold the connection.
    request.resume();
    const method = request.method ?? 'GET';
    const [path, search = ''] = splitUrl(request.url ?? '/');
    const endpoint = method === 'GET' || method === 'HEAD' ? this.#endpoints.get(path) : undefined;
    const query = new URLSearchParams(search);
    const charged = this.#limit.charge(request.socket.remoteAddress ?? '', endpoint?.weight(query) ?? 1);
    response.setHeader('X-MBX-USED-WEIGHT-1M', charged.used);
    if (charged.retryAfterSeconds !== undefined) {
      response.setHeader('Retry-After', charged.retryAfterSeconds);
      const msg = `Too many requests; current limit is ${this.#limitPerMinute} requests per minute. Please use the websocket for live updates to avoid polling the API.`;
      send(response, 429, JSON.stringify({ code: -1003, msg }));
      return;
    }
    if (endpoint === undefined) {
      const msg = `Path ${path.slice(0, 256)}, Method ${method} is invalid`;
      send(response, 404, JSON.stringify({ code: -5000, msg }));
      return;
    }
    try {
      send(response, 200, endpoint.answer(query));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      send(response, error.status, error.body);
    }
  }

  #exchangeInfo(): string {
    const instruments = this.#market.symbols.map(({ instrument }) => instrument);
    return exchangeInfo(instruments, this.#market.timeMs);
  }

  #depth(query: URLSearchParams): string {
    const limit = depthLimit(query);
    const market = this.#symbol(query);
    return this.#messages[market.index].depthSnapshot(market, limit);
  }

  #bookTicker(query: URLSearchParams): string {
    if (query.has('symbol')) {
      const market = this.#symbol(query);
      return this.#messages[market.index].bookTickerAnswer(market);
    }
    const all = this.#market.symbols.map((market) => this.#messages[market.index].bookTickerAnswer(market));
    return `[${all.join(',')}]`;
  }

  #symbol(query: URLSearchParams): SymbolMarket {
    const name = query.get('symbol');
    if (name === null || name === '') throw mandatory('symbol');
    const market = this.#market.get(name);
    if (market === undefined) throw new Refusal(400, -1121, 'Invalid symbol.');
    return market;
  }
}

/** What an unusable limit costs is not documented; it is charged as the default. */
function depthWeight(query: URLSearchParams): number {
  return DEPTH_WEIGHTS.get(Number(query.get('limit') ?? DEFAULT_DEPTH_LIMIT)) ?? 10;
}

function depthLimit(query: URLSearchParams): number {
  const text = query.get('limit');
  if (text === null) return DEFAULT_DEPTH_LIMIT;
  if (!/^-?\d{1,15}$/.test(text)) throw mandatory('limit');
  const limit = Number(text);
  if (limit < 1 || limit > LARGEST_LIMIT) {
    throw new Refusal(400, -1130, "Data sent for parameter 'limit' is not valid.");
  }
  if (!DEPTH_WEIGHTS.has(limit)) throw new Refusal(400, -4021, `${limit} is not valid depth limit`);
  return limit;
}

function mandatory(name: string): Refusal {
  return new Refusal(400, -1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'Content-Type': 'application/json;charset=UTF-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-cache, no-store, must-revalidate',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** Path and query of a request target, without the `URL` class: a target such as `//` is not an address of its own. */
export function splitUrl(target: string): [path: string, search: string | undefined] {
  const mark = target.indexOf('?');
  return mark < 0 ? [target, undefined] : [target.slice(0, mark), target.slice(mark + 1)];
}
