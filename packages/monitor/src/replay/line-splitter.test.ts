import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

function split(chunks: readonly Uint8Array[], maxLineBytes = 1_000): { lines: string[]; splitter: LineSplitter } {
  const splitter = new LineSplitter(maxLineBytes);
  const lines: string[] = [];
  const take = (): void => {
    lines.push(Buffer.from(splitter.bytes.subarray(splitter.start, splitter.end)).toString('latin1'));
  };
  for (const chunk of chunks) {
    splitter.push(chunk);
    while (splitter.next()) take();
  }
  if (splitter.finish()) take();
  return { lines, splitter };
}

describe('LineSplitter', () => {
  test('gives the lines of a text however it is cut into chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('', 'a', 'line', 'x'.repeat(50), 'é'), { maxLength: 20 }),
        fc.boolean(),
        fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 20 }),
        (texts, ended, cuts) => {
          const text = texts.join('\n') + (ended ? '\n' : '');
          const bytes = Buffer.from(text);
          const chunks: Uint8Array[] = [];
          let at = 0;
          for (const cut of cuts) {
            chunks.push(bytes.subarray(at, at + cut));
            at += cut;
          }
          chunks.push(bytes.subarray(at));
          const naive = bytes.toString('latin1').split('\n');
          if (naive.at(-1) === '') naive.pop();
          const { lines, splitter } = split(chunks);
          expect(lines).toEqual(naive);
          expect(splitter.line).toBe(naive.length);
          expect(splitter.offset).toBe(bytes.length);
        },
      ),
    );
  });

  test('leaves a carriage return before the line end out', () => {
    expect(split([Buffer.from('a\r\nb\r'), Buffer.from('\nc\r')]).lines).toEqual(['a', 'b', 'c']);
  });

  test('refuses a line above the limit, whole or in parts, and says which', () => {
    const long = 'y'.repeat(60);
    for (const chunks of [[`ok\n${long}\n`], [`ok\n${long}`], ['ok\n', long.slice(30), long.slice(30)]]) {
      expect(() =>
        split(
          chunks.map((chunk) => Buffer.from(chunk)),
          50,
        ),
      ).toThrow(expect.objectContaining({ code: 'ERR_PERF_MONITOR_RECORDING', line: 2, byteOffset: 3 }));
    }
  });
});
