import {
  absent,
  caseTable,
  environmentLine,
  errorLabel,
  errorLines,
  hasFigures,
  inputLine,
  methodLine,
  title,
} from '../report.ts';
import { formatNumber, formatRatio } from '../format.ts';
import type { CaseResult, ContestantResult, RunResult } from '../result.ts';
import type { Interval } from '../statistics.ts';
import type { Table } from '../table.ts';
import { extent, isOn, positionOn, rulerScale, SAME_WITHIN, type RulerScale } from './ruler.ts';
import { STYLE } from './style.ts';

/** One self-contained page: no script, no network, static SVG. The figures are those of the terminal. */
export function htmlRun(result: RunResult): string {
  return htmlPage('Benchmarks', [
    '<h1>Benchmarks</h1>',
    ...htmlNotes(result.warnings.map((line) => ['WARNING', line])),
    ...result.cases.flatMap(htmlCase),
    `<footer><p>${escapeHtml(methodLine(result.settings))}</p>`,
    `<p>${escapeHtml(environmentLine(result.environment))}</p></footer>`,
  ]);
}

/** A page around lines that are HTML already. */
export function htmlPage(heading: string, body: readonly string[]): string {
  return `${[
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    // Without it a browser asks the server for one.
    '<link rel="icon" href="data:,">',
    `<title>${escapeHtml(heading)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...body,
    '</main>',
    '</body>',
    '</html>',
  ].join('\n')}\n`;
}

/** The lines of one case: forest plot, table, what is missing or wrong. */
export function htmlCase(result: CaseResult): string[] {
  return [
    '<section>',
    `<h2>${escapeHtml(title(result))}</h2>`,
    `<p>${escapeHtml(inputLine(result))}</p>`,
    ...forestPlot(result),
    ...(hasFigures(result) ? htmlTable(caseTable(result)) : []),
    ...htmlNotes([
      ...errorLines(result).map((line) => [errorLabel(result), line] as const),
      ...absent(result).map((line) => ['MISSING', line] as const),
      ...result.warnings.map((line) => ['WARNING', line] as const),
    ]),
    '</section>',
  ];
}

interface Row {
  readonly name: string;
  readonly ratio: Interval;
  /** The ratio of each round: one dot per pair of launches. */
  readonly rounds: readonly number[];
}

function forestPlot({ contestants }: CaseResult): string[] {
  const ours = contestants.find(({ role }) => role === 'ours');
  const rows = contestants.flatMap((peer): Row[] => {
    const ratio = peer.figures?.ratio;
    return ours === undefined || ratio === undefined
      ? []
      : [{ name: peer.name, ratio, rounds: roundRatios(ours, peer) }];
  });
  if (rows.length === 0) return [];
  const scale = rulerScale(rows.flatMap(({ ratio, rounds }) => [...extent(ratio), ...rounds]));
  return [
    '<figure>',
    '<figcaption>How many times as long as ours each peer takes: the ratio with its interval, a dot per round.</figcaption>',
    ...rows.flatMap((row) => [
      `<div class="row"><span>${escapeHtml(row.name)}</span> <span>${formatRatio(row.ratio)}</span></div>`,
      svgRuler(row.ratio, scale, row.rounds),
    ]),
    svgAxis(scale),
    '</figure>',
  ];
}

function roundRatios(ours: ContestantResult, peer: ContestantResult): number[] {
  return peer.launches.flatMap((launch) => {
    const other = ours.launches.find(({ round }) => round === launch.round);
    return other === undefined ? [] : [launch.medianNs / other.medianNs];
  });
}

/**
 * A ruler as wide as its place, whatever that is: positions are in percent, so that nothing is stretched. A ratio beyond the axis is a
 * triangle at its end, an interval that leaves it has no end there, and dots beyond it are left out.
 */
export function svgRuler(
  ratio: Interval,
  scale: RulerScale,
  dots: readonly number[] = [],
  { within = SAME_WITHIN, label = formatRatio(ratio) }: { readonly within?: number; readonly label?: string } = {},
): string {
  const x = (value: number): string => `${(Math.min(1, Math.max(0, positionOn(scale, value))) * 100).toFixed(2)}%`;
  const bandLow = positionOn(scale, 1 / (1 + within));
  const bandWidth = positionOn(scale, 1 + within) - bandLow;
  const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;
  const end = (value: number): string =>
    isOn(scale, value) ? `<line class="interval" x1="${x(value)}" x2="${x(value)}" y1="6" y2="18"/>` : '';
  const beyond = ratio.value < scale.low ? ['start', '◀'] : ['end', '▶'];
  return [
    `<svg class="ruler" height="24" role="img" aria-label="${escapeHtml(label)}">`,
    `<rect class="band" x="${percent(bandLow)}" width="${percent(bandWidth)}" y="0" height="24"/>`,
    `<line class="one" x1="${x(1)}" x2="${x(1)}" y1="0" y2="24"/>`,
    ...dots.filter((each) => isOn(scale, each)).map((each) => `<circle class="launch" cx="${x(each)}" cy="12" r="3"/>`),
    ...(ratio.low === null || ratio.high === null
      ? []
      : [
          `<line class="interval" x1="${x(ratio.low)}" x2="${x(ratio.high)}" y1="12" y2="12"/>`,
          end(ratio.low),
          end(ratio.high),
        ]),
    isOn(scale, ratio.value)
      ? `<circle class="ratio" cx="${x(ratio.value)}" cy="12" r="5"/>`
      : `<text class="ratio" x="${x(ratio.value)}" y="17" text-anchor="${beyond[0]}">${beyond[1]}</text>`,
    '</svg>',
  ].join('');
}

/** The ends of the axis, and 1 where there is room for it. */
export function svgAxis(scale: RulerScale): string {
  const one = positionOn(scale, 1);
  const label = (share: number, anchor: string, text: string): string =>
    `<text x="${(share * 100).toFixed(2)}%" y="14" text-anchor="${anchor}">${text}</text>`;
  return [
    '<svg class="ruler" height="20" aria-hidden="true">',
    ...(one > 0.2 ? [label(0, 'start', formatNumber(scale.low))] : []),
    label(one, one < 0.05 ? 'start' : one > 0.95 ? 'end' : 'middle', '1'),
    ...(one < 0.8 ? [label(1, 'end', formatNumber(scale.high))] : []),
    '</svg>',
  ].join('');
}

export function htmlTable({ columns, rows }: Table): string[] {
  const line = (tag: 'th' | 'td', cells: readonly string[]): string =>
    `<tr>${cells.map((cell, i) => `<${tag}${columns[i]!.align === 'right' ? ' class="right"' : ''}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const header = line(
    'th',
    columns.map((column) => column.header),
  );
  return [
    '<div class="scroll" tabindex="0"><table>',
    `<thead>${header}</thead>`,
    `<tbody>${rows.map((cells) => line('td', cells)).join('')}</tbody>`,
    '</table></div>',
  ];
}

export function htmlNotes(items: readonly (readonly [label: string, text: string])[]): string[] {
  if (items.length === 0) return [];
  return [
    '<ul>',
    ...items.map(
      ([label, text]) => `<li>${label === '' ? '' : `<strong>${escapeHtml(label)}</strong> `}${escapeHtml(text)}</li>`,
    ),
    '</ul>',
  ];
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For text and for attributes in quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}
