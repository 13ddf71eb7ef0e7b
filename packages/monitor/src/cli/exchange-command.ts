import { once } from 'node:events';
import { Exchange } from '../exchange/index.ts';
import { formatCount, LiveView } from '../terminal/index.ts';
import type { ExchangeValues } from './flags.ts';
import { printJson, type Output } from './output.ts';
import { stopOnSignals } from './stop.ts';

const SHOW_EVERY_MS = 1_000;

export async function exchangeCommand(values: ExchangeValues, output: Output): Promise<number> {
  const stop = stopOnSignals();
  const exchange = new Exchange({
    symbols: values.symbols,
    ratePerSecond: values.rate,
    seed: values.seed,
    port: values.port,
  });
  const view = values.json ? undefined : new LiveView({ stream: output.stdout });
  let show: NodeJS.Timeout | undefined;
  try {
    const { url } = await exchange.listen();
    if (values.duration !== undefined) stop.after(values.duration);
    if (view !== undefined) {
      output.stdout.write(welcome(values, url));
      show = showEvery(exchange, view);
    }
    if (!stop.signal.aborted) await once(stop.signal, 'abort');
    const stats = exchange.stats();
    if (values.json) {
      await printJson(output, { mode: 'exchange', url, symbols: values.symbols, seed: values.seed, ...stats });
    }
    return 0;
  } finally {
    clearInterval(show);
    view?.close();
    stop.release();
    await exchange.close();
  }
}

function welcome({ symbols, rate, seed }: ExchangeValues, url: string): string {
  const streams = url.replace(/^http/, 'ws');
  return (
    `Binance USD-M futures protocol, ${symbols.length} symbols, ${formatCount(rate)} messages/s, seed ${seed}\n` +
    `  REST     ${url}/fapi/v1/exchangeInfo\n` +
    `  streams  ${streams}/stream?streams=${symbols[0].toLowerCase()}@depth@100ms\n` +
    `  watch    perf-monitor --connect ${url}\n` +
    `Ctrl-C stops it.\n`
  );
}

function showEvery(exchange: Exchange, view: LiveView): NodeJS.Timeout {
  let before = 0;
  return setInterval(() => {
    const { messagesSent, connections, behindMs } = exchange.stats();
    const rate = ((messagesSent - before) * 1_000) / SHOW_EVERY_MS;
    before = messagesSent;
    view.update([
      `${formatCount(messagesSent)} messages sent, ${formatCount(rate)}/s, ${connections} connections` +
        (behindMs > SHOW_EVERY_MS ? `, ${Math.round(behindMs)} ms behind` : ''),
    ]);
  }, SHOW_EVERY_MS);
}
