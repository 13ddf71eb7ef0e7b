import * as ws from 'ws';
import { FrameQueue, TextFrame } from './frame.ts';
import { Random } from './market/prng.ts';

/** ws frames the same text with the same bytes; the types of ws leave its Sender out. */
const { Sender } = ws as unknown as {
  Sender: { frame(data: Buffer, options: FrameOptions): Buffer[] };
};

interface FrameOptions {
  readonly fin: boolean;
  readonly opcode: number;
  readonly mask: boolean;
  readonly readOnly: boolean;
  readonly rsv1: boolean;
}

/** Frames of random lengths, one by one and queued, against those of ws. */
export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'exchange TextFrame against ws',
  run(seed, iterations) {
    const random = new Random(seed, 'frame');
    for (let iteration = 0; iteration < iterations; iteration++) {
      const frame = new TextFrame();
      const queue = new FrameQueue();
      const expected: Buffer[] = [];
      const count = 1 + random.below(8);
      for (let index = 0; index < count; index++) {
        const edge = [0, 125, 126, 65_535, 65_536][random.below(5)];
        const length = random.unit() < 0.5 ? edge : random.below(random.unit() < 0.2 ? 200_000 : 2000);
        const text = String.fromCharCode(0x20 + random.below(0x5e)).repeat(length);
        expected.push(
          ...Sender.frame(Buffer.from(text), { fin: true, opcode: 1, mask: false, readOnly: true, rsv1: false }),
        );
        queue.push(frame.set(text));
      }
      if (!queue.take().equals(Buffer.concat(expected)) || queue.length !== 0) {
        throw new Error(`frames differ (seed ${seed}, iteration ${iteration})`);
      }
    }
  },
};
