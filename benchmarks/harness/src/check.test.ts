import { describe, expect, test } from 'vitest';
import { checkFooter, checkLine } from './check.ts';
import type { CaseResult, ContestantResult } from './result.ts';

const contestant = (name: string, status: ContestantResult['status']): ContestantResult => ({
  name,
  role: 'peer',
  status,
  ...(status === 'measured' ? {} : { reason: 'not installed' }),
  launches: [],
});
const result = (contestants: ContestantResult[], status: CaseResult['status'] = 'measured'): CaseResult => ({
  package: 'json',
  file: 'benchmarks/json/a.bench.ts',
  name: 'a',
  status,
  contestants,
  warnings: [],
});

describe('check mode', () => {
  test('passes a case whose contestants all gave the answer', () => {
    expect(checkLine(result([contestant('x', 'measured')]))).toBe('ok json: a: 1 contestant gives the same answer');
  });

  test('fails a case with a missing peer, and names it', () => {
    expect(checkLine(result([contestant('x', 'measured'), contestant('y', 'missing')]))).toBe(
      'FAILED json: a: y missing (not installed)',
    );
  });

  test('names an optional peer that is missing, and passes without it', () => {
    const absent = { ...contestant('y', 'missing'), optional: true as const };
    expect(checkLine(result([contestant('x', 'measured'), absent]))).toBe(
      'ok json: a: 1 contestant gives the same answer; y missing (not installed)',
    );
    expect(checkFooter([result([absent])])).toBe('1 passed, 0 failed');
  });

  test('fails a case whose optional peer fails', () => {
    const broken = { ...contestant('y', 'failed'), optional: true as const };
    expect(checkFooter([result([broken])])).toBe('0 passed, 1 failed');
  });

  test('counts for CI', () => {
    expect(checkFooter([result([contestant('x', 'measured')]), result([], 'failed')])).toBe('1 passed, 1 failed');
  });
});
