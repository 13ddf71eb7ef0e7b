import { bench, corpus } from '@perf/bench';
import type { BenchCase } from '@perf/bench';

const files = ['twitter', 'citm_catalog', 'canada'];

/** Where every key and value stands, into arrays that are used again. */
const indexes: BenchCase[] = files.map((file) =>
  bench({
    name: `index ${file}.json`,
    input: corpus(`json/${file}.json`),
    units: (input) => ({ name: 'bytes', count: input.length }),
    answer: () => true,
    ours: {
      name: 'indexJson',
      package: '@perf/native',
      setup: async (input) => {
        const { indexJson } = await import('@perf/native');
        const offsets = new Uint32Array((input.length + 1) >> 1);
        const ends = new Uint32Array(offsets.length);
        return () => indexJson(input, 0xffff_ffff, offsets, ends) > 0;
      },
    },
    peers: [{ name: 'JSON.parse of toString()', setup: (input) => () => JSON.parse(input.toString()) !== undefined }],
  }),
);

const paths = [
  { file: 'twitter', place: 'middle', path: ['statuses', 50, 'text'] },
  { file: 'twitter', place: 'end', path: ['search_metadata', 'count'] },
  { file: 'citm_catalog', place: 'middle', path: ['performances', 100, 'id'] },
  { file: 'citm_catalog', place: 'end', path: ['venueNames', 'PLEYEL_PLEYEL'] },
] as const;

/** One value of a document that is taken on trust. */
const searches: BenchCase[] = paths.map(({ file, place, path }) => {
  const valueIn = (text: string): unknown => {
    let value = JSON.parse(text) as unknown;
    for (const key of path) value = (value as Record<string | number, unknown>)[key];
    return value;
  };
  return bench({
    name: `find in ${file}.json, ${place}`,
    input: corpus(`json/${file}.json`),
    units: (input) => ({ name: 'bytes', count: input.length }),
    answer: (input) => valueIn(input.toString()),
    ours: {
      name: 'findJsonValue + JSON.parse of the span',
      package: '@perf/native',
      setup: async (input) => {
        const { findJsonValue } = await import('@perf/native');
        const pointer = Buffer.from(path.map((key) => `/${key}`).join(''));
        const span = new Uint32Array(2);
        return () =>
          findJsonValue(input, pointer, span)
            ? (JSON.parse(input.toString('utf8', span[0], span[1])) as unknown)
            : undefined;
      },
    },
    peers: [{ name: 'JSON.parse of toString()', setup: (input) => () => valueIn(input.toString()) }],
  });
});

const cases: BenchCase[] = [...indexes, ...searches];
export default cases;
