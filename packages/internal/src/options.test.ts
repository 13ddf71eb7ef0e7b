import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  anyOption,
  booleanOption,
  choiceOption,
  functionOption,
  integerOption,
  numberOption,
  readOptions,
  signalOption,
  stringOption,
} from './options.ts';

class Wrong extends Error {
  readonly key: string;
  constructor(message: string, key: string) {
    super(message);
    this.key = key;
  }
}
const fault = (message: string, key: string) => new Wrong(message, key);
const rules = {
  maxWorkers: integerOption(10, 1, 100),
  ratio: numberOption(0.5, 0, 1),
  keepAlive: booleanOption(true),
  name: stringOption('perf'),
  host: stringOption(undefined),
  order: choiceOption('items', ['items', 'completion']),
  onProgress: functionOption<(() => void) | undefined>(undefined),
  signal: signalOption(),
  extra: anyOption<unknown>(null, (value) => (value === 'bad' ? 'must not be bad' : undefined)),
};
const read = (given?: object) => readOptions('thing', given, rules, fault);

test('what is left out, or undefined, is the fallback; the result is complete and frozen', () => {
  const defaults = {
    maxWorkers: 10,
    ratio: 0.5,
    keepAlive: true,
    name: 'perf',
    host: undefined,
    order: 'items',
    onProgress: undefined,
    signal: undefined,
    extra: null,
  };
  expect(read()).toEqual(defaults);
  expect(read({})).toEqual(defaults);
  expect(read({ maxWorkers: undefined, name: undefined })).toEqual(defaults);
  expect(Object.isFrozen(read())).toBe(true);
});

test('what is given is taken as it is', () => {
  const { signal } = new AbortController();
  const onProgress = () => {};
  const given = {
    maxWorkers: 1,
    ratio: 1,
    keepAlive: false,
    name: 'x',
    host: 'y',
    order: 'completion',
    onProgress,
    signal,
    extra: 0,
  };
  expect(read(given)).toEqual(given);
  expect(read(Object.freeze(Object.assign(Object.create(null) as object, { maxWorkers: 3 }))).maxWorkers).toBe(3);
});

test('a signal of another realm or a polyfill passes by its shape', () => {
  expect(read({ signal: { aborted: false, addEventListener() {} } }).signal).toBeDefined();
});

describe('a fault names the subject, the key, the rule and the value', () => {
  test.each([
    [{ maxWorkers: 0 }, 'maxWorkers', 'thing: option "maxWorkers" must be an integer from 1 to 100, got 0'],
    [{ maxWorkers: 101 }, 'maxWorkers', 'must be an integer from 1 to 100, got 101'],
    [{ maxWorkers: 1.5 }, 'maxWorkers', 'got 1.5'],
    [{ maxWorkers: '5' }, 'maxWorkers', 'got "5"'],
    [{ maxWorkers: 5n }, 'maxWorkers', 'got 5n'],
    [{ maxWorkers: null }, 'maxWorkers', 'got null'],
    [{ ratio: Number.NaN }, 'ratio', 'must be a number from 0 to 1, got NaN'],
    [{ ratio: Infinity }, 'ratio', 'got Infinity'],
    [{ keepAlive: 1 }, 'keepAlive', 'must be true or false, got 1'],
    [{ name: '' }, 'name', 'must be a non-empty string, got ""'],
    [{ name: [] }, 'name', 'got an array'],
    [{ order: 'x'.repeat(100) }, 'order', `must be one of items, completion, got "${'x'.repeat(60)}…"`],
    [{ onProgress: {} }, 'onProgress', 'must be a function, got an object'],
    [{ signal: () => {} }, 'signal', 'must be an AbortSignal, got a function'],
    [{ signal: Symbol('s') }, 'signal', 'got Symbol(s)'],
    [{ extra: 'bad' }, 'extra', 'must not be bad, got "bad"'],
    [{ maxWorker: 1 }, 'maxWorker', 'thing: unknown option "maxWorker", did you mean "maxWorkers"?'],
    [{ MAXWORKERS: 1 }, 'MAXWORKERS', 'did you mean "maxWorkers"?'],
    [{ concurrency: 1 }, 'concurrency', 'thing: unknown option "concurrency"'],
    [JSON.parse('{"__proto__": {}}') as object, '__proto__', 'unknown option "__proto__"'],
    [{ toString: 1 }, 'toString', 'unknown option "toString"'],
  ])('%o', (given, key, text) => {
    let wrong: unknown;
    try {
      read(given);
    } catch (error) {
      wrong = error;
    }
    expect(wrong).toBeInstanceOf(Wrong);
    expect((wrong as Wrong).message).toContain(text);
    expect((wrong as Wrong).key).toBe(key);
  });

  test('and makes no suggestion where nothing is near', () => {
    expect(() => read({ concurrency: 1 })).toThrow(/"concurrency"$/);
  });

  test.each([[null], [5], ['text'], [[]], [() => {}]])('%o is no options object', (given) => {
    expect(() => read(given as never)).toThrow('thing: options must be an object, got');
  });
});

test('the types are those of the rules', () => {
  const types = () => {
    const options = read();
    expectTypeOf(options.maxWorkers).toEqualTypeOf<number>();
    expectTypeOf(options.name).toEqualTypeOf<string>();
    expectTypeOf(options.host).toEqualTypeOf<string | undefined>();
    expectTypeOf(options.order).toEqualTypeOf<'items' | 'completion'>();
    expectTypeOf(options.signal).toEqualTypeOf<AbortSignal | undefined>();
  };
  expect(types).toBeTypeOf('function');
});
