export { ProfilingError } from './errors.ts';
export type { ProfilingErrorCode } from './errors.ts';
export { Histogram } from './histogram.ts';
export type { HistogramBucket, HistogramJson } from './histogram.ts';
export { LatencyRegistry } from './latency-registry.ts';
export type { LatencyOptions, LatencyProbe, LatencyRegistryOptions, MethodContext } from './latency-registry.ts';
export { getStats, measureLatency } from './measure-latency.ts';
export { MemoryTracker } from './memory-tracker.ts';
export type {
  MemoryGrowth,
  MemoryMeasurement,
  MemoryReading,
  MemorySnapshot,
  MemoryTrackerOptions,
} from './memory-tracker.ts';
export { ProcessUsage } from './process-usage.ts';
export type { ProcessUsageReading } from './process-usage.ts';
export type { LatencyStats, ReportStream, Stats, StatsJson } from './stats.ts';
