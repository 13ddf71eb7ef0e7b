import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** Where and on what figures were measured. Names no host and no folder. */
export interface Environment {
  readonly date: string;
  /** Short hash; absent outside a git work tree. */
  readonly commit?: string;
  /** Tracked files differ from the commit. */
  readonly changed?: boolean;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly arch: string;
  readonly kernel: string;
  readonly node: string;
  readonly v8: string;
  readonly icu: string;
  /** One-minute load average when the run began; 0 where the system has none. */
  readonly loadAverage: number;
}

export function environment(root: string): Environment {
  const commit = git(root, 'rev-parse', '--short=10', 'HEAD');
  return {
    date: new Date().toISOString(),
    ...(commit === undefined
      ? {}
      : { commit, changed: git(root, 'status', '--porcelain', '--untracked-files=no') !== '' }),
    cpu: cpus()[0]?.model.trim() || 'unknown CPU',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: platform(),
    arch: arch(),
    // Major and minor: the rest names somebody's build.
    kernel: release().split('.', 2).join('.'),
    node: process.versions.node,
    v8: process.versions.v8,
    icu: process.versions.icu ?? 'none',
    loadAverage: Number(loadavg()[0]!.toFixed(2)),
  };
}

function git(root: string, ...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

/** CPU time in ticks since boot: all of it, and what the hypervisor gave to others. */
export interface CpuTicks {
  readonly total: number;
  readonly steal: number;
}

/** Undefined where the system does not tell (anything but Linux). */
export function cpuTicks(): CpuTicks | undefined {
  try {
    return parseCpuTicks(readFileSync('/proc/stat', 'utf8'));
  } catch {
    return undefined;
  }
}

/** `cpu  user nice system idle iowait irq softirq steal guest guest_nice`: proc(5). Guest time is already in user and nice. */
export function parseCpuTicks(stat: string): CpuTicks | undefined {
  const fields = /^cpu +(.*)$/m.exec(stat)?.[1]?.split(' ').map(Number);
  if (fields === undefined || fields.length < 8 || fields.some(Number.isNaN)) return undefined;
  return { total: fields.slice(0, 8).reduce((sum, x) => sum + x, 0), steal: fields[7]! };
}

/** Share of the machine's time between two readings that went to other guests, 0 to 1. */
export function stealShare(before: CpuTicks | undefined, after: CpuTicks | undefined): number {
  if (before === undefined || after === undefined || after.total <= before.total) return 0;
  return (after.steal - before.steal) / (after.total - before.total);
}
