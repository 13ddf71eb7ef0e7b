import { validateJson } from './json.ts';
import { hasAddon } from './testing/addon.ts';

/** Enough structure that edits reach every token, at a length that crosses the widest vectors. */
const DOCUMENT = Buffer.from(
  ` {"s":"BTCUSDT","b":[["61800.20","0.002"],[-12.5e-3,true]],"t":"caf\\u00e9 — 世界 😀 \\"q\\"","o":{},"n":null}\n`,
);
const NASTY = Buffer.from('{}[]:,"\\/ \t\n\0\x1f019-+.eEtrufalsn\x7f\x80\xbf\xc3\xe2\xed\xa0\xf0\xff', 'latin1');

/** Documents with bytes replaced and pieces moved, at every alignment: the verdict is the engine's. */
export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'native: validateJson',
  run(seed, iterations) {
    if (!hasAddon()) return;
    let state = seed >>> 0;
    const below = (bound: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * bound);
    };
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const memory = Buffer.alloc(DOCUMENT.length * 2 + 64);
    for (let round = 0; round < iterations; round++) {
      const start = below(64);
      const padding = below(DOCUMENT.length);
      memory.fill(0x20, start, start + padding);
      DOCUMENT.copy(memory, start + padding);
      const length = padding + DOCUMENT.length - (below(4) === 0 ? below(DOCUMENT.length) : 0);
      const bytes = memory.subarray(start, start + length);
      for (let edits = below(3); edits > 0; edits--) bytes[below(length)] = NASTY[below(NASTY.length)];
      let isJson = true;
      try {
        JSON.parse(decoder.decode(bytes));
      } catch {
        isJson = false;
      }
      if ((validateJson(bytes) === -1) !== isJson) {
        throw new Error(`validateJson differs on ${bytes.toString('base64')} (base64; seed ${seed}, round ${round})`);
      }
    }
  },
};
