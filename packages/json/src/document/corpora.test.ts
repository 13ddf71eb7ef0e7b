import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { backend, javascript } from '../backend.ts';
import { JsonError } from '../errors.ts';
import { CORPORA, corpusFiles, whyNoCorpora } from '../testing/corpora.ts';
import { pointersOf } from '../testing/naive-document.ts';
import { validate } from '../validate.ts';
import { openWith } from './open.ts';
import { pointer } from './pointer.ts';

const missing = whyNoCorpora();
if (missing !== undefined) process.stderr.write(`corpora.test.ts without real data: ${missing}\n`);

const chosen = backend();
const builders = chosen === javascript ? [javascript] : [javascript, chosen];

describe.skipIf(missing !== undefined).for(builders)('an index built by $backend', (builder) => {
  test('passes the conformance suite', () => {
    const accepted = { y: 0, n: 0, i: 0 };
    const refused = { y: 0, n: 0, i: 0 };
    for (const { name, bytes } of corpusFiles('json-test-suite')) {
      const kind = name[0] as 'y' | 'n' | 'i';
      try {
        const document = openWith(builder, bytes);
        accepted[kind]++;
        expect(document.get('')).toEqual(JSON.parse(bytes.toString()));
      } catch (error) {
        if (!(error instanceof JsonError)) throw error;
        refused[kind]++;
        expect([name, error.message]).toEqual([name, validate(bytes)?.message]);
      }
    }
    expect({ y: accepted.y, n: refused.n }).toEqual({ y: 95, n: 188 });
    expect({ y: refused.y, n: accepted.n }).toEqual({ y: 0, n: 0 });
  });

  test.for(['twitter', 'citm_catalog', 'twitterescaped', 'github_events'])(
    'gives every scalar of %s.json as the engine does',
    { timeout: 120_000 },
    (name) => {
      const bytes = readFileSync(path.join(CORPORA, 'json', `${name}.json`));
      const value = JSON.parse(bytes.toString()) as unknown;
      const document = openWith(builder, bytes);
      let different = 0;
      for (const [at, wanted] of pointersOf(value)) {
        const isContainer = typeof wanted === 'object' && wanted !== null;
        if (isContainer) {
          const size = Object.keys(wanted).length;
          if (document.length(at) !== size || document.type(at) !== (Array.isArray(wanted) ? 'array' : 'object'))
            different++;
        } else if (!Object.is(document.get(at), wanted) || !document.has(pointer(at))) {
          different++;
        }
      }
      expect(different).toBe(0);
    },
  );

  test.for(['canada', 'mesh', 'numbers', 'marine_ik'])(
    'reads every number of %s.json to the bit',
    { timeout: 120_000 },
    (name) => {
      const bytes = readFileSync(path.join(CORPORA, 'json', `${name}.json`));
      const document = openWith(builder, bytes);
      let numbers = 0;
      let different = 0;
      const visit = (value: unknown, from: Parameters<typeof document.get>[1]): void => {
        if (typeof value === 'object' && value !== null) {
          const values = Object.values(value);
          let place = 0;
          for (const cursor of document.iterate('', from)) visit(values[place++], cursor);
          if (place !== values.length) different++;
        } else if (typeof value === 'number') {
          numbers++;
          if (!Object.is(document.number('', from), value)) different++;
        }
      };
      visit(JSON.parse(bytes.toString()), undefined);
      expect({ different, some: numbers > 5000 }).toEqual({ different: 0, some: true });
    },
  );
});
