export interface Column {
  readonly header: string;
  readonly align: 'left' | 'right';
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

/** Words first, aligned to the left; figures after them, to the right. */
export function columnsOf(words: readonly string[], figures: readonly string[] = []): Column[] {
  return [
    ...words.map((header): Column => ({ header, align: 'left' })),
    ...figures.map((header): Column => ({ header, align: 'right' })),
  ];
}

const GAP = '  ';

/**
 * Lines for a terminal of `width` columns: a table when it fits, else one block per row with a line per cell, so that no
 * figure is ever cut or wrapped in the middle.
 */
export function textTable(table: Table, width: number): string[] {
  if (!fits(table, width)) return blocks(table);
  const widths = columnWidths(table);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (table.columns[i]!.align === 'left' ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join(GAP)
      .trimEnd();
  return [line(table.columns.map((column) => column.header)), ...table.rows.map(line)];
}

/** Whether `textTable` shows it as a table. */
export function fits(table: Table, width: number): boolean {
  const widths = columnWidths(table);
  return widths.reduce((sum, x) => sum + x, 0) + GAP.length * (widths.length - 1) <= width;
}

function blocks({ columns, rows }: Table): string[] {
  const label = Math.max(...columns.slice(1).map((column) => column.header.length));
  return rows.flatMap(([first = '', ...cells]) => [
    first,
    ...cells.flatMap((cell, i) => (cell === '' ? [] : [`${GAP}${columns[i + 1]!.header.padEnd(label)}${GAP}${cell}`])),
  ]);
}

export function markdownTable({ columns, rows }: Table): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [
    line(columns.map((column) => column.header)),
    `| ${columns.map((column) => (column.align === 'left' ? '---' : '---:')).join(' | ')} |`,
    ...rows.map(line),
  ];
}

function escapeCell(text: string): string {
  return text.replaceAll(/[\\|]/g, '\\$&').replaceAll('\n', ' ');
}

function columnWidths({ columns, rows }: Table): number[] {
  return columns.map((column, i) => Math.max(column.header.length, ...rows.map((row) => row[i]!.length)));
}
