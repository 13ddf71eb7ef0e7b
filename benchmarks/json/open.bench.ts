import { bench, corpus } from '@perf/bench';
import type { BenchCase } from '@perf/bench';

import { openReaders, readers, uncheckedReaders } from './peers/contestants.ts';

/** Near the start, in the middle and at the end of each file. */
const pointers: Readonly<Record<string, readonly [string, string, string]>> = {
  twitter: ['/statuses/0/user/screen_name', '/statuses/50/text', '/search_metadata/count'],
  citm_catalog: ['/events/138586341/name', '/performances/100/eventId', '/venueNames/PLEYEL_PLEYEL'],
  'gsoc-2018': ['/1/name', '/600/sponsor/name', '/1200/author/name'],
  canada: ['/type', '/features/0/geometry/coordinates/100/5/0', '/features/0/geometry/coordinates/479/0/1'],
  mesh: ['/positions/100', '/indices/1000', '/influences/500/0'],
  marine_ik: ['/metadata/version', '/geometries/0/data/vertices/1000', '/animations/0/name'],
};

/** What the peers do: build the value, then follow the keys. */
function follow(root: unknown, pointer: string): unknown {
  let value = root;
  for (const key of pointer.split('/').slice(1)) value = (value as Record<string, unknown> | undefined)?.[key];
  return value;
}

const openCases = (['new', 'reused'] as const).flatMap((memory) =>
  Object.entries(pointers).map(([file, wanted]) =>
    bench({
      name: `open and read 3 values, ${memory} index, ${file}.json`,
      input: corpus(`json/${file}.json`),
      units: (input) => ({ name: 'bytes', count: input.length }),
      answer: (input) => {
        const value: unknown = JSON.parse(input.toString());
        return wanted.map((pointer) => follow(value, pointer));
      },
      ours: {
        name: 'open',
        package: '@perf/json',
        setup: async (input) => {
          const { DocumentIndex, open } = await import('@perf/json');
          const options = memory === 'new' ? undefined : { index: new DocumentIndex() };
          return () => open(input, options).getMany(wanted);
        },
      },
      peers: [
        {
          name: 'open in JavaScript',
          package: '@perf/json',
          setup: async (input) => {
            process.env.PERF_NATIVE = '0';
            const { DocumentIndex, open } = await import('@perf/json');
            const options = memory === 'new' ? undefined : { index: new DocumentIndex() };
            return () => open(input, options).getMany(wanted);
          },
        },
        {
          name: 'JSON.parse of toString()',
          setup: (input) => () => {
            const value: unknown = JSON.parse(input.toString());
            return wanted.map((pointer) => follow(value, pointer));
          },
        },
        ...readers(wanted, memory === 'reused'),
      ],
    }),
  ),
);

const TEXT = '/statuses/50/text';

/** The same value again and again: a compiled pointer remembers where it was, text is searched for each time. */
const readCases = (['text', 'compiled'] as const).map((kind) =>
  bench({
    name: `read ${TEXT} of an open twitter.json, pointer as ${kind}`,
    input: corpus('json/twitter.json'),
    units: () => ({ name: 'values', count: 1 }),
    answer: (input) => follow(JSON.parse(input.toString()), TEXT),
    ours: {
      name: kind === 'text' ? 'get by text' : 'get by a compiled pointer',
      package: '@perf/json',
      setup: async (input) => {
        const { open, pointer } = await import('@perf/json');
        const document = open(input);
        const given = kind === 'text' ? TEXT : pointer(TEXT);
        return () => document.get(given);
      },
    },
    peers: [
      ...(kind === 'text'
        ? []
        : [
            {
              name: 'get by text',
              package: '@perf/json',
              setup: async (input: Buffer) => {
                const { open } = await import('@perf/json');
                const document = open(input);
                return () => document.get(TEXT);
              },
            },
          ]),
      { name: 'JSON.parse and read', setup: (input) => () => follow(JSON.parse(input.toString()), TEXT) },
      ...openReaders(TEXT),
    ],
  }),
);

/** One value of each element: nothing is remembered here, so this is what searching costs. */
const eachCase = bench({
  name: 'retweet_count of the 100 statuses of an open twitter.json',
  input: corpus('json/twitter.json'),
  units: () => ({ name: 'values', count: 100 }),
  answer: (input) => {
    const { statuses } = JSON.parse(input.toString()) as { statuses: { retweet_count: number }[] };
    return statuses.reduce((sum, status) => sum + status.retweet_count, 0);
  },
  ours: {
    name: 'iterate and number by a compiled pointer',
    package: '@perf/json',
    setup: async (input) => {
      const { open, pointer } = await import('@perf/json');
      const document = open(input);
      const [statuses, count] = [pointer('/statuses'), pointer('/retweet_count')];
      return () => {
        let sum = 0;
        for (const status of document.iterate(statuses)) sum += document.number(count, status) ?? 0;
        return sum;
      };
    },
  },
  peers: [
    {
      name: 'iterate and number by text',
      package: '@perf/json',
      setup: async (input) => {
        const { open } = await import('@perf/json');
        const document = open(input);
        return () => {
          let sum = 0;
          for (const status of document.iterate('/statuses')) sum += document.number('/retweet_count', status) ?? 0;
          return sum;
        };
      },
    },
    {
      name: 'a loop over built objects',
      setup: (input) => {
        const { statuses } = JSON.parse(input.toString()) as { statuses: { retweet_count: number }[] };
        return () => {
          let sum = 0;
          for (const status of statuses) sum += status.retweet_count;
          return sum;
        };
      },
    },
  ],
});

/** One value and no check: where it stands decides. */
const trustCases = (['twitter', 'citm_catalog'] as const).flatMap((file) =>
  (['middle', 'end'] as const).map((place) => {
    const wanted = pointers[file][place === 'middle' ? 1 : 2];
    return bench({
      name: `one value unchecked, ${place} of ${file}.json`,
      input: corpus(`json/${file}.json`),
      units: (input) => ({ name: 'bytes', count: input.length }),
      answer: (input) => follow(JSON.parse(input.toString()), wanted),
      ours: {
        name: 'open with trust',
        package: '@perf/json',
        setup: async (input) => {
          const { open } = await import('@perf/json');
          return () => open(input, { trust: true }).get(wanted);
        },
      },
      peers: [
        {
          name: 'open',
          package: '@perf/json',
          setup: async (input) => {
            const { open } = await import('@perf/json');
            return () => open(input).get(wanted);
          },
        },
        {
          name: 'JSON.parse of toString()',
          setup: (input) => () => follow(JSON.parse(input.toString()), wanted),
        },
        ...uncheckedReaders(wanted),
      ],
    });
  }),
);

const cases: BenchCase[] = [...openCases, ...readCases, eachCase, ...trustCases];
export default cases;
