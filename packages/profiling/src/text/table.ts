import type { Style } from './palette.ts';
import { displayWidth, printable, truncateText } from './width.ts';

export interface Column {
  readonly title: string;
  /** Numbers right, names left (the default). */
  readonly align?: 'left' | 'right' | undefined;
  /** The column is never narrower, so that it does not jump while values change. Default 0. */
  readonly minWidth?: number | undefined;
  /** The column may be cut down to `minWidth` (at least 1) with "…" when the table is too wide. Default false. */
  readonly shrink?: boolean | undefined;
  /** When cutting is not enough, whole columns go: the highest number first. 0, the default, stays to the last. */
  readonly dropOrder?: number | undefined;
}

/** The text of a cell, and optionally its colour. The text itself must not carry escape sequences: they would be shown. */
export type Cell = string | { readonly text: string; readonly style: Style };

export interface TableOptions {
  /** How many terminal cells a line may take. Default: as many as it needs. */
  readonly width?: number | undefined;
  /** How the titles are drawn. Default: plain. */
  readonly header?: Style | undefined;
}

const GAP = '  ';

/**
 * A table as lines, the titles first: columns aligned by what a terminal shows (wide characters count twice, colours do
 * not), control characters made visible, no line wider than `width`, nothing at the end of a line.
 *
 * O(cells); meant for some hundred rows at display rate.
 *
 * @example
 * formatTable([{ title: 'name' }, { title: 'p50', align: 'right' }], [['parse', '12.3 µs']]);
 * // [ 'name       p50', 'parse  12.3 µs' ]
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: TableOptions = {},
): string[] {
  const texts = rows.map((row) => columns.map((_, index) => printable(textOf(row[index]))));
  const titles = columns.map((column) => printable(column.title));
  const natural = columns.map((column, index) =>
    texts.reduce(
      (width, row) => Math.max(width, displayWidth(row[index])),
      Math.max(column.minWidth ?? 0, displayWidth(titles[index])),
    ),
  );
  const widths = fit(columns, natural, options.width ?? Number.POSITIVE_INFINITY);
  const line = (cells: readonly string[], style: (index: number) => Style | undefined): string => {
    const parts: string[] = [];
    const last = widths.findLastIndex((width) => width !== undefined);
    for (const [index, width] of widths.entries()) {
      if (width === undefined) continue;
      const text = truncateText(cells[index], width);
      const padding = ' '.repeat(Math.max(0, width - displayWidth(text)));
      const drawn = style(index)?.(text) ?? text;
      if (columns[index].align === 'right') parts.push(padding + drawn);
      else parts.push(index === last ? drawn : drawn + padding);
    }
    return parts.join(GAP).trimEnd();
  };
  return [
    line(titles, () => options.header),
    ...texts.map((cells, row) =>
      line(cells, (index) => {
        const cell = rows[row][index];
        return typeof cell === 'object' ? cell.style : undefined;
      }),
    ),
  ];
}

/** The width of each column, undefined where it had to go. */
function fit(columns: readonly Column[], natural: readonly number[], width: number): (number | undefined)[] {
  const widths: (number | undefined)[] = [...natural];
  const excess = (): number => {
    const kept = widths.filter((each) => each !== undefined);
    return kept.reduce((sum, each) => sum + each, GAP.length * Math.max(0, kept.length - 1)) - width;
  };
  const shrinkTo = (index: number, least: number): void => {
    const current = widths[index]!;
    widths[index] = Math.max(Math.min(current, least), current - Math.max(0, excess()));
  };
  for (const [index, column] of columns.entries())
    if (column.shrink) shrinkTo(index, Math.max(1, column.minWidth ?? 1));
  const order = [...columns.keys()].sort((a, b) => (columns[b].dropOrder ?? 0) - (columns[a].dropOrder ?? 0) || b - a);
  // The first column says which row it is: it stays, and is cut when it is all that is left.
  for (const index of order) {
    if (excess() <= 0) break;
    if (index > 0) widths[index] = undefined;
  }
  if (excess() > 0 && widths.length > 0) shrinkTo(0, 1);
  // Dropping a column can free more than was needed: give it back to what was cut.
  for (const [index, column] of columns.entries()) {
    if (column.shrink && widths[index] !== undefined) {
      widths[index] = Math.min(natural[index], widths[index] + Math.max(0, -excess()));
    }
  }
  return widths;
}

function textOf(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  return typeof cell === 'string' ? cell : cell.text;
}
