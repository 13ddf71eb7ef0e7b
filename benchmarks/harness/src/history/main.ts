// node --conditions=@perf/source benchmarks/harness/src/history/main.ts [package...] [options]
import { writeFileSync } from 'node:fs';

import { parseOptions, runCommand, UsageError } from '../command.ts';
import { layout } from '../layout.ts';
import { historyPage } from './page.ts';
import { seriesOf } from './series.ts';
import { DEFAULT_STORE, openStore, readHistory } from './store.ts';

const DEFAULT_PAGE = 'bench-history.html';

const HELP = `Usage: ${layout().command('history')} [package...] [options]

Writes one HTML page with the history of the packages: a line per figure, segments per machine, changes of level marked with the
commits between which they lie. The page loads nothing. Without a package: all of the store.

  --store WHERE  a folder, or branch:NAME (default ${DEFAULT_STORE})
  --out FILE     where the page goes (default ${DEFAULT_PAGE})
  --json         the same series on stdout as one JSON object, and no page
  --help         this text

Exit code: 0 written; 1 the store has nothing; 2 wrong usage. Changes never fail the command.
`;

function main(argv: readonly string[]): number {
  const { values, positionals } = parseOptions({
    args: argv,
    allowPositionals: true,
    options: {
      store: { type: 'string', default: DEFAULT_STORE },
      out: { type: 'string', default: DEFAULT_PAGE },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const store = openStore(values.store, process.cwd(), false);
  const known = store.packages();
  if (known.length === 0) {
    process.stderr.write(`${store.label} has no history: ${layout().command('record')} makes one\n`);
    return 1;
  }
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new UsageError(`no history of ${unknown.join(', ')}; there is one of ${known.join(', ')}`);
  const histories = (positionals.length === 0 ? known : positionals).map((name) => readHistory(store, name));
  const series = histories.flatMap(({ lines }) => seriesOf(lines));
  const damaged = histories.flatMap((each) => each.damaged);
  if (damaged.length > 0) process.stderr.write(`${damaged.length} lines could not be read: ${damaged.join(', ')}\n`);
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ schema: 1, series, damaged })}\n`);
    return 0;
  }
  writeFileSync(values.out, historyPage(series, damaged));
  process.stdout.write(`wrote ${values.out}\n`);
  return 0;
}

runCommand(main, { explained: [Error] });
