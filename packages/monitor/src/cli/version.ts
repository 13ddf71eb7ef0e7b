import { readFileSync } from 'node:fs';

/** Version of this package; read when asked for, not when imported. */
export function version(): string {
  // One folder up from src/cli in the sources and from dist in the built package.
  for (const relative of ['../package.json', '../../package.json']) {
    try {
      const manifest = JSON.parse(readFileSync(new URL(relative, import.meta.url), 'utf8')) as Record<string, string>;
      if (manifest.name === '@perf/monitor') return manifest.version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}
