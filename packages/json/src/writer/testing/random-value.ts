import { randomDouble, type Below } from './random-numbers.ts';

const TEXTS = ['', 'a', 'ü', '😀', '\ud800', '"', '\\', '\n', '\u2028', 'x'.repeat(80), '😀'.repeat(40)];
const KEYS = ['a', 'b', '', '10', '2', '__proto__', 'toJSON', 'ü', 'length', 'rawJSON'];

/** Anything that `JSON.stringify` takes, with what it leaves out, calls and unwraps. */
export function randomValue(below: Below, depth: number): unknown {
  const text = TEXTS[below(TEXTS.length)];
  switch (below(depth > 0 ? 14 : 7)) {
    case 0:
      return text;
    case 1:
      return randomDouble(below);
    case 2:
      return [null, true, false][below(3)];
    case 3:
      return [undefined, Number.NaN, Symbol('s'), () => 1][below(4)];
    case 4:
      return new Date(below(2 ** 32));
    case 5:
      return [new String(text), new Number(5), new Boolean(false), Buffer.from(text), new Uint8Array(3)][below(5)];
    case 6:
      return { toJSON: [(key: string) => `at ${key}`, () => undefined][below(2)] };
    case 7: {
      const inner = randomValue(below, depth - 1);
      return { toJSON: () => inner };
    }
    case 8:
      return new Map([[1, 2]]);
    case 9:
      return new Proxy(object(below, depth), {});
    case 10:
    case 11:
      return Array.from({ length: below(6) }, () => randomValue(below, depth - 1));
    default:
      return object(below, depth);
  }
}

function object(below: Below, depth: number): object {
  const members: Record<string, unknown> = Object.create(below(2) === 0 ? null : Object.prototype);
  for (let count = below(6); count > 0; count--) {
    const value = randomValue(below, depth - 1);
    Object.defineProperty(members, KEYS[below(KEYS.length)], {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return members;
}
