import { describe, expect, test } from 'vitest';
import { fuzz } from './frame.fuzz.ts';
import { FrameQueue, TextFrame } from './frame.ts';

describe('TextFrame and FrameQueue', () => {
  test('write the bytes that ws writes, whatever the length', () => {
    expect(() => fuzz.run(42, 100)).not.toThrow();
  });

  test('give away a buffer that the next slice does not touch', () => {
    const frame = new TextFrame();
    const queue = new FrameQueue();
    queue.push(frame.set('one'));
    const first = queue.take();
    queue.push(frame.set('two'));
    expect(String(first.subarray(2))).toBe('one');
    expect(String(queue.take().subarray(2))).toBe('two');
  });
});
