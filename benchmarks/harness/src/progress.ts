import type { FoundCase, Step } from './rounds.ts';

/** One line that is written over, on a terminal; nothing anywhere else. */
export interface Progress {
  show(found: FoundCase, step: Step): void;
  /** Before anything else is printed. */
  clear(): void;
}

const CLEAR_LINE = '\r\u001B[K';

/** Of a terminal: what stands in its last line gives way to `text`, or to nothing. */
export function overwrite(stream: NodeJS.WriteStream, text = ''): void {
  stream.write(CLEAR_LINE + text.slice(0, Math.max(0, stream.columns - 1)));
}

export function progressOn(stream: NodeJS.WriteStream, total: number): Progress {
  if (!stream.isTTY) return { show: () => {}, clear: () => {} };
  const started = new Set<FoundCase>();
  return {
    show: (found, step) => {
      started.add(found);
      const text = `${started.size}/${total} ${found.package}: ${found.name}, launch ${step.round + 1}/${step.launches} of ${step.contestant}`;
      overwrite(stream, text);
    },
    clear: () => overwrite(stream),
  };
}
