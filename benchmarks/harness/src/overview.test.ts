import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withOverview } from './overview.ts';
import { sampleResult } from './sample-result.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'perf-overview-'));
  mkdirSync(join(root, 'benchmarks/json'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const README = 'a\n<!-- bench:overview:start -->\nold\n<!-- bench:overview:end -->\nb\n';
const list = (entries: object[]): void =>
  writeFileSync(join(root, 'benchmarks/overview.json'), JSON.stringify(entries));
const entry = { package: 'json', purpose: 'parsing', case: 'parse', peer: 'JSON.parse', task: 'validate' };

describe('withOverview', () => {
  test('says where no figure is recorded yet', () => {
    list([entry]);
    expect(withOverview(README, root)).toContain('not recorded yet');
  });

  test('prints the recorded ratio of the named case and peer', () => {
    const result = sampleResult;
    const [first] = result.cases;
    const peer = first.contestants.find(({ role, figures }) => role === 'peer' && figures?.ratio !== undefined)!;
    writeFileSync(join(root, 'benchmarks/json/recorded.json'), JSON.stringify(result));
    list([{ ...entry, case: first.name, peer: peer.name }]);
    expect(withOverview(README, root)).toMatch(/validate: [\d.]+× .* against /);
  });

  test('fails for a case that the record does not have', () => {
    writeFileSync(join(root, 'benchmarks/json/recorded.json'), JSON.stringify(sampleResult));
    list([entry]);
    expect(() => withOverview(README, root)).toThrow('no recorded "parse" against "JSON.parse"');
  });

  test('leaves a README without markers or list alone', () => {
    expect(withOverview(README, root)).toBeUndefined();
    list([entry]);
    expect(withOverview('no markers', root)).toBeUndefined();
  });
});
