import { HttpError } from '../errors.ts';
import type { QueryValue, RequestOptions } from './options.ts';

/** Where a request goes. */
export interface Target {
  /** `https://api.example.com:8443`, as `URL.origin` writes it. */
  readonly origin: string;
  /** Path and query, percent-encoded. */
  readonly path: string;
}

export interface BaseUrl {
  readonly origin: string;
  /** The base's path without its last slash. */
  readonly prefix: string;
}

const SLASH = 0x2f;

/**
 * Characters that `URL` leaves as they are in a path and in a query. A text of these alone, without dot segments, goes
 * on the wire as it is; everything else takes the way through `URL`, which costs a microsecond.
 */
const PLAIN = /^[\w\-.~!$&()*+,;=:@/?%[\]]*$/;
const DOT_SEGMENT = /\/(?:\.|%2e)/i;

function isPlain(path: string): boolean {
  return PLAIN.test(path) && !DOT_SEGMENT.test(path);
}

export function readBaseUrl(text: string): BaseUrl {
  const url = parse(text);
  if (url.search !== '' || url.hash !== '') {
    throw wrong(`base URL ${shown(url)} must have no query and no fragment`);
  }
  return Object.freeze({ origin: url.origin, prefix: url.pathname.replace(/\/$/, '') });
}

/** Splits a URL, or a path below the base, without building a `URL` where the text is plain already. */
export function resolveTarget(
  url: string | URL,
  base: BaseUrl | undefined,
  known: (origin: string) => boolean,
): Target {
  if (typeof url === 'string') {
    if (url.charCodeAt(0) === SLASH) {
      if (base === undefined) throw wrong(`"${withoutQuery(url)}" is a path, and this pool has no baseUrl`);
      const path = base.prefix + url;
      return { origin: base.origin, path: isPlain(path) ? path : parsePath(base.origin, path) };
    }
    const scheme = url.indexOf('://');
    const slash = scheme < 0 ? -1 : url.indexOf('/', scheme + 3);
    if (slash > 0) {
      const origin = url.slice(0, slash);
      const path = url.slice(slash);
      // An origin that is known was once written by `URL` itself: no credentials, no other spelling of it.
      if (known(origin) && isPlain(path)) return { origin, path };
    }
  }
  const parsed = typeof url === 'string' ? parse(url) : checked(url);
  return { origin: parsed.origin, path: parsed.pathname + parsed.search };
}

/** Appends a query in the order given (signatures depend on it). */
export function appendQuery(path: string, query: NonNullable<RequestOptions['query']>): string {
  let text = path;
  let separator = path.includes('?') ? '&' : '?';
  for (const [name, given] of Object.entries(query)) {
    if (given === undefined) continue;
    for (const value of Array.isArray(given) ? (given as readonly QueryValue[]) : [given as QueryValue]) {
      text += `${separator}${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`;
      separator = '&';
    }
  }
  return text;
}

export function withoutQuery(path: string): string {
  const mark = path.search(/[?#]/);
  return mark < 0 ? path : path.slice(0, mark);
}

function parsePath(origin: string, path: string): string {
  const url = parse(origin + path);
  return url.pathname + url.search;
}

function parse(text: string): URL {
  const url = URL.parse(text);
  // The text itself is not shown: what does not parse may still hold a key.
  if (url === null) throw wrong('URL is neither absolute nor a path that begins with "/"');
  return checked(url);
}

function checked(url: URL): URL {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw wrong(`URL ${shown(url)} must be http: or https:`);
  }
  if (url.username !== '' || url.password !== '') {
    throw wrong(`URL ${shown(url)} has credentials in it, which end up in logs: send an authorization header`);
  }
  return url;
}

function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

function wrong(message: string): HttpError {
  return new HttpError('ERR_PERF_HTTP_OPTION', message, { option: 'url' });
}
