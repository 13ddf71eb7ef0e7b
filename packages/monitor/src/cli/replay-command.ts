import { formatBytes, formatCount, formatDuration, formatTable, LiveView, palette } from '../terminal/index.ts';
import type { Pipeline } from '../pipeline.ts';
import { replay, type ReplayProgress } from '../replay/replay.ts';
import type { ReplayReport } from '../replay/report.ts';
import type { ReplayValues } from './flags.ts';
import { printError, printJson, type Output } from './output.ts';
import { stopOnSignals } from './stop.ts';

export async function replayCommand(values: ReplayValues, output: Output): Promise<number> {
  const stop = stopOnSignals();
  if (values.duration !== undefined) stop.after(values.duration);
  const view = values.json ? undefined : new LiveView({ stream: output.stdout });
  let report: ReplayReport;
  try {
    report = await replay({
      file: values.replay!,
      venue: values.venue,
      speed: values.speed,
      tick: values.tick,
      lot: values.lot,
      signal: stop.signal,
      onProgress: (pipeline, progress) => view?.update([progressLine(pipeline, progress)]),
    });
  } finally {
    stop.release();
    view?.close();
  }
  if (values.json) await printJson(output, report);
  else printReplay(report, output);
  if (report.error !== null) printError(output, report.error);
  return report.ok || (report.interrupted && report.error === null) ? 0 : 1;
}

function progressLine(pipeline: Pipeline, { feedMs, lines }: ReplayProgress): string {
  const [watch] = pipeline.watches.values();
  const { checks, equal } = watch.check;
  return (
    `${watch.symbol}  ${formatDuration(feedMs * 1e6)} of feed, ${formatCount(lines)} lines, ` +
    `${formatCount(pipeline.appliedUpdates)} events, ${formatCount(equal)} of ${formatCount(checks)} book checks equal, ` +
    `${pipeline.gaps} gaps`
  );
}

function printReplay(report: ReplayReport, { stdout }: Output): void {
  const { good, bad } = verdictStyles(stdout);
  const checks = `${report.bookChecksEqual} of ${report.bookChecks}`;
  const allEqual = report.bookChecks === report.bookChecksEqual;
  const rows = [
    ['recording', `${report.file}: ${formatCount(report.lines)} lines, ${formatBytes(report.bytes)}`],
    ['symbol', `${report.symbol ?? 'unknown'}, tick ${report.tick ?? '?'}, lot ${report.lot ?? '?'}`],
    [
      'depth events',
      `${report.events} applied, ${report.staleEvents} before the snapshot, ${report.levelUpdates} level updates`,
    ],
    ['gaps', { text: String(report.gaps), style: report.gaps === 0 ? good : bad }],
    ["equal to the exchange's best bid and ask", { text: checks, style: allEqual ? good : bad }],
    [
      'book at the end',
      `${report.bidLevels} bids from ${report.bestBid ?? 'none'}, ${report.askLevels} asks from ${report.bestAsk ?? 'none'}`,
    ],
    ['sha256 of the book', report.bookSha256 ?? 'none'],
    ['trades, best prices', `${report.trades}, ${report.bookTickers}`],
    [
      'frame to book',
      `${ns(report.frameToBookNs.p50)} p50, ${ns(report.frameToBookNs.p99)} p99, ${ns(report.frameToBookNs.max)} max`,
    ],
    [
      'per level update',
      `${report.nsPerLevelUpdate ?? '?'} ns, ${report.bookNsPerLevelUpdate ?? '?'} ns of it in the book`,
    ],
    ['refused', String(report.rejected.total)],
    ['time, memory', `${formatDuration(report.durationMs * 1e6)}, ${formatBytes(report.rssBytes)}`],
  ] as const;
  const lines = formatTable([{ title: 'replay' }, { title: report.ok ? 'fine' : 'NOT fine' }], rows, {
    width: stdout.columns,
  });
  stdout.write(`${lines.join('\n')}\n`);
  for (const example of report.rejected.examples) stdout.write(`  refused: ${example}\n`);
  if (report.firstMismatch !== null) stdout.write(`  first difference: ${report.firstMismatch}\n`);
}

export function ns(value: number | null): string {
  return value === null ? '–' : formatDuration(value);
}

export function verdictStyles(stdout: NodeJS.WriteStream): {
  good: (text: string) => string;
  bad: (text: string) => string;
} {
  const { green, red } = palette(stdout);
  return { good: green, bad: red };
}
