import { readFileSync } from 'node:fs';

/** Most memory that this process ever held. `approximate`: elsewhere than on Linux, where its parent's peak may be in it. */
export function peakResident(): { readonly bytes: number; readonly approximate: boolean } {
  try {
    // Not ru_maxrss, which a child inherits through exec.
    const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kilobytes !== undefined) return { bytes: Number(kilobytes) * 1024, approximate: false };
  } catch {
    // Not Linux.
  }
  return { bytes: process.resourceUsage().maxRSS * 1024, approximate: true };
}
