export { ProfilingError } from './errors.ts';
export type { ProfilingErrorCode } from './errors.ts';
export { Histogram } from './histogram.ts';
export type { HistogramBucket, HistogramJson } from './histogram.ts';
