import { HttpError } from '../errors.ts';
import type { HttpErrorCode, HttpErrorDetails, HttpHeaders, HttpPhase } from '../errors.ts';
import { excerptOf, firstValue, urlOf, withoutCookies } from './response.ts';
import type { Asked } from './response.ts';
import { undici } from './undici.ts';

/** What an error says about the call that it ends. */
export interface CallView extends Asked {
  readonly attempts: number;
  /** Undefined once the call has settled. */
  readonly phase: HttpPhase | undefined;
}

/** `what` continues "GET https://host/path". */
export function callError(
  call: CallView,
  code: HttpErrorCode,
  what: string,
  details?: HttpErrorDetails & { readonly cause?: unknown },
): HttpError {
  const { method, attempts, phase } = call;
  const url = urlOf(call);
  const count = attempts > 1 ? ` (attempt ${attempts})` : '';
  return new HttpError(code, `${method} ${url}${what}${count}`, {
    method,
    url,
    attempts,
    ...(phase === undefined ? {} : { phase }),
    ...details,
  });
}

/** Turns what undici reports into ours; our own errors come back from an abort as they went in. */
export function translateError(call: CallView, cause: Error, sent: boolean, connectTimeoutMs: number): HttpError {
  if (cause instanceof HttpError) return cause;
  const code = (cause as { code?: unknown }).code;
  const details = { cause };
  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
      return callError(call, 'ERR_PERF_HTTP_TIMEOUT', ` found no connection within ${connectTimeoutMs} ms`, details);
    case 'UND_ERR_DESTROYED':
    case 'UND_ERR_CLOSED':
      return callError(call, 'ERR_PERF_HTTP_CLOSED', ': the pool is closed', details);
    case 'UND_ERR_INVALID_ARG':
    case 'UND_ERR_NOT_SUPPORTED':
    case 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH':
      return callError(call, 'ERR_PERF_HTTP_OPTION', ` was not sent: ${cause.message}`, details);
    default:
      return sent
        ? callError(call, 'ERR_PERF_HTTP_SOCKET', `: the connection failed: ${cause.message}`, details)
        : callError(call, 'ERR_PERF_HTTP_CONNECT', `: no connection: ${cause.message || String(code)}`, details);
  }
}

export function statusError(
  call: CallView,
  answer: { readonly status: number; readonly headers: HttpHeaders; readonly body: Buffer },
  retryAfterMs: number | undefined,
  advice: string,
): HttpError {
  const contentType = firstValue(answer.headers['content-type']);
  return callError(call, 'ERR_PERF_HTTP_STATUS', ` answered ${answer.status}${advice}`, {
    status: answer.status,
    headers: withoutCookies(answer.headers),
    excerpt: excerptOf(answer.body),
    ...(contentType === undefined ? {} : { contentType }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

export function isBrokenConnection(error: HttpError): boolean {
  return error.code === 'ERR_PERF_HTTP_SOCKET' || error.code === 'ERR_PERF_HTTP_CONNECT';
}

/** Failures that another attempt may not meet. What a server writes wrongly it writes wrongly again. */
export function isTransient(error: HttpError): boolean {
  if (error.code === 'ERR_PERF_HTTP_TIMEOUT') return true;
  if (!isBrokenConnection(error)) return false;
  const { HTTPParserError, HeadersOverflowError } = undici().errors;
  return !(error.cause instanceof HTTPParserError || error.cause instanceof HeadersOverflowError);
}
