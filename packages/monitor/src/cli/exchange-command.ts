import { once } from 'node:events';
import { Exchange } from '../exchange/index.ts';
import { formatCount, LiveView } from '../terminal/index.ts';
import type { ExchangeValues } from './flags.ts';
import { printJson, type Output } from './output.ts';
import { stopOnSignals } from './stop.ts';

const SHOW_EVERY_MS = 1_000;

export async function exchangeCommand(values: ExchangeValues, output: Output): Promise<number> {
  using stop = stopOnSignals();
  await using exchange = new Exchange({
    symbols: values.symbols,
    ratePerSecond: values.rate,
    seed: values.seed,
    port: values.port,
  });
  const { url } = await exchange.listen();
  if (values.duration !== undefined) stop.after(values.duration);
  const streams = url.replace(/^http/, 'ws');
  if (!values.json) {
    output.stdout.write(
      `Binance USD-M futures protocol, ${values.symbols.length} symbols, ${formatCount(values.rate)} messages/s, seed ${values.seed}\n` +
        `  REST     ${url}/fapi/v1/exchangeInfo\n` +
        `  streams  ${streams}/stream?streams=${values.symbols[0].toLowerCase()}@depth@100ms\n` +
        `  watch    perf-monitor --connect ${url}\n` +
        `Ctrl-C stops it.\n`,
    );
  }
  using view = values.json ? undefined : new LiveView({ stream: output.stdout });
  let before = 0;
  const show = setInterval(() => {
    const { messagesSent, connections, behindMs } = exchange.stats();
    const rate = ((messagesSent - before) * 1_000) / SHOW_EVERY_MS;
    before = messagesSent;
    view?.update([
      `${formatCount(messagesSent)} messages sent, ${formatCount(rate)}/s, ${connections} connections` +
        (behindMs > SHOW_EVERY_MS ? `, ${Math.round(behindMs)} ms behind` : ''),
    ]);
  }, SHOW_EVERY_MS);
  if (!stop.signal.aborted) await once(stop.signal, 'abort');
  clearInterval(show);
  if (values.json) {
    await printJson(output, { mode: 'exchange', url, symbols: values.symbols, seed: values.seed, ...exchange.stats() });
  }
  return 0;
}
