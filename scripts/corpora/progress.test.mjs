import { expect, test, vi } from 'vitest';
import { progressReporter } from './progress.mjs';

function sink(isTTY) {
  return {
    isTTY,
    columns: 40,
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

test('writes one line for each tenth when nobody watches', () => {
  const stream = sink(false);
  const progress = progressReporter(stream, [{ bytes: 1000 }]);
  for (let i = 0; i < 100; i++) progress.bytes(10);
  progress.file();
  expect(stream.text.split('\n').map((line) => line.split('  ')[0])).toEqual([
    ...Array.from({ length: 10 }, (_, i) => `corpora: ${i + 1}0 %`),
    '',
  ]);
});

test('redraws one line on a terminal, never wider than it, and clears it at the end', () => {
  vi.useFakeTimers();
  try {
    const stream = sink(true);
    const progress = progressReporter(stream, [{ bytes: 5_000_000 }]);
    for (let i = 0; i < 10; i++) {
      vi.advanceTimersByTime(50);
      progress.bytes(500_000);
    }
    progress.end();
    const frames = stream.text.split('\r\u001B[K').slice(1);
    expect(stream.text).not.toContain('\n');
    expect(frames).toHaveLength(6);
    expect(frames.at(-1)).toBe('');
    for (const frame of frames) expect(frame.length).toBeLessThan(40);
  } finally {
    vi.useRealTimers();
  }
});
