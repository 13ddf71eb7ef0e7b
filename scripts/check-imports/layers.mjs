// The layers of ARCHITECTURE.md as data. A package reaches neither up nor sideways; widening a line is a decision to
// write down in the package's design.md.

/** Published package → the published packages that its sources may import. */
export const MAY_IMPORT = {
  '@perf/native': [],
  '@perf/structures': [],
  '@perf/profiling': [],
  '@perf/json': ['@perf/native'],
  '@perf/concurrency': [],
  '@perf/http': ['@perf/json'],
  '@perf/monitor': [
    '@perf/native',
    '@perf/structures',
    '@perf/profiling',
    '@perf/json',
    '@perf/concurrency',
    '@perf/http',
  ],
};

/** Private, bundled into each dist. */
export const INTERNAL = '@perf/internal';

/** The one crate that knows napi, and the one cdylib. */
export const BINDING_CRATE = 'perf_node';

export const RULES = {
  layers: 'a package imports only packages of lower layers (scripts/check-imports/layers.mjs)',
  bench: 'published packages do not know the benchmarks or their harness',
  bundled: '@perf/internal is bundled: it stands in devDependencies and never in what is published',
  deep: 'another package is imported by its name and one of its exports, never by a path into its folder (tests and benchmarks: except src/testing)',
  declared:
    'published sources import only what their package.json lists in dependencies, peerDependencies or optionalDependencies',
  napi: `${BINDING_CRATE} is the only crate that knows napi`,
  parse: 'the file cannot be parsed',
};

/** Tests, fuzz targets and what only they use may import across layers. */
export function isTestFile(file) {
  return (
    /\.(?:test|fuzz|bench)\.(?:d\.)?[cm]?[jt]s(?:\.map)?$/.test(file) || /(?:^|\/)(?:testing|fixtures)\//.test(file)
  );
}
