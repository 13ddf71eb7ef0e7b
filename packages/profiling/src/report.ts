import type { LatencyStats, ReportStream } from './stats.ts';
import { formatCount, formatDuration } from './text/format.ts';
import { palette } from './text/palette.ts';
import { formatTable } from './text/table.ts';
import type { Cell, Column } from './text/table.ts';

/** "12.3 µs", and nothing that a duration prints as is longer. */
const DURATION_WIDTH = 7;

// A narrow terminal first loses what says least about a latency: the mean, then what lies between the median and p99.
const COLUMNS: readonly Column[] = [
  { title: 'name', minWidth: 8, shrink: true },
  { title: 'calls', align: 'right', minWidth: 9 },
  { title: 'errors', align: 'right', dropOrder: 2 },
  { title: 'p50', align: 'right', minWidth: DURATION_WIDTH },
  { title: 'p90', align: 'right', minWidth: DURATION_WIDTH, dropOrder: 5 },
  { title: 'p99', align: 'right', minWidth: DURATION_WIDTH },
  { title: 'p99.9', align: 'right', minWidth: DURATION_WIDTH, dropOrder: 4 },
  { title: 'max', align: 'right', minWidth: DURATION_WIDTH, dropOrder: 1 },
  { title: 'mean', align: 'right', minWidth: DURATION_WIDTH, dropOrder: 6 },
  { title: 'total', align: 'right', minWidth: DURATION_WIDTH + 1, dropOrder: 3 },
];

/** The table of `printReport`. `limit` is the number of names allowed, when more were asked for. */
export function latencyReport(
  latencies: readonly LatencyStats[],
  stream: ReportStream,
  limit: number | undefined,
): string {
  if (latencies.length === 0) return 'No latencies: nothing was wrapped with measureLatency(name).\n';
  const colors = palette(stream);
  const rows = latencies.map((each): Cell[] => [
    each.name,
    formatCount(each.calls),
    each.errors > 0 ? { text: formatCount(each.errors), style: colors.red } : '0',
    formatDuration(each.p50Ns),
    formatDuration(each.p90Ns),
    formatDuration(each.p99Ns),
    formatDuration(each.p999Ns),
    formatDuration(each.maxNs),
    formatDuration(each.meanNs),
    `${each.timed < each.calls && each.timed > 0 ? '~' : ''}${formatDuration(each.totalNs)}`,
  ]);
  const width = stream.isTTY === true && stream.columns ? stream.columns : undefined;
  const lines = formatTable(COLUMNS, rows, { width, header: colors.bold });
  if (latencies.some((each) => each.timed < each.calls)) {
    lines.push('~ from the sampled calls; calls and errors are exact');
  }
  if (limit !== undefined) lines.push(`(other): names beyond the limit of ${formatCount(limit)} (maxNames)`);
  return `${lines.join('\n')}\n`;
}
