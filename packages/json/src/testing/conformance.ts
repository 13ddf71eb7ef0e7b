// A program: asks every entry point about the conformance suite and other hard documents, and prints one line of JSON.
// `conformance.test.ts` starts it once per backend.
import { jsonBackend } from '../backend.ts';
import { corpusFiles, whyNoCorpora } from './corpora.ts';
import { engineAccepts } from './engine.ts';
import type { EntryPoint } from './entry-point.ts';
import { ENTRY_POINTS } from './entry-points.ts';
import { ACCEPTED, DOCUMENT, FAULTS } from './faults.ts';
import { LEFT_OPEN } from './left-open.ts';

/** What an entry point said. */
export interface Answers {
  readonly name: string;
  /** Files of the suite: of the `y_` those accepted, of the `n_` those refused. */
  readonly accepted: number;
  readonly refused: number;
  /** Documents on which it differs from the engine, at most ten. */
  readonly differences: readonly string[];
}

export interface Conformance {
  readonly backend: string;
  readonly answers: readonly Answers[];
}

interface Named {
  readonly name: string;
  readonly bytes: Buffer;
}

const DEPTH = 100_000;
/** Of a document that is longer than this, not every size of piece is tried. */
const EVERY_SIZE_BYTES = 200;

function suite(): Named[] {
  return whyNoCorpora() === undefined ? corpusFiles('json-test-suite') : [];
}

function* tables(): Generator<Named> {
  for (const [input] of FAULTS) yield { name: `fault ${JSON.stringify(input)}`, bytes: Buffer.from(input, 'latin1') };
  for (const text of [DOCUMENT, ...ACCEPTED]) yield { name: text, bytes: Buffer.from(text) };
  for (const input of LEFT_OPEN)
    yield { name: `left open ${JSON.stringify(input)}`, bytes: Buffer.from(input, 'latin1') };
}

/** No byte, each single byte, and pairs of those that mean something. */
function* shortest(): Generator<Named> {
  const named = (...bytes: number[]): Named => ({ name: `bytes ${bytes.join(' ')}`, bytes: Buffer.from(bytes) });
  yield named();
  for (let byte = 0; byte < 256; byte++) yield named(byte);
  const telling = Buffer.from('{}[]",:\\ 01-t\0\xc3\xa9\xff', 'latin1');
  for (const first of telling) for (const second of telling) yield named(first, second);
}

/** Deeper than any stack. */
function* deep(): Generator<Named> {
  const pairs = { arrays: ['[', ']'], objects: ['{"a":', '}'], both: ['[{"a":', '}]'] };
  for (const [name, [opening, closing]] of Object.entries(pairs)) {
    const [head, tail] = [opening.repeat(DEPTH), closing.repeat(DEPTH)];
    yield { name: `${name}, closed`, bytes: Buffer.from(`${head}1${tail}`) };
    yield { name: `${name}, open`, bytes: Buffer.from(head) };
    yield { name: `${name}, one too many`, bytes: Buffer.from(`${head}1${tail}${closing}`) };
    yield { name: `${name}, one too few`, bytes: Buffer.from(`${head}1${tail.slice(closing.length)}`) };
    const half = tail.length / 2;
    const wrong = `${head}1${tail.slice(0, half)})${tail.slice(half + 1)}`;
    yield { name: `${name}, one wrong in the middle`, bytes: Buffer.from(wrong) };
  }
}

function chunkSizes(length: number): number[] {
  if (length > EVERY_SIZE_BYTES) return [Math.max(61, Math.ceil(length / 500)), 4096, length];
  return Array.from({ length: Math.max(1, length) }, (_, size) => size + 1);
}

async function ask(point: EntryPoint, documents: readonly Named[]): Promise<Answers> {
  const differences: string[] = [];
  let accepted = 0;
  let refused = 0;
  for (const { name, bytes: document } of documents) {
    const bytes = point.around?.(document) ?? document;
    const expected = engineAccepts(bytes);
    let isSame = true;
    for (const size of point.isChunked === true ? chunkSizes(bytes.length) : [bytes.length]) {
      if ((await point.accepts(bytes, size)) === expected) continue;
      isSame = false;
      if (differences.length < 10) differences.push(`${name}, ${size} bytes at a time`);
    }
    if (isSame && expected && name.startsWith('y_')) accepted++;
    if (isSame && !expected && name.startsWith('n_')) refused++;
  }
  return { name: point.name, accepted, refused, differences };
}

const documents = [...suite(), ...tables(), ...shortest(), ...deep()];
const answers: Answers[] = [];
for (const point of ENTRY_POINTS) answers.push(await ask(point, documents));
const result: Conformance = { backend: jsonBackend(), answers };
process.stdout.write(`${JSON.stringify(result)}\n`);
