export { LiveView } from './live-view.ts';
export type { LiveStream, LiveViewOptions } from './live-view.ts';
export {
  displayWidth,
  formatBytes,
  formatCount,
  formatDuration,
  formatTable,
  palette,
  printable,
  truncateText,
} from '@perf/profiling/text';
export type { Cell, Column, Palette, Style, StyledStream, TableOptions } from '@perf/profiling/text';
