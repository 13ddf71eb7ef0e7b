import { seededRandom } from '../testing/random.ts';
import { resolveTarget } from './target.ts';

const PIECES = [
  ...'abzAZ09-._~!$&()*+,;=:@/?%[]\'"<>{}|\\^` #é€\t',
  '/./',
  '/../',
  '%2e',
  '/%2E%2e/',
  '%20',
  '//',
  '?a=b',
  '😀',
];
const ORIGIN = 'http://127.0.0.1:8080';

/** The way without shortcuts. */
function naive(text: string): string {
  const url = new URL(text);
  return url.origin + url.pathname + url.search;
}

export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'http/target',
  run(seed, iterations) {
    const random = seededRandom(seed);
    const base = { origin: ORIGIN, prefix: '/api' };
    for (let round = 0; round < iterations; round++) {
      let path = '/';
      for (let left = Math.floor(random() * 12); left > 0; left--) path += PIECES[Math.floor(random() * PIECES.length)];
      const absolute = resolveTarget(ORIGIN + path, undefined, () => true);
      compare(absolute.origin + absolute.path, naive(ORIGIN + path), path);
      const below = resolveTarget(path, base, () => true);
      compare(below.origin + below.path, naive(`${ORIGIN}/api${path}`), path);
    }
  },
};

function compare(got: string, wanted: string, path: string): void {
  // An empty query may keep its question mark on the short way: it is the same resource.
  if (got !== wanted && got !== `${wanted}?`) throw new Error(`${JSON.stringify(path)} went to ${got}, not ${wanted}`);
}
