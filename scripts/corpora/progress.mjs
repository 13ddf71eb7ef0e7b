import { megabytes } from './units.mjs';

const REDRAW_MS = 100;

/**
 * Counts bytes of all files together. A terminal gets one line that is redrawn, anything else a line for each tenth.
 * @param {{ write(text: string): unknown, isTTY?: boolean, columns?: number }} stream
 * @param {{ bytes: number }[]} files
 */
export function progressReporter(stream, files) {
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  let haveBytes = 0;
  let haveFiles = 0;
  let drawnAtMs = 0;
  let tenth = 0;
  let drawn = false;

  const percent = () =>
    totalBytes === 0 ? Math.floor((100 * haveFiles) / files.length) : Math.floor((100 * haveBytes) / totalBytes);
  const line = () =>
    `corpora: ${percent()} %  ${megabytes(haveBytes)} of ${megabytes(totalBytes)}  ${haveFiles} of ${files.length} files`;
  const draw = () => {
    if (stream.isTTY) {
      const now = Date.now();
      if (now - drawnAtMs < REDRAW_MS) return;
      drawnAtMs = now;
      stream.write(`\r\u001B[K${line().slice(0, (stream.columns ?? 80) - 1)}`);
      drawn = true;
    } else if (Math.floor(percent() / 10) > tenth) {
      tenth = Math.floor(percent() / 10);
      stream.write(`${line()}\n`);
    }
  };

  return {
    /** Bytes that arrived; negative when an attempt is thrown away. */
    bytes(count) {
      haveBytes += count;
      draw();
    },
    file() {
      haveFiles += 1;
      draw();
    },
    /** A line of its own between the progress. */
    note(text) {
      if (drawn) stream.write('\r\u001B[K');
      stream.write(`corpora: ${text}\n`);
    },
    end() {
      if (drawn) stream.write('\r\u001B[K');
      drawn = false;
    },
  };
}
