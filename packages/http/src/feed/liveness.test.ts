import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Liveness } from './liveness.ts';
import { newFeedCounters } from './stats.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function watch(options: { heartbeatIntervalMs?: number; staleAfterMs?: number; expectsData?: boolean }) {
  const counters = newFeedCounters();
  const calls: string[] = [];
  const liveness = new Liveness(
    { heartbeatIntervalMs: 0, staleAfterMs: 0, ...options },
    {
      ping: () => calls.push('ping'),
      onDead: () => {
        calls.push('dead');
        liveness.stop();
      },
      onStale: (idleMs) => {
        calls.push(`stale ${Math.round(idleMs)}`);
        liveness.stop();
      },
      expectsData: () => options.expectsData ?? true,
    },
    counters,
  );
  const message = (): void => {
    counters.messages++;
    counters.lastMessageAt = performance.now();
  };
  return { liveness, calls, message };
}

test('a ping without an answer by the next beat is death', async () => {
  const { calls } = watch({ heartbeatIntervalMs: 1000 });
  await vi.advanceTimersByTimeAsync(1999);
  expect(calls).toEqual(['ping']);
  await vi.advanceTimersByTimeAsync(2);
  expect(calls).toEqual(['ping', 'dead']);
});

test('a pong is an answer, and so is a message', async () => {
  const { liveness, calls, message } = watch({ heartbeatIntervalMs: 1000 });
  await vi.advanceTimersByTimeAsync(1500);
  liveness.pong();
  await vi.advanceTimersByTimeAsync(1000);
  message();
  await vi.advanceTimersByTimeAsync(1000);
  expect(calls).toEqual(['ping', 'ping', 'ping']);
});

test('a pong that arrives in the turn after the beat is in time', async () => {
  const { liveness, calls } = watch({ heartbeatIntervalMs: 1000 });
  vi.advanceTimersByTime(2000);
  liveness.pong();
  await vi.advanceTimersByTimeAsync(1);
  expect(calls).toEqual(['ping']);
});

test('a beat that comes late judges nothing, the one after it does', async () => {
  const { calls } = watch({ heartbeatIntervalMs: 1000 });
  await vi.advanceTimersByTimeAsync(1000);
  // The clock moves and no timer runs: a loop that stands still.
  const now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => now + 5000);
  await vi.advanceTimersByTimeAsync(1000);
  expect(calls).toEqual(['ping']);
  await vi.advanceTimersByTimeAsync(1001);
  expect(calls).toEqual(['ping', 'dead']);
});

test('silence is measured from the last message, not in steps', async () => {
  const { calls, message } = watch({ staleAfterMs: 1000 });
  await vi.advanceTimersByTimeAsync(700);
  message();
  await vi.advanceTimersByTimeAsync(990);
  expect(calls).toEqual([]);
  await vi.advanceTimersByTimeAsync(20);
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatch(/^stale 10\d\d$/);
});

test('where no data is expected, silence is waited out', async () => {
  const { calls } = watch({ staleAfterMs: 1000, expectsData: false });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(calls).toEqual([]);
});

test('stop leaves no timer', () => {
  const { liveness } = watch({ heartbeatIntervalMs: 1000, staleAfterMs: 1000 });
  liveness.stop();
  expect(vi.getTimerCount()).toBe(0);
});
