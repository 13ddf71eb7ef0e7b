import { errorCode } from '@perf/internal';
import { ProcessUsage } from '@perf/profiling';
import { EmbeddedExchange } from '../live/embedded-exchange.ts';
import { LiveSession } from '../live/live-session.ts';
import { liveReport, type LiveReport } from '../live/report.ts';
import { formatBytes, formatCount, formatDuration, formatTable, LiveView, palette } from '../terminal/index.ts';
import type { WatchValues } from './flags.ts';
import { LivePage } from './live-page.ts';
import { printError, printJson, type Output } from './output.ts';
import { ns, verdictStyles } from './replay-command.ts';
import { stopOnSignals } from './stop.ts';

export async function watchCommand(values: WatchValues, output: Output): Promise<number> {
  const stop = stopOnSignals();
  const usage = new ProcessUsage();
  const embedded = values.connect === undefined;
  let error: { code: string; message: string } | undefined;
  const exchangeOptions = {
    symbols: values.symbols,
    ratePerSecond: values.rate,
    seed: values.seed,
    port: values.port,
  };
  const exchange = embedded
    ? new EmbeddedExchange(exchangeOptions, ({ code, message }) => {
        error = { code, message };
        stop.now();
      })
    : undefined;
  const page = values.json ? undefined : new LivePage(new LiveView({ stream: output.stdout }), output.stdout);
  let faults: NodeJS.Timeout | undefined;
  let session: LiveSession | undefined;
  try {
    await exchange?.start();
    session = new LiveSession({
      url: values.connect ?? exchange!.url,
      symbols: values.symbols,
      signal: stop.signal,
      exchange,
      // Times on the command line count from here: how long starting took is the machine's affair.
      onConnected: () => {
        usage.reset();
        if (values.duration !== undefined) stop.after(values.duration);
        faults = scheduleKill(values, exchange);
      },
      onProgress: (running) => page?.show(running, exchange),
      onNotice: (notice) => page?.notice(notice),
    });
    await session.run();
  } catch (cause) {
    const code = errorCode(cause);
    if (code === undefined) throw cause;
    // What the user asked for was wrong: that is usage, and there is nothing to report.
    if (code === 'ERR_PERF_MONITOR_OPTION') throw cause;
    error ??= { code, message: (cause as Error).message };
  } finally {
    clearTimeout(faults);
    page?.close();
    stop.release();
    await exchange?.close();
  }
  const report = liveReport({
    url: values.connect ?? exchange?.url ?? '',
    symbols: values.symbols,
    ratePerSecond: embedded ? values.rate : null,
    seed: embedded ? values.seed : null,
    usage: usage.read(),
    session,
    exchange,
    error,
  });
  if (values.json) await printJson(output, report);
  else printLive(report, output);
  if (report.error !== null) printError(output, report.error);
  return report.ok ? 0 : 1;
}

function scheduleKill(values: WatchValues, exchange: EmbeddedExchange | undefined): NodeJS.Timeout | undefined {
  const at = values['kill-exchange-at'];
  if (at === undefined || exchange === undefined) return undefined;
  return setTimeout(() => exchange.kill(values['kill-exchange-for']), at);
}

function printLive(report: LiveReport, { stdout }: Output): void {
  const { good, bad } = verdictStyles(stdout);
  const { dim } = palette(stdout);
  const books = `${report.booksEqual} of ${report.booksTotal}`;
  const sent = report.sent === null ? '' : ` of ${report.sentIsLowerBound ? 'at least ' : ''}${report.sent} sent`;
  const rows = [
    ['exchange', report.url],
    ['messages', `${report.received} received${sent}`],
    [
      "books equal to the exchange's at the end",
      { text: books, style: report.booksEqual === report.booksTotal ? good : bad },
    ],
    ['best prices equal while running', `${report.bookChecksEqual} of ${report.bookChecks}`],
    ['gaps, resyncs, reconnects', `${report.gaps}, ${report.resyncs}, ${report.reconnects}`],
    ['exchange restarts', String(report.exchangeRestarts)],
    ['depth updates', `${report.depthUpdates}, ${formatCount(report.levelUpdates)} level updates`],
    ['trades, best prices', `${report.trades}, ${report.bookTickers}`],
    [
      'frame to book',
      `${ns(report.frameToBookNs.p50)} p50, ${ns(report.frameToBookNs.p99)} p99, ${ns(report.frameToBookNs.max)} max`,
    ],
    ['refused', String(report.rejected.total)],
    ['CPU, memory', `${report.cpuPercent} % of a core, ${formatBytes(report.rssMaxBytes)} at most`],
    ['time', formatDuration(report.durationMs * 1e6)],
  ] as const;
  const lines = formatTable([{ title: 'watched' }, { title: report.ok ? 'fine' : 'NOT fine' }], rows, {
    width: stdout.columns,
    header: dim,
  });
  stdout.write(`${lines.join('\n')}\n`);
  for (const difference of report.bookDifferences) stdout.write(`  different: ${difference}\n`);
  for (const example of report.rejected.examples) stdout.write(`  refused: ${example}\n`);
}
