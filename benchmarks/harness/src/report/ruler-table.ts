import type { Interval } from '../statistics.ts';
import { fits, textTable, type Table } from '../table.ts';
import { axisLabel, RULER_WIDTH, rulerInMarkdown, textRuler, type RulerScale } from './ruler.ts';

/** A ruler in a block, with its label. */
const NARROWEST_RULER = RULER_WIDTH + 14;

/** The ratio of a row, and the band around 1 where it is not the usual one; undefined for a row without a ratio. */
export type RulerRow = { readonly ratio: Interval; readonly within?: number } | undefined;

/** A table with rulers, or without where they do not fit; where that is too wide as well, blocks with a ruler in each. */
export function textRulerTable(table: Table, ratios: readonly RulerRow[], scale: RulerScale, width: number): string[] {
  const whole = withRulers(table, ratios, scale, axisLabel(scale));
  if (fits(whole, width)) return textTable(whole, width);
  if (fits(table, width) || width < NARROWEST_RULER) return textTable(table, width);
  return [...textTable(withRulers(table, ratios, scale, 'ruler'), width), `ruler: ${axisLabel(scale)}`];
}

export function markdownRulers(table: Table, ratios: readonly RulerRow[], scale: RulerScale): Table {
  return withRulers(table, ratios, scale, axisLabel(scale), rulerInMarkdown);
}

function withRulers(
  { columns, rows }: Table,
  ratios: readonly RulerRow[],
  scale: RulerScale,
  header: string,
  shape: (ruler: string) => string = (text) => text.trimEnd(),
): Table {
  return {
    columns: [...columns, { header, align: 'left' }],
    rows: rows.map((cells, i) => {
      const row = ratios[i];
      return [...cells, row === undefined ? '' : shape(textRuler(row.ratio, scale, RULER_WIDTH, row.within))];
    }),
  };
}
