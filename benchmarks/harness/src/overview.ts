import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { formatRatio } from './format.ts';
import { between } from './markers.ts';
import { readRecord } from './record.ts';
import { columnsOf, markdownTable } from './table.ts';

/** One line of the root README: what a package is for, and the one figure that says most about it. */
interface OverviewEntry {
  readonly package: string;
  readonly purpose: string;
  /** The case and the peer of the figure, as `benchmarks/<package>` names them. */
  readonly case: string;
  readonly peer: string;
  /** What the case does, in a reader's words. */
  readonly task: string;
}

const FILE = 'benchmarks/overview.json';

/** The root README with its table printed from `benchmarks/overview.json` and the records; undefined without markers or list. */
export function withOverview(readme: string, root: string): string | undefined {
  const path = join(root, FILE);
  if (!existsSync(path)) return undefined;
  const columns = columnsOf(['package', 'for', 'one figure']);
  return between(readme, 'bench:overview', () => {
    const entries = JSON.parse(readFileSync(path, 'utf8')) as OverviewEntry[];
    const rows = entries.map((entry) => [
      `[\`@perf/${entry.package}\`](packages/${entry.package}/README.md)`,
      entry.purpose,
      figureOf(entry, root),
    ]);
    return ['', ...markdownTable({ columns, rows }), ''];
  });
}

function figureOf({ package: name, case: caseName, peer: peerName, task }: OverviewEntry, root: string): string {
  const recorded = readRecord(root, name);
  if (recorded === undefined) return 'not recorded yet';
  const contestants = recorded.cases.find((each) => each.name === caseName)?.contestants;
  const ratio = contestants?.find((each) => each.name === peerName)?.figures?.ratio;
  // A case that was renamed must not leave its figure behind in silence.
  if (ratio === undefined) throw new Error(`${FILE}: ${name} has no recorded "${caseName}" against "${peerName}"`);
  return `${task}: ${formatRatio(ratio)} against ${peerName}`;
}
