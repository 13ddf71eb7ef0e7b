import { randomBelow } from '../testing/random.ts';
import { stringifyStream } from './stringify-stream.ts';
import { randomValue } from './testing/random-value.ts';
import { isLarge, largePieces, wholeText } from './value-pieces.ts';

/** Random values, in pieces and as elements: joined, the text is the engine's. */
export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'json: stringify stream',
  run(seed, iterations) {
    const below = randomBelow(seed);
    for (let round = 0; round < iterations; round++) {
      const value = randomValue(below, 5);
      const wanted = JSON.stringify(value);
      const limit = below(60);
      same('pieces', isLarge(value, limit) ? [...largePieces(value, limit)].join('') : wholeText(value, ''), wanted);

      const elements = Array.from({ length: below(6) }, () => randomValue(below, 3)).filter(
        (element) => JSON.stringify(element) !== undefined,
      );
      const chunkBytes = 64 + below(100);
      same('array', joined(elements, { chunkBytes }), JSON.stringify(elements));
      const lines = elements.map((element) => `${JSON.stringify(element)}\n`).join('');
      same('lines', joined(elements, { chunkBytes, lines: true }), lines);

      function same(what: string, actual: unknown, expected: unknown): void {
        if (actual === expected) return;
        throw new Error(`seed ${seed}, round ${round}, ${what}: ${String(actual)}, expected ${String(expected)}`);
      }
    }
  },
};

function joined(
  elements: readonly unknown[],
  options: { readonly chunkBytes: number; readonly lines?: boolean },
): string {
  const chunks = [...stringifyStream(elements, options)];
  const wrong = chunks.find(({ length }) => length > options.chunkBytes || length === 0);
  if (wrong !== undefined) throw new Error(`a chunk of ${wrong.length} bytes, chunkBytes is ${options.chunkBytes}`);
  return Buffer.concat(chunks).toString();
}
