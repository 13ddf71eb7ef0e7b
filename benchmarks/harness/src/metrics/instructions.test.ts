import { chmodSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test, vi } from 'vitest';

import { caseSource, temporaryRoot } from '../temporary-root.ts';
import { findValgrind, type Valgrind } from './callgrind.ts';
import { isMeasured } from './counts.ts';
import { countInstructions } from './instructions.ts';

// A process under callgrind takes fifty times its time, on a machine that does other work.
vi.setConfig({ testTimeout: 300_000 });

const valgrind = findValgrind();
if (valgrind === undefined) process.stderr.write('valgrind is not installed: instructions are not counted in tests\n');

function count(body: string, runs: number, by: Valgrind, limitMs = 240_000) {
  const ours = `{ name: 'ours', setup: (input) => () => { ${body} } }`;
  const root = temporaryRoot({ 'a.bench.ts': caseSource({ ours }) });
  return countInstructions({ path: join(root, 'a.bench.ts'), index: 0 }, runs, by, { root, limitMs });
}

describe('under callgrind', () => {
  const TURNS = 20_000;
  const loop = (more: string): string =>
    `let t = 0.5; for (let i = 0; i < ${TURNS}; i++) t = t * 0.5 + i${more}; return t;`;

  test.skipIf(valgrind === undefined)('two counts of one loop agree, and + 0 in it is seen', async () => {
    const perTurn: number[] = [];
    // One after the other: beside each other they would take no less time.
    for (const more of ['', '', ' + 0']) {
      const counted = await count(loop(more), 64, valgrind!);
      if (!isMeasured(counted)) throw new Error(counted.notMeasured);
      perTurn.push(counted.value / TURNS);
    }
    const [first = 0, second = 0, more = 0] = perTurn;
    // The optimising compiler needs a few instructions for a turn and unrolls none.
    expect(first).toBeGreaterThan(3);
    expect(first).toBeLessThan(16);
    expect(Math.abs(second / first - 1)).toBeLessThan(50e-6);
    // -0 + 0 is 0, so that no compiler may leave it out: an addition more, and what makes place for it.
    expect(more - first).toBeGreaterThan(0.99);
    expect(more - first).toBeLessThan(3.01);
  });
});

describe.skipIf(process.platform === 'win32')('is not measured', () => {
  /** Runs the program without counting anything: what goes wrong goes wrong alike, in a tenth of the time. */
  function withoutCounting(): Valgrind {
    const root = temporaryRoot({
      valgrind: '#!/bin/sh\nwhile [ "${1#--}" != "$1" ]; do shift; done\nexec "$@"\n',
    });
    chmodSync(join(root, 'valgrind'), 0o755);
    return { version: '0', command: [join(root, 'valgrind')] };
  }

  test.each([
    [`throw new Error('broken')`, 'failed under callgrind: broken'],
    ['return Promise.resolve(1)', 'asynchronous'],
    ['process.exit(3)', 'ended under callgrind without a result (exit code 3)'],
    ['return 1', 'callgrind wrote no counts between the marks'],
  ])('what does %j', async (body, reason) => {
    expect(await count(body, 64, withoutCounting())).toEqual({ notMeasured: reason });
  });

  test('what does not end', async () => {
    const reason = 'took longer than 3 s under callgrind';
    expect(await count('for (;;);', 64, withoutCounting(), 3_000)).toEqual({ notMeasured: reason });
  });

  test('where valgrind does not start', async () => {
    const none = { version: '0', command: ['/nowhere/valgrind'] };
    expect(await count('return 1', 64, none)).toEqual({
      notMeasured: expect.stringContaining('callgrind did not start: '),
    });
  });
});
