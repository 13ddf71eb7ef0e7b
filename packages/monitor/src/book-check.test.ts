import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BookCheck } from './book-check.ts';
import { bookTickerRecord } from './venues/records.ts';

type Step = { readonly ticker: number } | { readonly event: number };

/** A best price that is a function of the id stands for "the market at that id". */
const best = (id: number): { bidTicks: number; bidLots: number; askTicks: number; askLots: number } => ({
  bidTicks: id * 3,
  bidLots: (id % 5) + 1,
  askTicks: id * 3 + 1,
  askLots: 7,
});

function run(steps: readonly Step[], tickersOf: (id: number) => ReturnType<typeof best> = best): BookCheck {
  const check = new BookCheck();
  const lastTicker = (id: number): number =>
    Math.max(-1, ...steps.flatMap((step) => ('ticker' in step && step.ticker <= id ? [step.ticker] : [])));
  for (const step of steps) {
    if ('ticker' in step) check.ticker({ ...bookTickerRecord(), updateId: step.ticker, ...tickersOf(step.ticker) });
    else check.applied(step.event, best(lastTicker(step.event)));
  }
  check.finish();
  return check;
}

describe('BookCheck', () => {
  test('compares with the last ticker at or before the event, though newer ones came first', () => {
    const check = run([{ ticker: 9 }, { ticker: 14 }, { ticker: 17 }, { event: 15 }, { ticker: 18 }]);
    expect([check.checks, check.equal, check.undecided]).toEqual([1, 1, 0]);
  });

  test('waits for a ticker that comes after the event', () => {
    const check = run([{ ticker: 9 }, { event: 15 }, { ticker: 14 }, { ticker: 16 }]);
    expect([check.checks, check.equal]).toEqual([1, 1]);
  });

  test('decides what is left at the end of the feed', () => {
    const check = run([{ ticker: 9 }, { event: 10 }, { event: 11 }]);
    expect([check.checks, check.equal]).toEqual([2, 2]);
  });

  test('cannot decide an event before the first ticker', () => {
    const check = run([{ event: 5 }, { ticker: 9 }]);
    expect([check.checks, check.undecided]).toEqual([0, 1]);
  });

  test('notices a quantity that differs, and names the first difference', () => {
    const check = run([{ ticker: 9 }, { event: 10 }], (id) => ({ ...best(id), askLots: 8 }));
    expect([check.checks, check.equal]).toEqual([1, 0]);
    expect(check.firstMismatch).toBe('update 10: book 5 @ 27 / 7 @ 28, exchange 5 @ 27 / 8 @ 28');
  });

  test('finds every event equal in any interleaving of a consistent feed', () => {
    const interleaving = fc
      .record({
        tickers: fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 40 }),
        events: fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 40 }),
        order: fc.array(fc.boolean(), { maxLength: 90 }),
      })
      .map(({ tickers, events, order }) => {
        const t = tickers.toSorted((a, b) => a - b);
        const e = events.toSorted((a, b) => a - b);
        const steps: Step[] = [];
        for (const takeTicker of order) {
          if (takeTicker && t.length > 0) steps.push({ ticker: t.shift()! });
          else if (e.length > 0) steps.push({ event: e.shift()! });
        }
        return [...steps, ...t.map((ticker) => ({ ticker })), ...e.map((event) => ({ event }))];
      });
    fc.assert(
      fc.property(interleaving, (steps) => {
        const check = run(steps);
        const first = Math.min(...steps.flatMap((step) => ('ticker' in step ? [step.ticker] : [])));
        const events = steps.flatMap((step) => ('event' in step ? [step.event] : []));
        expect(check.checks).toBe(events.filter((id) => id >= first).length);
        expect(check.equal).toBe(check.checks);
        expect(check.undecided).toBe(events.filter((id) => id < first).length);
      }),
    );
  });
});
