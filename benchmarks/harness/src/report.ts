import type { Environment } from './environment.ts';
import { formatInput, formatMegabytes, formatRate, formatRatio, formatTime } from './format.ts';
import { extent, rulerScale, type RulerScale } from './report/ruler.ts';
import { markdownRulers, textRulerTable, type RulerRow } from './report/ruler-table.ts';
import type { CaseResult, ContestantResult, RunResult, Settings } from './result.ts';
import { columnsOf, markdownTable, textTable, type Table } from './table.ts';
import { plain, type Terminal } from './terminal.ts';

const COLUMNS = columnsOf(['contestant', 'version'], ['time/run', 'rate', 'CPU/unit', 'max RSS', 'ours is']);

/** The lines of one case for a terminal. */
export function textCase(result: CaseResult, terminal: Terminal = plain): string[] {
  const { style, width } = terminal;
  const lines = [style('bold', title(result)), style('dim', `  ${inputLine(result)}`)];
  if (hasFigures(result)) {
    lines.push(...figureLines(result, width - 2).map((line) => `  ${line}`));
  }
  lines.push(...errorLines(result).map((line) => style('red', `  ${errorLabel(result)} ${line}`)));
  lines.push(...absent(result).map((line) => style('yellow', `  MISSING ${line}`)));
  lines.push(...result.warnings.map((line) => style('yellow', `  WARNING ${line}`)));
  return [...lines.filter((line) => line.trim() !== ''), ''];
}

function figureLines(result: CaseResult, width: number): string[] {
  const table = caseTable(result);
  const scale = scaleOf(result);
  return scale === undefined ? textTable(table, width) : textRulerTable(table, rulerRows(result), scale, width);
}

/** The lines under all cases for a terminal. */
export function textFooter(result: RunResult, terminal: Terminal = plain): string[] {
  return [
    ...result.warnings.map((line) => terminal.style('yellow', `WARNING ${line}`)),
    methodLine(result.settings),
    environmentLine(result.environment),
  ];
}

/** The whole run as Markdown: the same figures as in the terminal. */
export function markdownRun(result: RunResult): string[] {
  return [
    ...result.cases.flatMap((each) => [
      `### ${title(each)}`,
      '',
      ...(inputLine(each) === '' ? [] : [inputLine(each), '']),
      ...(hasFigures(each) ? [...markdownTable(markdownFigures(each)), ''] : []),
      ...list([
        ...errorLines(each).map((line) => `**${errorLabel(each)}**: ${line}`),
        ...absent(each).map((line) => `**MISSING**: ${line}`),
        ...each.warnings.map((line) => `**WARNING**: ${line}`),
      ]),
    ]),
    ...list(result.warnings.map((line) => `**WARNING**: ${line}`)),
    methodLine(result.settings),
    '',
    environmentLine(result.environment),
  ];
}

function list(items: readonly string[]): string[] {
  return items.length === 0 ? [] : [...items.map((item) => `- ${item.replaceAll('\n', ' ')}`), ''];
}

export function title(result: CaseResult): string {
  return `${result.package}: ${result.name}`;
}

export function inputLine({ input, units }: CaseResult): string {
  if (input === undefined || units === undefined) return '';
  // Of a case that knows no other unit than its runs there is nothing to say.
  if (units.name === 'runs' && units.count === 1) return `input ${formatInput(input)}`;
  return `input ${formatInput(input)}; one run is ${units.count.toLocaleString('en-US')} ${units.name}`;
}

export function hasFigures(result: CaseResult): boolean {
  return result.contestants.some((contestant) => contestant.figures !== undefined);
}

export function caseTable(result: CaseResult): Table {
  return { columns: COLUMNS, rows: result.contestants.map((contestant) => row(contestant, result.units?.name ?? '')) };
}

/** One axis for all peers of a case; undefined when none has a ratio. */
function scaleOf({ contestants }: CaseResult): RulerScale | undefined {
  const ratios = contestants.flatMap(({ figures }) => figures?.ratio ?? []);
  return ratios.length === 0 ? undefined : rulerScale(ratios.flatMap(extent));
}

function rulerRows({ contestants }: CaseResult): RulerRow[] {
  return contestants.map(({ figures }) => (figures?.ratio === undefined ? undefined : { ratio: figures.ratio }));
}

function markdownFigures(result: CaseResult): Table {
  const table = caseTable(result);
  const scale = scaleOf(result);
  return scale === undefined ? table : markdownRulers(table, rulerRows(result), scale);
}

function row({ name, version = '', figures, status, role }: ContestantResult, unitName: string): string[] {
  if (figures === undefined) return [name, version === '' ? status : `${version}, ${status}`, '', '', '', '', ''];
  return [
    name,
    version,
    formatTime(figures.runNs),
    formatRate(figures.unitsPerSecond, unitName),
    formatTime(figures.cpuNsPerUnit),
    formatMegabytes(figures.maxRssBytes),
    role === 'ours' ? 'ours' : figures.ratio === undefined ? '' : formatRatio(figures.ratio),
  ];
}

/** Peers without figures, with the reason; what failed is in the error of the case. */
export function absent(result: CaseResult): string[] {
  return result.contestants
    .filter(({ status }) => status === 'missing')
    .map(({ name, package: from, reason }) => `${name}${from === undefined ? '' : ` (${from})`}: ${reason}`);
}

/** A missing corpus is a skip for a developer and an error where the corpora are required. */
export function errorLabel({ status }: CaseResult): string {
  return status === 'skipped' && process.env['PERF_REQUIRE_CORPORA'] !== '1' ? 'SKIPPED' : 'ERROR';
}

export function errorLines({ error }: CaseResult): string[] {
  return error === undefined ? [] : [error.replaceAll(/\s*\n\s*/g, ' ')];
}

export function methodLine({ launches, timeMs }: Settings): string {
  const processes = launches === 1 ? '1 process' : `${launches} processes`;
  return (
    `"ours is 2×": the peer takes twice as long. Each contestant in ${processes} of ${timeMs} ms; ` +
    'time: median of their medians; ratio: geometric mean over rounds with its 95 % interval (Student); RSS: of the process, input included.'
  );
}

/** `<CPU>, 2 cores, 8.2 GB; linux x64; Node 26.10.0, V8 14.2, ICU 78; 2026-11-21; commit 0123456789`. */
export function environmentLine(machine: Environment): string {
  const commit =
    machine.commit === undefined ? 'no commit' : `commit ${machine.commit}${machine.changed ? ' with changes' : ''}`;
  return [
    `${machine.cpu}, ${machine.cores} cores, ${(machine.memoryBytes / 1e9).toFixed(1)} GB`,
    `${machine.platform} ${machine.arch} ${machine.kernel}`,
    `Node ${machine.node}, V8 ${machine.v8}, ICU ${machine.icu}`,
    machine.date.slice(0, 10),
    commit,
  ].join('; ');
}
