import type { OrderBook } from '@perf/structures';
import type { EmbeddedExchange } from '../live/embedded-exchange.ts';
import type { LiveSession } from '../live/live-session.ts';
import type { SymbolWatch } from '../symbol-watch.ts';
import { formatBytes, formatCount, formatDuration, formatTable, palette, type LiveView } from '../terminal/index.ts';
import type { Cell, Column } from '../terminal/index.ts';
import { textFromCount, type Scale } from '../venues/scale.ts';

const COLUMNS: readonly Column[] = [
  { title: 'symbol', minWidth: 9 },
  { title: 'bid size', align: 'right', minWidth: 9, dropOrder: 3 },
  { title: 'bid', align: 'right', minWidth: 9 },
  { title: 'ask', align: 'right', minWidth: 9 },
  { title: 'ask size', align: 'right', minWidth: 9, dropOrder: 3 },
  { title: 'spread', align: 'right', minWidth: 7, dropOrder: 1 },
  { title: 'last', align: 'right', minWidth: 9, dropOrder: 2 },
  { title: 'levels', align: 'right', minWidth: 9, dropOrder: 5 },
  { title: 'msg/s', align: 'right', minWidth: 6 },
  { title: 'book', minWidth: 9 },
];
const NOTICES_SHOWN = 3;
/** How long a notice stays. */
const NOTICE_MS = 15_000;
const NONE = '–';

/** The live lines: one for the whole, one per symbol, and what happened lately. */
export class LivePage {
  readonly #view: LiveView;
  readonly #stdout: NodeJS.WriteStream;
  #notices: { readonly at: number; readonly text: string }[] = [];
  #framesBefore = new Map<string, number>();
  #shownAt: number = performance.now();

  constructor(view: LiveView, stdout: NodeJS.WriteStream) {
    this.#view = view;
    this.#stdout = stdout;
  }

  notice(text: string): void {
    const others = this.#notices.filter((notice) => notice.text !== text);
    this.#notices = [...others, { at: performance.now(), text }].slice(-NOTICES_SHOWN);
  }

  show(session: LiveSession, exchange: EmbeddedExchange | undefined): void {
    const { pipeline } = session;
    if (pipeline === undefined) return;
    const now = performance.now();
    const seconds = (now - this.#shownAt) / 1e3;
    this.#shownAt = now;
    const { dim, yellow } = palette(this.#stdout);
    let total = 0;
    const rows = [...pipeline.watches.values()].map((watch) => {
      const rate = (watch.frames - (this.#framesBefore.get(watch.symbol) ?? 0)) / seconds;
      this.#framesBefore.set(watch.symbol, watch.frames);
      total += rate;
      return symbolRow(watch, rate, yellow);
    });
    const { frameToBook } = pipeline;
    const latency =
      frameToBook.count === 0
        ? NONE
        : `${formatDuration(frameToBook.percentile(50))} p50 ${formatDuration(frameToBook.percentile(99))} p99`;
    const speed = [
      formatDuration((now - session.startedAt) * 1e6),
      `feed ${session.feedState}`,
      `${formatCount(Math.round(total))} msg/s`,
      `frame to book ${latency}`,
    ].join('  ');
    const health = [
      `gaps ${pipeline.gaps}`,
      `resyncs ${session.resyncs}`,
      `reconnects ${session.reconnects}`,
      ...(exchange === undefined ? [] : [`restarts ${exchange.restarts}`]),
      `refused ${pipeline.rejections.total}`,
      `memory ${formatBytes(process.memoryUsage.rss())}`,
    ].join('  ');
    this.#notices = this.#notices.filter(({ at }) => now - at < NOTICE_MS);
    const table = formatTable(COLUMNS, rows, { width: this.#stdout.columns, header: dim });
    const notices = this.#notices.map(({ text }) => yellow(text));
    // Appended lines are for a log: the whole in one line is enough there.
    this.#view.update([speed, health, ...table, ...notices], [`${speed}  ${health}`, ...notices]);
  }

  close(): void {
    this.#view.close();
  }
}

function symbolRow(watch: SymbolWatch, rate: number, warn: (text: string) => string): Cell[] {
  const { book, instrument, sync } = watch;
  const { tick, lot } = instrument;
  const spread = book.bestAskTicks - book.bestBidTicks;
  return [
    watch.symbol,
    count(book.bestBidLots, lot),
    count(book.bestBidTicks, tick),
    count(book.bestAskTicks, tick),
    count(book.bestAskLots, lot),
    count(spread, tick),
    count(watch.lastTradeTicks, tick),
    levels(book),
    formatCount(Math.round(rate)),
    sync.state === 'live' ? 'live' : { text: sync.state, style: warn },
  ];
}

function levels(book: OrderBook): string {
  return `${book.bidLevels}/${book.askLevels}`;
}

function count(value: number, scale: Scale): string {
  return Number.isNaN(value) ? NONE : textFromCount(value, scale);
}
