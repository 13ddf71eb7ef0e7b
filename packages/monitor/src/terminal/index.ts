export { formatBytes, formatCount, formatDuration, formatTable, palette } from '@perf/profiling/text';
export type { Cell, Column } from '@perf/profiling/text';
export { LiveView } from './live-view.ts';
