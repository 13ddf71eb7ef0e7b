// Peers that build.mjs makes, as contestants of the cases.
import type { Contestant } from '@perf/bench';

import { crateVersion, loadAddon, type Build, type ReadName, type ValidateName } from './addon.ts';
import { keyPath, loadNpmSimdjson, npmSimdjsonVersion } from './npm-simdjson.ts';
import { pathOf, type Path } from './path.ts';

type Validator = Contestant<Buffer, boolean>;
type Reader = Contestant<Buffer, unknown[]>;
type ValueReader = Contestant<Buffer, unknown>;

/** How every contestant of a library begins. */
const of = (library: string, version: string) => ({ package: library, version, optional: true }) as const;

const simdJson = of('simd-json', crateVersion('simd-json'));
const sonic = of('sonic-rs', crateVersion('sonic-rs'));
/** The version of the C++ sources, which `src/simdjson.cpp` asserts. */
const simdjson = of('C++ simdjson', '4.6.4');
const npmSimdjson = of('simdjson', npmSimdjsonVersion);

const validator = (call: ValidateName, build: Build) => (input: Buffer) => {
  const isValid = loadAddon(build)[call];
  return () => isValid(input);
};

/** Whether the bytes are a document. */
export const validators: readonly Validator[] = [
  { name: 'simd-json', ...simdJson, setup: validator('simdJsonIsValid', 'portable') },
  { name: 'sonic-rs', ...sonic, setup: validator('sonicIsValid', 'portable') },
  { name: 'sonic-rs, target-cpu=native', ...sonic, setup: validator('sonicIsValid', 'native') },
  { name: 'C++ simdjson', ...simdjson, setup: validator('simdjsonIsValid', 'portable') },
  {
    name: 'npm simdjson',
    ...npmSimdjson,
    setup: (input) => {
      const { isValid } = loadNpmSimdjson();
      return () => isValid(input.toString());
    },
  },
];

/** The values at some pointers of a document that was validated as a whole, in memory that is kept from run to run, or new in each. */
export function readers(pointers: readonly string[], keepMemory: boolean): readonly Reader[] {
  const reader = (call: ReadName, build: Build) => (input: Buffer) =>
    readBy(call, build, input, pathsOf(input, pointers), keepMemory);
  return [
    { name: 'simd-json', ...simdJson, setup: reader('simdJsonGet', 'portable') },
    { name: 'sonic-rs', ...sonic, setup: reader('sonicGet', 'portable') },
    { name: 'sonic-rs, target-cpu=native', ...sonic, setup: reader('sonicGet', 'native') },
    { name: 'C++ simdjson', ...simdjson, setup: reader('simdjsonGet', 'portable') },
    {
      name: 'npm simdjson lazyParse',
      ...npmSimdjson,
      setup: (input) => {
        const { lazyParse } = loadNpmSimdjson();
        const keyPaths = pathsOf(input, pointers).map(keyPath);
        return () => {
          const document = lazyParse(input.toString());
          return keyPaths.map((each) => document.valueForKeyPath(each));
        };
      },
    },
  ];
}

/** The value at one pointer, by a library that trusts what it walks over. */
export function uncheckedReaders(pointer: string): readonly ValueReader[] {
  const reader = (call: ReadName, build: Build) => (input: Buffer) => {
    const read = readBy(call, build, input, pathsOf(input, [pointer]), true);
    return () => read()[0];
  };
  return [
    { name: 'sonic-rs get_unchecked', ...sonic, setup: reader('sonicGetUnchecked', 'portable') },
    { name: 'sonic-rs get_unchecked, target-cpu=native', ...sonic, setup: reader('sonicGetUnchecked', 'native') },
    { name: 'C++ simdjson on demand', ...simdjson, setup: reader('simdjsonGetOnDemand', 'portable') },
    { name: 'C++ simdjson on demand, target-cpu=native', ...simdjson, setup: reader('simdjsonGetOnDemand', 'native') },
  ];
}

/** The same value of an open document again and again. */
export function openReaders(pointer: string): readonly ValueReader[] {
  return [
    {
      name: 'C++ simdjson at_pointer',
      ...simdjson,
      setup: (input) => {
        if (!loadAddon('portable').simdjsonIsValid(input)) throw new Error('refused');
        const read = readBy('simdjsonGetAgain', 'portable', input, pathsOf(input, [pointer]), true);
        return () => read()[0];
      },
    },
    {
      name: 'npm simdjson valueForKeyPath',
      ...npmSimdjson,
      setup: (input) => {
        const document = loadNpmSimdjson().lazyParse(input.toString());
        const [path] = pathsOf(input, [pointer]).map(keyPath);
        return () => document.valueForKeyPath(path);
      },
    },
  ];
}

function readBy(call: ReadName, build: Build, input: Buffer, paths: readonly Path[], keepMemory: boolean) {
  const addon = loadAddon(build);
  const query = addon.prepare(JSON.stringify(paths), keepMemory);
  const read = addon[call];
  return () => read(input, query);
}

function pathsOf(input: Buffer, pointers: readonly string[]): readonly Path[] {
  const document: unknown = JSON.parse(input.toString());
  return pointers.map((pointer) => pathOf(document, pointer));
}
