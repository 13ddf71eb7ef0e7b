import { describe, expect, test } from 'vitest';
import { backend, javascript } from './backend.ts';
import { openWith } from './document/open.ts';
import { pointer } from './document/pointer.ts';
import type { JsonError } from './errors.ts';
import { parse } from './parse.ts';
import { stringify } from './stringify.ts';

const DEPTH = 100_000;
const shapes = [
  { shape: 'arrays', opening: '[', closing: ']', step: '/0' },
  { shape: 'objects', opening: '{"a":', closing: '}', step: '/a' },
];
const builders = backend() === javascript ? [javascript] : [javascript, backend()];
const cases = shapes.flatMap((shape) =>
  builders.flatMap((builder) => [false, true].map((trust) => ({ ...shape, builder, backend: builder.backend, trust }))),
);

// That every entry point has the right verdict at such a depth is tested in conformance.test.ts.
describe.each(cases)(
  '$shape nested 100,000 deep, opened by $backend, trusted: $trust',
  ({ opening, closing, step, builder, trust }) => {
    const bytes = Buffer.from(`${opening.repeat(DEPTH)}7${closing.repeat(DEPTH)}`);
    const innermost = step.repeat(DEPTH);
    const open = (): ReturnType<typeof openWith> => openWith(builder, bytes, { trust });

    test('have a value in the middle that every reader finds', () => {
      // Each first on a document of its own: a trusted one is searched without an index once.
      expect(open().get(innermost)).toBe(7);
      expect(open().number(pointer(innermost))).toBe(7);
      expect(open().bigint(innermost)).toBe(7n);
      expect(open().decimal(innermost, 2)).toBe(700);
      expect(open().type(innermost)).toBe('number');
      expect(open().has(`${innermost}${step}`)).toBe(false);
      expect(open().getMany([step, innermost]).at(-1)).toBe(7);
      expect(Buffer.from(open().slice(innermost) ?? []).toString()).toBe('7');
    });

    test('are measured, cut out and walked through', () => {
      const document = open();
      expect(document.slice('')?.length).toBe(bytes.length);
      expect(document.slice(step)?.length).toBe(bytes.length - opening.length - closing.length);
      expect(document.length('')).toBe(1);
      let depth = 0;
      for (let [cursor] = document; cursor !== undefined; [cursor] = document.iterate('', cursor)) depth++;
      expect(depth).toBe(DEPTH);
    });

    test('are built, and written again where the engine can', () => {
      let value = open().materialize() as { a?: unknown } & unknown[];
      for (let depth = 0; depth < DEPTH; depth++) value = (value.a ?? value[0]) as typeof value;
      expect(value).toBe(7);
      try {
        expect(stringify(parse(bytes))).toBe(bytes.toString());
      } catch (error) {
        // The engine of older Nodes recurses.
        expect((error as JsonError).code).toBe('ERR_PERF_JSON_DEPTH');
      }
    });
  },
);
