import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { LiveView } from './index.ts';
import type { LiveStream } from './live-view.ts';
import { Screen } from './testing/screen.ts';

const env = {};

function plainStream(): LiveStream & { text: string } {
  return {
    text: '',
    write(text) {
      this.text += text;
      return true;
    },
  };
}

describe('on a terminal', () => {
  test('redraws the block in place', () => {
    const screen = new Screen(20, 6);
    const view = new LiveView({ stream: screen, env });
    view.update(['one', 'two']);
    view.update(['three', 'four']);
    expect(screen.lines()).toEqual(['three', 'four']);
  });

  test('leaves nothing of a longer line or a taller block', () => {
    const screen = new Screen(20, 6);
    const view = new LiveView({ stream: screen, env });
    view.update(['a long line', 'second', 'third']);
    view.update(['short']);
    expect(screen.lines()).toEqual(['short']);
    view.update([]);
    expect(screen.lines()).toEqual([]);
  });

  test('keeps what was on the screen before it', () => {
    const screen = new Screen(20, 6);
    screen.write('$ npm start\n');
    const view = new LiveView({ stream: screen, env });
    view.update(['a', 'b']);
    view.update(['c']);
    expect(screen.lines()).toEqual(['$ npm start', 'c']);
  });

  test('logs above the block, and the lines stay', () => {
    const screen = new Screen(20, 8);
    const view = new LiveView({ stream: screen, env });
    view.update(['block 1', 'block 2']);
    view.log('reconnected');
    view.update(['block 3']);
    view.log('gap');
    expect(screen.lines()).toEqual(['reconnected', 'gap', 'block 3']);
  });

  test('cuts lines to the width, so that none wraps', () => {
    const screen = new Screen(10, 6);
    const view = new LiveView({ stream: screen, env });
    view.update(['0123456789', '0123456789abc', 'x']);
    view.update(['0123456789', '0123456789abc', 'y']);
    expect(screen.lines()).toEqual(['0123456789', '012345678…', 'y']);
  });

  test('cuts the block to the height and says how much is missing', () => {
    const screen = new Screen(20, 4);
    const view = new LiveView({ stream: screen, env });
    view.update(['1', '2', '3', '4', '5']);
    view.update(['a', 'b', 'c', 'd', 'e']);
    expect(screen.lines()).toEqual(['a', 'b', '… 3 more lines']);
  });

  test('a line break inside a line does not tear the block', () => {
    const screen = new Screen(20, 6);
    const view = new LiveView({ stream: screen, env });
    view.update(['a\nb', 'c']);
    view.update(['a\r\nb', 'c']);
    expect(screen.lines()).toEqual(['a b', 'c']);
  });

  test('clears the rows that old lines take after the terminal became narrower', () => {
    const screen = new Screen(20, 8);
    const view = new LiveView({ stream: screen, env });
    view.update(['0123456789abcdef', 'second']);
    screen.reflow(8);
    view.update(['new', 'lines']);
    expect(screen.lines()).toEqual(['new', 'lines']);
  });

  test('leaves frames out while the stream is congested, and shows the last one on close', () => {
    const screen = new Screen(20, 6);
    const view = new LiveView({ stream: screen, env });
    view.update(['first']);
    screen.writableNeedDrain = true;
    view.update(['second']);
    view.update(['third']);
    expect(screen.lines()).toEqual(['first']);
    view.close();
    expect(screen.lines()).toEqual(['third']);
  });

  test('leaves the last block, the cursor below it at the start of a line, and hides nothing', () => {
    const screen = new Screen(20, 6);
    const view = new LiveView({ stream: screen, env });
    view.update(['last']);
    expect(view.interactive).toBe(true);
    view[Symbol.dispose]();
    screen.write('$ ');
    expect(screen.lines()).toEqual(['last', '$']);
    expect(screen.written).not.toContain('\u001B[?');
  });

  test('does nothing after close, and close may come twice', () => {
    const screen = new Screen(20, 6);
    const view = new LiveView({ stream: screen, env });
    view.update(['kept']);
    view.close();
    view.close();
    view.update(['late']);
    view.log('late');
    expect(screen.lines()).toEqual(['kept']);
  });

  test('shows after any sequence of frames and logs what the naive view shows', () => {
    const line = fc.string({ maxLength: 30, unit: fc.constantFrom('a', 'b', ' ', '7', 'é', '漢') });
    const step = fc.record({ log: fc.option(line, { nil: undefined }), block: fc.array(line, { maxLength: 7 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.integer({ min: 4, max: 24 }), (steps, columns) => {
        const screen = new Screen(columns, 12);
        const view = new LiveView({ stream: screen, env });
        const logged: string[] = [];
        let block: string[] = [];
        for (const { log, block: next } of steps) {
          if (log !== undefined) {
            view.log(log.slice(0, 2));
            logged.push(log.slice(0, 2));
          }
          block = next;
          view.update(next);
        }
        const naive = new Screen(columns, 12);
        const fresh = new LiveView({ stream: naive, env });
        for (const each of logged) naive.write(`${each}\n`);
        fresh.update(block);
        expect(screen.all()).toEqual(naive.all());
      }),
      { numRuns: 300 },
    );
  });
});

describe('on a stream that is no terminal', () => {
  test('appends lines without control characters, at most once per interval', () => {
    const stream = plainStream();
    let nowMs = 0;
    const view = new LiveView({ stream, env, plainIntervalMs: 1_000, now: () => nowMs });
    view.update(['\u001B[32mfirst\u001B[39m\tx']);
    nowMs = 999;
    view.update(['held back']);
    nowMs = 1_000;
    view.update(['second']);
    expect(stream.text).toBe('first x\nsecond\n');
    expect(view.interactive).toBe(false);
  });

  test('shows the last lines on close, once', () => {
    const stream = plainStream();
    const view = new LiveView({ stream, env, now: () => 0 });
    view.update(['first']);
    view.update(['second']);
    view.update(['third']);
    view.close();
    view.close();
    expect(stream.text).toBe('first\nthird\n');
  });

  test('takes shorter lines than a terminal gets', () => {
    const stream = plainStream();
    new LiveView({ stream, env }).update(['a', 'b', 'c'], ['a b c']);
    expect(stream.text).toBe('a b c\n');
  });

  test('logs at once', () => {
    const stream = plainStream();
    const view = new LiveView({ stream, env, now: () => 0 });
    view.update(['first']);
    view.log('\u001B[31mgap\u001B[39m');
    expect(stream.text).toBe('first\ngap\n');
  });

  test('is also what TERM=dumb makes of a terminal', () => {
    const screen = new Screen(20, 6);
    const view = new LiveView({ stream: screen, env: { TERM: 'dumb' } });
    view.update(['a']);
    expect(screen.written).toBe('a\n');
  });
});
