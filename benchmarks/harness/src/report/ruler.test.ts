import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { toAscii } from '../terminal.ts';
import { extent, positionOn, rulerScale, textRuler } from './ruler.ts';

const positive = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
const interval = fc.tuple(positive, positive, positive).map((three) => {
  const [low, value, high] = three.toSorted((a, b) => a - b) as [number, number, number];
  return { low, value, high };
});

describe('the axis', () => {
  test('is logarithmic, and contains 1 and all it shows', () => {
    expect(positionOn({ low: 0.5, high: 2 }, 1)).toBeCloseTo(0.5, 12);
    fc.assert(
      fc.property(fc.array(positive), (ratios) => {
        const scale = rulerScale(ratios);
        for (const ratio of [1, ...ratios]) {
          expect(positionOn(scale, ratio)).toBeGreaterThan(0);
          expect(positionOn(scale, ratio)).toBeLessThan(1);
        }
      }),
      { seed: 7 },
    );
  });

  test('leaves out what is further from 1 than it may reach', () => {
    const scale = rulerScale([0.99, 3], 0.02, 1.25);
    expect(scale.high).toBeGreaterThan(1.25);
    expect(scale.high).toBeLessThan(1.27);
    expect(positionOn(scale, 3)).toBeGreaterThan(1);
  });

  test('mirrors when every ratio is inverted', () => {
    fc.assert(
      fc.property(fc.array(positive), positive, (ratios, each) => {
        const scale = rulerScale([...ratios, each]);
        const inverse = rulerScale([...ratios, each].map((x) => 1 / x));
        expect(positionOn(inverse, 1 / each)).toBeCloseTo(1 - positionOn(scale, each), 9);
      }),
      { seed: 8 },
    );
  });
});

describe('the ruler of a terminal', () => {
  test('shows the interval, the ratio, 1 and the band', () => {
    const scale = { low: 0.5, high: 4 };
    expect(textRuler({ value: 2, low: 1.5, high: 3 }, scale, 24)).toBe('       ·│   ├───●───┤   ');
    expect(textRuler({ value: 0.8, low: 0.6, high: 1.1 }, scale, 24)).toBe('  ├──●──┼┤              ');
    expect(textRuler({ value: 2, low: null, high: null }, scale, 24)).toBe('       ·│       ●       ');
    expect(textRuler({ value: 2, low: 1.99, high: 2.01 }, scale, 24)).toBe('       ·│      ├●       ');
  });

  test('shows on which side a ratio beyond the axis is, and the band of its own', () => {
    const scale = { low: 0.5, high: 2 };
    expect(textRuler({ value: 3, low: 1.5, high: 4 }, scale, 24)).toBe('           ·│      ├───▶');
    expect(textRuler({ value: 0.1, low: 0.05, high: 0.2 }, scale, 24)).toBe('◀          ·│           ');
    expect(textRuler({ value: 1, low: 0.99, high: 1.01 }, scale, 24, 0.2)).toBe('        ···├●···        ');
    expect(toAscii('◀▶')).toBe('<>');
  });

  test('has a fixed width, one ratio, and the same width in ASCII', () => {
    fc.assert(
      fc.property(interval, fc.array(interval), fc.integer({ min: 1, max: 60 }), (each, others, width) => {
        const text = textRuler(each, rulerScale([each, ...others].flatMap(extent)), width);
        expect(text).toHaveLength(width);
        expect(text.split('●')).toHaveLength(2);
        expect(toAscii(text)).toMatch(/^[ |:+o-]+$/);
        expect(toAscii(text)).toHaveLength(width);
      }),
      { seed: 9 },
    );
  });
});
