import { HttpError } from '../errors.ts';
import type { HttpHeaders } from '../errors.ts';
import { withoutQuery } from './target.ts';

/** What `requestJson` returns: the parsed body with what came around it. */
export interface JsonResponse<T> {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly value: T;
  readonly attempts: number;
}

/** What `request` and the methods named after verbs return: the whole body, in memory. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: Buffer;
  readonly attempts: number;
  /** The body as UTF-8 without a byte order mark; malformed bytes become U+FFFD. */
  text(): string;
  /** The body parsed. Throws `ERR_PERF_HTTP_JSON`. */
  json<T = unknown>(): T;
}

/** What a response answers; kept for the words of an error. */
export interface Asked {
  readonly method: string;
  readonly origin: { readonly href: string };
  readonly path: string;
}

const EXCERPT_CHARS = 512;
/** No UTF-8 character is longer, so this many bytes hold the excerpt. */
const EXCERPT_BYTES = EXCERPT_CHARS * 4;
const BOM = 0xef;

/** Node's decoder without the option handling of `toString`; latin1 and ASCII detours around it measured slower. */
type Decodable = Buffer & { utf8Slice(start: number, end: number): string };

export class BufferedResponse implements HttpResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: Buffer;
  readonly attempts: number;
  readonly #asked: Asked;

  constructor(status: number, headers: HttpHeaders, body: Buffer, attempts: number, asked: Asked) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.attempts = attempts;
    // A copy of three fields: the call behind `asked` holds much more.
    this.#asked = { method: asked.method, origin: { href: asked.origin.href }, path: asked.path };
  }

  text(): string {
    return decodeBody(this.body);
  }

  json<T = unknown>(): T {
    try {
      return JSON.parse(decodeBody(this.body)) as T;
    } catch (cause) {
      throw jsonFault(this.body, this.status, this.headers, this.#asked, this.attempts, cause);
    }
  }
}

export function decodeBody(body: Buffer): string {
  const marked = body.length >= 3 && body[0] === BOM && body[1] === 0xbb && body[2] === 0xbf;
  return (body as Decodable).utf8Slice(marked ? 3 : 0, body.length);
}

/** Says what a body is instead of JSON. */
export function jsonFault(
  body: Buffer,
  status: number,
  headers: HttpHeaders,
  asked: Asked,
  attempts: number,
  cause: unknown,
): HttpError {
  const contentType = firstValue(headers['content-type']);
  const encoding = firstValue(headers['content-encoding']);
  const url = urlOf(asked);
  let what = `${contentType ?? 'a body without content type'} that is not JSON`;
  if (body.length === 0) what = 'an empty body';
  else if (encoding !== undefined && encoding !== 'identity') what = `a body in content-encoding ${encoding}`;
  return new HttpError(
    'ERR_PERF_HTTP_JSON',
    `${asked.method} ${url} answered ${status} with ${what}: check the URL, and whether something on the way answers for the server`,
    {
      method: asked.method,
      url,
      status,
      headers: withoutCookies(headers),
      attempts,
      phase: 'body',
      excerpt: excerptOf(body),
      ...(contentType === undefined ? {} : { contentType }),
      cause,
    },
  );
}

/** Origin and path, without the query. */
export function urlOf(asked: Asked): string {
  return asked.origin.href + withoutQuery(asked.path);
}

export function excerptOf(body: Buffer): string {
  return decodeBody(body.subarray(0, EXCERPT_BYTES)).slice(0, EXCERPT_CHARS);
}

/** A session in a cookie is a secret, and errors get logged. */
export function withoutCookies(headers: HttpHeaders): HttpHeaders {
  if (headers['set-cookie'] === undefined) return headers;
  const { 'set-cookie': _cookies, ...rest } = headers;
  return rest;
}

export function firstValue(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
