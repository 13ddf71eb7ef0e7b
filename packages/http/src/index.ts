export { HttpError, FeedError } from './errors.ts';
export type {
  FeedErrorCode,
  FeedErrorDetails,
  HttpErrorCode,
  HttpErrorDetails,
  HttpHeaders,
  HttpPhase,
} from './errors.ts';
export { HttpPool } from './pool/http-pool.ts';
export type {
  BodyOptions,
  HttpPoolOptions,
  HttpTlsOptions,
  QueryValue,
  RequestOptions,
  RetryOptions,
} from './pool/options.ts';
export type { HttpResponse, JsonResponse } from './pool/response.ts';
export type { HttpPoolStats } from './pool/stats.ts';
export type { HttpRequestEvent } from './pool/request-event.ts';
export { Feed } from './feed/feed.ts';
export type {
  FeedCloseInfo,
  FeedOpenInfo,
  FeedOptions,
  FeedState,
  FeedStateChange,
  ReconnectOptions,
} from './feed/options.ts';
export type { FeedStats } from './feed/stats.ts';
