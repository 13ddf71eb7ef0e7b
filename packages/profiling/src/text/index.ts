export { formatBytes, formatCount, formatDuration } from './format.ts';
export { palette } from './palette.ts';
export type { Palette, Style, StyledStream } from './palette.ts';
export { formatTable } from './table.ts';
export type { Cell, Column, TableOptions } from './table.ts';
export { displayWidth, printable, truncateText } from './width.ts';
