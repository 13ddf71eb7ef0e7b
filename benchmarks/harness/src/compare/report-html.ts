import { escapeHtml, htmlNotes, htmlPage, htmlTable, svgAxis, svgRuler } from '../report/html.ts';
import { isOn, type RulerScale } from '../report/ruler.ts';
import { median } from '../statistics.ts';
import { columnsOf, type Table } from '../table.ts';
import type { Comparison } from './compare.ts';
import { count, footer, generalNotes, notes } from './report-notes.ts';
import { intervalText, judgedLaunches, scaleOf, sortedRows, tableOf, titleOf, type Row } from './report-rows.ts';
import { verdictSentence } from './report.ts';

/** One self-contained page: no script, no network, static SVG. Verdict, ratios with their launches, figures; those of the terminal. */
export function htmlComparison(comparison: Comparison): string {
  const rows = sortedRows(comparison);
  return htmlPage('Comparison', [
    `<h1>${escapeHtml(verdictSentence(comparison))}</h1>`,
    ...htmlNotes(comparison.warnings.map((line) => ['WARNING', line])),
    ...forestPlot(rows),
    ...(rows.length === 0 ? [] : ['<section>', '<h2>Figures</h2>', ...htmlTable(tableOf(rows)), '</section>']),
    ...htmlNotes([...notes(rows), ...generalNotes(comparison)].map((line) => ['', line])),
    ...besideTime(rows),
    '<footer>',
    ...footer(comparison).map((line) => `<p>${escapeHtml(line)}</p>`),
    '</footer>',
  ]);
}

function forestPlot(rows: readonly Row[]): string[] {
  const scale = scaleOf(rows, rows.flatMap(launchRatios));
  if (scale === undefined) return [];
  return [
    '<section>',
    '<h2>Time of head over that of base</h2>',
    '<figure>',
    '<figcaption>Above 1, to the right, head is slower. The ratio with its interval, and a dot per launch; in the band a difference does not matter.</figcaption>',
    ...rows.flatMap((row) => plotRow(row, scale)),
    svgAxis(scale),
    '</figure>',
    '</section>',
  ];
}

function plotRow(row: Row, scale: RulerScale): string[] {
  const { ratio, threshold, verdict } = row.verdict;
  if (ratio === undefined) return [];
  const label = `${ratio.value.toFixed(3)}× (${intervalText(ratio)})`;
  const launches = launchRatios(row);
  const outside = launches.filter((each) => !isOn(scale, each)).length;
  const beyond = outside === 0 ? '' : `; ${count(outside, 'launch', 'launches')} beyond the axis`;
  return [
    `<div class="row"><span>${escapeHtml(titleOf(row.verdict))}</span> <span>${escapeHtml(`${verdict} ${label}${beyond}`)}</span></div>`,
    svgRuler(ratio, scale, launches, { within: threshold, label }),
  ];
}

function launchRatios(row: Row): number[] {
  return judgedLaunches(row).flatMap(({ blockLogRatios }) =>
    blockLogRatios.length === 0 ? [] : [Math.exp(median(blockLogRatios))],
  );
}

function besideTime(rows: readonly Row[]): string[] {
  const lines = rows.flatMap(({ verdict, metrics }) =>
    metrics.map((each) => [titleOf(verdict), each.words, each.verdict]),
  );
  if (lines.length === 0) return [];
  const table: Table = {
    columns: columnsOf(['case', 'base → head', 'verdict']),
    rows: lines,
  };
  return ['<section>', '<h2>Beside time</h2>', ...htmlTable(table), '</section>'];
}
