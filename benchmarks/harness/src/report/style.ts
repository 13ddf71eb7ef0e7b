/** For light and dark, from 400 px up. Shapes carry what colours do. */
export const STYLE: string = `
:root { color-scheme: light dark; --text: #1b1b1b; --soft: #5c5c5c; --page: #fff; --line: #d4d4d4; --mark: #0b5cad; --band: #e6e6e6; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e8e8e8; --soft: #a6a6a6; --page: #161616; --line: #3d3d3d; --mark: #7ab7f5; --band: #303030; }
}
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 0; overflow-wrap: anywhere; }
p, li { overflow-wrap: anywhere; }
section > p, footer, figcaption { color: var(--soft); font-size: 0.85rem; }
figure { margin: 1rem 0; }
.row { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; margin-top: 0.5rem; font-variant-numeric: tabular-nums; }
.ruler { display: block; width: 100%; overflow: visible; }
.ruler text { fill: var(--soft); font-size: 12px; }
.band { fill: var(--band); }
.one { stroke: var(--soft); stroke-dasharray: 3 2; }
.interval { stroke: var(--mark); stroke-width: 2; }
.ratio, .ruler text.ratio { fill: var(--mark); }
.launch { fill: none; stroke: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.9rem; }
th, td { text-align: left; padding: 0.2rem 0.8rem 0.2rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
.right { text-align: right; }
ul { padding-left: 1.2rem; }
`;
