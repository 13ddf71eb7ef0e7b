import { formatMegabytes, formatNumber, formatTime } from '../format.ts';
import type { Change, Segment, Series } from './series.ts';

const WIDTH = 720;
const HEIGHT = 150;
/** Room for the labels of the scale, and above and below the line. */
const LEFT = 80;
const EDGE = 14;

const STYLE = `:root{color-scheme:light dark;--ink:#1b1f24;--dim:#667;--line:#0b62c4;--band:#0b62c433;--mark:#b3261e;--rule:#8884}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8eb;--dim:#9aa;--line:#6db3ff;--band:#6db3ff33;--mark:#ff8a80}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);max-width:${WIDTH + 40}px;margin:2rem auto;padding:0 1rem}
h3{margin:1.5rem 0 0;font-size:1rem}svg{width:100%;height:auto;font:11px system-ui,sans-serif}
text{fill:var(--dim)}p,li{color:var(--dim);margin:.2rem 0}.changed{color:var(--mark)}
.line{fill:none;stroke:var(--line);stroke-width:1.5}.dot{fill:var(--line)}.bar{stroke:var(--band);stroke-width:4}
.mark{stroke:var(--mark);stroke-dasharray:4 3}.rule{stroke:var(--rule)}`;

/**
 * One HTML document without scripts, fonts, images or addresses to load: static SVG per series, light or dark as the reader's system is.
 * Everything that is drawn is also in words or in the title of its point.
 */
export function historyPage(series: readonly Series[], damaged: readonly string[]): string {
  const changed = series.flatMap((each) => each.segments.flatMap((segment) => notes(each, segment)));
  const packages = [...new Set(series.map((each) => each.package))];
  const sections = packages.map(
    (name) =>
      `<h2>${escape(name)}</h2>\n${series
        .filter((each) => each.package === name)
        .map(figure)
        .join('\n')}`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Benchmark history</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<h1>Benchmark history</h1>
<p>${changed.length === 0 ? 'No change of level and no drift is marked.' : `Marked: ${changed.length}`}</p>
${list(changed, 'changed')}
${damaged.length === 0 ? '' : `<p>${damaged.length} lines could not be read: ${escape(damaged.join(', '))}</p>`}
<p>A gap in a line: another machine, kernel, Node or flags; figures on both sides of it cannot be compared. Bars: 95 % over launches. Marks: E-divisive
means with a t-test, in at most 1 % of series of pure noise. They hint at commits; they do not decide.</p>
${sections.join('\n')}
</body>
</html>
`;
}

function figure(series: Series): string {
  const { segments, measure } = series;
  const said = segments.flatMap((segment) => notes(series, segment, false));
  const machines = segments.map(({ fingerprint: { cpu, kernel, node, image } }) =>
    [cpu, `kernel ${kernel}`, `Node ${node}`, image].filter(Boolean).join(', '),
  );
  return `<section>
<h3>${escape(series.case)}: ${escape(measure)}</h3>
${chart(series)}
${list(said, 'changed')}<p>${escape(machines.join(' | '))}</p>
</section>`;
}

function chart({ segments, measure, case: name }: Series): string {
  const points = segments.flatMap((segment) => segment.points);
  const lowest = Math.min(...points.map(({ value, low }) => low ?? value));
  const highest = Math.max(...points.map(({ value, high }) => high ?? value));
  const span = highest - lowest || Math.abs(highest) || 1;
  const [from, to] = highest === lowest ? [lowest - span / 2, highest + span / 2] : [lowest, highest];
  const x = (i: number): number => round(LEFT + ((i + 0.5) * (WIDTH - LEFT - EDGE)) / points.length);
  const y = (value: number): number => round(HEIGHT - EDGE - ((value - from) / (to - from)) * (HEIGHT - 2 * EDGE));
  const scale = [from, to].map(
    (value) =>
      `<line class="rule" x1="${LEFT}" x2="${WIDTH}" y1="${y(value)}" y2="${y(value)}"/>` +
      `<text x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${escape(formatMeasure(measure, value))}</text>`,
  );
  let start = 0;
  const drawn = segments.map((segment) => {
    const first = start;
    start += segment.points.length;
    const places = segment.points.map((point, i) => ({ ...point, x: x(first + i), y: y(point.value) }));
    const bars = places
      .filter(({ low, high }) => low !== undefined && high !== undefined)
      .map((at) => `<line class="bar" x1="${at.x}" x2="${at.x}" y1="${y(at.low!)}" y2="${y(at.high!)}"/>`);
    const dots = places.map(
      (at) =>
        `<circle class="dot" cx="${at.x}" cy="${at.y}" r="2.5"><title>${escape(`${at.commit} ${at.date.slice(0, 10)}: ${formatMeasure(measure, at.value)}`)}</title></circle>`,
    );
    const marks = segment.changes.map((change) => {
      const middle = round((x(first + change.index) + x(first + change.index - 1)) / 2);
      return `<line class="mark" x1="${middle}" x2="${middle}" y1="0" y2="${HEIGHT}"><title>${escape(changeText(change))}</title></line>`;
    });
    const line = `<polyline class="line" points="${places.map((at) => `${at.x},${at.y}`).join(' ')}"/>`;
    return [...bars, line, ...dots, ...marks].join('');
  });
  const label = escape(`${name}, ${measure}: ${points.length} points in ${segments.length} segments`);
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${scale.join('')}${drawn.join('')}</svg>`;
}

function notes({ package: name, case: title, measure }: Series, { changes, drift }: Segment, named = true): string[] {
  const head = named ? `${name}: ${title}: ${measure}: ` : '';
  return [
    ...changes.map((change) => head + changeText(change)),
    ...(drift === undefined
      ? []
      : [`${head}drifts: ${percent(drift.change)} over the segment (p ${drift.p.toPrecision(2)})`]),
  ];
}

/** `+3.1 % between 0123456789 and 1234567890 (p 0.0012)`. */
export function changeText({ change, after, at, p }: Change): string {
  return `${percent(change)} between ${after || 'no commit'} and ${at || 'no commit'} (p ${p.toPrecision(2)})`;
}

function percent(change: number): string {
  return `${change > 0 ? '+' : ''}${formatNumber(change * 100)} %`;
}

function formatMeasure(measure: string, value: number): string {
  if (measure === 'time' || measure.endsWith('Ns')) return formatTime(value);
  return measure.endsWith('Bytes') ? formatMegabytes(value) : formatNumber(value);
}

function list(items: readonly string[], kind: string): string {
  if (items.length === 0) return '';
  return `<ul>${items.map((item) => `<li class="${kind}">${escape(item)}</li>`).join('')}</ul>\n`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (c) => ENTITIES[c]!);
}
