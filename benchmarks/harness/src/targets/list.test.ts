import { expect, test } from 'vitest';

import { UsageError } from '../command.ts';
import { temporaryRoot } from '../temporary-root.ts';
import { parseTargets, readTargets } from './list.ts';

const good = { case: 'a', peer: 'b', metric: 'time', atLeast: 1.3 };

test('reads a list, with or without sources', () => {
  const list = [good, { ...good, metric: 'cpu', source: 'a note' }];
  expect(parseTargets(JSON.stringify(list), 'x')).toEqual(list);
});

test('a package without a list has none', () => {
  expect(readTargets(temporaryRoot({}), 'demo')).toBeUndefined();
});

test.each([
  ['{', /^x: /],
  ['{}', /x: must be an array/],
  ['[1]', /x: target 1: must be an object/],
  [JSON.stringify([{ ...good, atleast: 1 }]), /target 1: unknown key "atleast"/],
  [JSON.stringify([good, { ...good, metric: 'speed' }]), /target 2: unknown metric "speed"; there are time, cpu/],
  [JSON.stringify([{ ...good, case: '' }]), /target 1: case must be a name/],
  [JSON.stringify([{ ...good, peer: 1 }]), /target 1: peer must be a name/],
  [JSON.stringify([{ ...good, atLeast: 0 }]), /atLeast must be a number above 0/],
  [JSON.stringify([{ ...good, atLeast: '2' }]), /atLeast must be a number above 0/],
  [JSON.stringify([{ ...good, source: 1 }]), /source must be text/],
  [JSON.stringify([good, { ...good, atLeast: 2 }]), /target 2: a second target/],
])('refuses %s', (text, message) => {
  expect(() => parseTargets(text, 'x')).toThrow(UsageError);
  expect(() => parseTargets(text, 'x')).toThrow(message);
});
