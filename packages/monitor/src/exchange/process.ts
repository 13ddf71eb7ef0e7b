// Entry of an exchange in a child process: fork(this file, [JSON.stringify(options)]).
//
//   parent → child   { type: 'pause' | 'resume' | 'stats' | 'close' }
//   child → parent   { type: 'listening', host, port, url } first, then { type: 'stats', stats } every 100 ms and when
//                    asked, { type: 'paused', stats } after a pause, { type: 'failed', code, message } before it gives up
//
// The child ends with its parent: when the channel closes, so does the exchange.

import { errorCode } from '@perf/internal';
import type { ExchangeOptions } from './options.ts';
import { Exchange, type ExchangeStats } from './exchange.ts';

/** What a parent may send. */
export interface ExchangeCommand {
  readonly type: 'pause' | 'resume' | 'stats' | 'close';
}

/** What the child sends. */
export type ExchangeReport =
  | { readonly type: 'listening'; readonly host: string; readonly port: number; readonly url: string }
  | { readonly type: 'stats' | 'paused'; readonly stats: ExchangeStats }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };

const STATS_EVERY_MS = 100;

async function main(): Promise<void> {
  const exchange = new Exchange(JSON.parse(process.argv[2] ?? '{}') as ExchangeOptions);
  process.on('message', (command: ExchangeCommand) => obey(exchange, command));
  process.once('disconnect', () => void end(exchange));
  process.once('SIGTERM', () => void end(exchange));
  // Ctrl-C reaches the whole process group. The parent decides when its exchange ends: it may still want its books.
  process.on('SIGINT', () => {});
  report({ type: 'listening', ...(await exchange.listen()) });
  setInterval(() => report({ type: 'stats', stats: exchange.stats() }), STATS_EVERY_MS).unref();
}

function obey(exchange: Exchange, command: ExchangeCommand): void {
  switch (command.type) {
    case 'pause':
      exchange.pause();
      report({ type: 'paused', stats: exchange.stats() });
      break;
    case 'resume':
      exchange.resume();
      break;
    case 'stats':
      report({ type: 'stats', stats: exchange.stats() });
      break;
    case 'close':
      void end(exchange);
      break;
    default:
  }
}

async function end(exchange: Exchange): Promise<void> {
  await exchange.close();
  process.exit(0);
}

function report(message: ExchangeReport): void {
  // A parent that went away in between is not an error: 'disconnect' follows.
  if (process.connected) process.send?.(message, () => {});
}

try {
  await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  const failed: ExchangeReport = { type: 'failed', code: errorCode(error) ?? 'ERR_PERF_MONITOR_EXCHANGE', message };
  if (process.send === undefined) {
    process.stderr.write(`${failed.code}: ${message}\n`);
    process.exit(1);
  }
  process.send(failed, () => process.exit(1));
}
