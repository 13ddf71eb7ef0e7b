import type { Fingerprint, HistoryLine } from './line.ts';

export const sampleFingerprint: Fingerprint = {
  cpu: 'Example CPU',
  cores: 2,
  platform: 'linux',
  arch: 'x64',
  kernel: '6.1',
  node: '26.10.0',
  v8: '14.6',
  flags: '',
  image: '',
};

/** A line with one case, for tests of what reads lines. */
export function sampleLine(more: Partial<HistoryLine> = {}): HistoryLine {
  return {
    schema: 1,
    package: 'json',
    commit: '0123456789',
    date: '2026-11-21T08:00:00.000Z',
    fingerprint: sampleFingerprint,
    cases: [{ name: 'validate, "twitter"', launchNs: [300_000, 310_000, 305_000], metrics: { cpuNs: 320_000 } }],
    ...more,
  };
}
