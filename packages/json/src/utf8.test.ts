import { isUtf8 } from 'node:buffer';
import { expect, test } from 'vitest';
import { malformedSequence, replacedLength } from './utf8.ts';

test('agrees with the engine on every pair of bytes with every kind of third and fourth', () => {
  const bytes = new Uint8Array(6).fill(0x20);
  const tails = [0x20, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc2, 0xff];
  for (let lead = 0x7f; lead <= 0xff; lead++) {
    for (let second = 0; second <= 0xff; second++) {
      for (const third of tails) {
        for (const fourth of [0x20, 0x80, 0xbf, 0xc2]) {
          bytes.set([lead, second, third, fourth], 1);
          if ((malformedSequence(bytes, 0) === -1) !== isUtf8(bytes)) {
            expect.fail(`${Buffer.from(bytes).toString('hex')} is ${isUtf8(bytes) ? 'well' : 'not well'} formed`);
          }
        }
      }
    }
  }
});

test.for([
  { hex: '61c3', at: 1 },
  { hex: 'c3a961e282', at: 3 },
  { hex: 'f09f9880f09f98', at: 4 },
  { hex: '618062', at: 1 },
  { hex: 'e282ace282ac', at: -1 },
])('points at the first byte of the malformed sequence: $hex', ({ hex, at }) => {
  expect(malformedSequence(Buffer.from(hex, 'hex'), 0)).toBe(at);
});

test('knows how much of a malformed sequence a decoder replaces at once', () => {
  const different: string[] = [];
  const tails = [0x20, 0x7f, 0x80, 0xbf];
  for (let lead = 0xbf; lead <= 0xff; lead++) {
    for (let second = 0; second <= 0xff; second++) {
      for (const third of tails) {
        for (const length of [1, 2, 3, 4]) {
          const bytes = Buffer.of(lead, second, third, 0x20).subarray(0, length);
          if (malformedSequence(bytes, 0) !== 0) continue;
          const rest = bytes.toString('utf8', replacedLength(bytes, 0));
          if (bytes.toString('utf8') !== `\ufffd${rest}`) different.push(bytes.toString('hex'));
        }
      }
    }
  }
  expect(different).toEqual([]);
});
