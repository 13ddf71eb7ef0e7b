import { describe, expect, test } from 'vitest';
import { faultError, positionOf } from './report.ts';
import { FAULTS } from './testing/faults.ts';

describe('positions', () => {
  const bytes = Buffer.from('ab\r\né𝄞x\n\ny');

  test.for([
    { byteOffset: 0, line: 1, column: 1 },
    { byteOffset: 2, line: 1, column: 3 },
    { byteOffset: 3, line: 1, column: 4 },
    { byteOffset: 4, line: 2, column: 1 },
    { byteOffset: 6, line: 2, column: 2 },
    { byteOffset: 10, line: 2, column: 3 },
    { byteOffset: 11, line: 2, column: 4 },
    { byteOffset: 12, line: 3, column: 1 },
    { byteOffset: 13, line: 4, column: 1 },
    { byteOffset: 14, line: 4, column: 2 },
  ])('byte $byteOffset is line $line, column $column', (position) => {
    expect(positionOf(bytes, position.byteOffset)).toEqual(position);
  });
});

describe('messages', () => {
  const report = (input: string): string => {
    const [, byteOffset, reason] = FAULTS.find(([text]) => text === input)!;
    return faultError(Buffer.from(input, 'latin1'), { byteOffset, reason }, 8).message;
  };

  test('name the character, or the byte where it cannot be shown', () => {
    expect(report('[1,]')).toContain('found "]" at');
    expect(report('"\n"')).toContain('byte 0x0a');
    expect(report('[\xc3]')).toContain('byte 0xc3');
    expect(report('[\xc3\xa9]')).toContain('found "é" at');
  });

  test('show what stands before the fault, cut at characters and without control characters', () => {
    const text = `["${'é'.repeat(40)}\u007f"\n x`;
    const byteOffset = Buffer.byteLength(text) - 1;
    const { message } = faultError(Buffer.from(text), { byteOffset, reason: 'separator' }, 8);
    expect(message).toMatch(/ after `…é{14}\\u007f"\\n `: /);
  });

  test('leave out an empty excerpt', () => {
    expect(report('True')).not.toContain('after');
  });

  test('fit the reason', () => {
    const of = (input: string): string => report(input).split(/ at | \(/)[0];
    expect(FAULTS.map(([input]) => of(input)).filter((text) => /undefined|NaN[^ ]/.test(text))).toEqual([]);
    expect(of('1 2')).toBe('the document is complete, but "2" follows');
    expect(of('{1:2}')).toBe('expected a quoted key, found "1"');
  });
});
