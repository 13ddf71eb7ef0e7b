import type { EmbeddedExchange } from './embedded-exchange.ts';
import type { LiveSession } from './live-session.ts';

export interface LiveOptions {
  /** Address of the REST API, without a path: `http://127.0.0.1:9000`. The streams are expected there as well. */
  readonly url: string;
  /** Address of the streams where it differs: `wss://fstream.binance.com`. */
  readonly streamUrl?: string | undefined;
  readonly symbols: readonly string[];
  /** Stops the session; what was done so far is reported. */
  readonly signal: AbortSignal;
  /** The exchange behind `url`, when it is ours: it can be paused and counted. */
  readonly exchange?: EmbeddedExchange | undefined;
  /** Called once, when the feed is open for the first time. */
  readonly onConnected?: (() => void) | undefined;
  /** Called every `progressEveryMs` (default 1,000). */
  readonly onProgress?: ((session: LiveSession) => void) | undefined;
  readonly progressEveryMs?: number | undefined;
  /** What a person should know at once: a reconnect, a gap, a failed request. */
  readonly onNotice?: ((notice: string) => void) | undefined;
}
