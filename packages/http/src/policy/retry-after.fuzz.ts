import { seededRandom } from '../testing/random.ts';
import { parseHttpDate, parseRetryAfter } from './retry-after.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const NOISE = '0123456789 :,-GMTSunNov\t.+eé';

/** Writes a moment in one of the three date forms of RFC 9110, by other means than the parser reads it. */
export function writeHttpDate(atMs: number, form: 'imf' | 'rfc850' | 'asctime'): string {
  const date = new Date(atMs);
  const imf = date.toUTCString();
  if (form === 'imf') return imf;
  const time = imf.slice(17, 25);
  const day = String(date.getUTCDate());
  const month = MONTHS[date.getUTCMonth()];
  const weekday = DAYS[date.getUTCDay()];
  const year = String(date.getUTCFullYear());
  return form === 'rfc850'
    ? `${weekday}, ${day.padStart(2, '0')}-${month}-${year.slice(2)} ${time} GMT`
    : `${weekday.slice(0, 3)} ${month} ${day.padStart(2, ' ')} ${time} ${year}`;
}

export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'http/retry-after',
  run(seed, iterations) {
    const random = seededRandom(seed);
    const nowMs = Date.UTC(2026, 10, 21, 12);
    for (let round = 0; round < iterations; round++) {
      // Within the 50 years in which two digits of a year are unambiguous.
      const atMs = Math.floor((nowMs + (random() - 0.5) * 49 * 365 * 86_400_000) / 1000) * 1000;
      for (const form of ['imf', 'rfc850', 'asctime'] as const) {
        const text = writeHttpDate(atMs, form);
        expectSame(parseHttpDate(text, nowMs), atMs, text);
        expectSame(parseRetryAfter(text, undefined, nowMs), Math.max(0, atMs - nowMs), text);
      }
      const seconds = Math.floor(random() * 1e6);
      expectSame(parseRetryAfter(`${seconds}`, undefined, nowMs), seconds * 1000, `${seconds}`);

      let noise = '';
      for (let left = Math.floor(random() * 30); left > 0; left--) noise += NOISE[Math.floor(random() * NOISE.length)];
      const read = parseRetryAfter(noise, noise, nowMs);
      if (read !== undefined && !(read >= 0 && Number.isSafeInteger(read))) {
        throw new Error(`${JSON.stringify(noise)} was read as ${read}`);
      }
    }
  },
};

function expectSame(got: number | undefined, wanted: number, text: string): void {
  if (got !== wanted) throw new Error(`${JSON.stringify(text)} was read as ${got}, not ${wanted}`);
}
