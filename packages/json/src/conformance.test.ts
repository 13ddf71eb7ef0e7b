import { describe, expect, test } from 'vitest';
import { backends, program } from './testing/child.ts';
import type { Conformance } from './testing/conformance.ts';
import { whyNoCorpora } from './testing/corpora.ts';
import { ENTRY_POINTS } from './testing/entry-points.ts';

const missing = whyNoCorpora();
const ways = await backends();
const names = ways.map(({ name }) => name).join(', ');
process.stderr.write(`conformance.test.ts: ${ENTRY_POINTS.length} entry points on ${names}\n`);
if (missing !== undefined) process.stderr.write(`conformance.test.ts without real data: ${missing}\n`);

/** Files of the conformance suite that must be accepted, and refused. */
const SUITE = missing === undefined ? { accepted: 95, refused: 188 } : { accepted: 0, refused: 0 };

describe('every entry point', () => {
  // Also on what the standard leaves to the parser, and on nesting of 100,000 and more.
  test.for(ways)('has the verdicts of the engine on $name', { timeout: 300_000 }, async ({ name, env }) => {
    const { backend, answers } = await program<Conformance>('conformance.ts', env);
    expect(backend).toBe(name === 'javascript' ? 'javascript' : 'native');
    const expected = ENTRY_POINTS.map((point) => ({ name: point.name, ...SUITE, differences: [] }));
    expect(answers).toEqual(expected);
  });
});
