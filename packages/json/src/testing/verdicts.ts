// A program: runs every entry point over the conformance suite, the corpora and mutations of both, and prints one line of
// JSON. `backends.test.ts` starts it once per backend and compares the lines.
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isValid, jsonBackend, JsonError, open, parse, validate } from '../index.ts';
import { corpusFiles, whyNoCorpora } from './corpora.ts';
import { ACCEPTED, DOCUMENT, FAULTS } from './faults.ts';
import { mutate, randomBelow } from './random.ts';

/** What a run prints. */
export interface Verdicts {
  readonly backend: string;
  readonly documents: number;
  /** Conformance files accepted among `y_` and refused among `n_`. */
  readonly conformance: { readonly accepted: number; readonly refused: number };
  /** Names of documents on which an entry point differed from the engine, at most ten. */
  readonly mismatches: readonly string[];
  /** Digest of all codes, offsets, lines and columns: the same for every backend. */
  readonly digest: string;
}

const MUTATIONS = Number(process.argv[2] ?? 2000);

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const digest = createHash('sha256');
const mismatches: string[] = [];
const conformance = { accepted: 0, refused: 0 };
let documents = 0;

function engine(bytes: Buffer): { ok: boolean; value?: unknown } {
  try {
    return { ok: true, value: JSON.parse(decoder.decode(bytes)) };
  } catch {
    return { ok: false };
  }
}

function outcome(run: () => unknown): { value?: unknown; error?: JsonError } {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof JsonError) return { error };
    throw error;
  }
}

function describe(error: JsonError | undefined): string {
  return error === undefined ? 'ok' : `${error.code} ${error.byteOffset} ${error.line} ${error.column}`;
}

function check(name: string, bytes: Buffer): boolean {
  documents++;
  const expected = engine(bytes);
  const parsed = outcome(() => parse(bytes));
  const found = validate(bytes);
  const verdict = describe(found);
  let same =
    isValid(bytes) === expected.ok && verdict === describe(parsed.error) && (found === undefined) === expected.ok;
  // Comparing values recurses, so the very deep ones are left at the verdict.
  if (expected.ok && bytes.length < 100_000) same &&= isDeepStrictEqual(parsed.value, expected.value);
  const opened = outcome(() => open(bytes).slice('')?.toString());
  same &&= describe(opened.error) === verdict && (!expected.ok || opened.value === bytes.toString().trim());
  const limited = outcome(() => parse(bytes, { maxDepth: 5 }));
  same &&= describe(limited.error) === describe(validate(bytes, { maxDepth: 5 }));
  if (isText(bytes)) {
    const text = bytes.toString();
    same &&= isValid(text) === expected.ok && describe(validate(text)) === verdict;
    same &&= describe(outcome(() => parse(text)).error) === verdict;
  }
  if (!same && mismatches.length < 10) mismatches.push(name);
  digest.update(`${verdict}\n${describe(limited.error)}\n`);
  return expected.ok;
}

function isText(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString()).equals(bytes);
}

const seeds: Buffer[] = [DOCUMENT, ...ACCEPTED].map((text) => Buffer.from(text));
for (const [input] of FAULTS) check(`fault ${JSON.stringify(input)}`, Buffer.from(input, 'latin1'));
for (const bytes of seeds) check(bytes.toString(), bytes);
if (whyNoCorpora() === undefined) {
  for (const { name, bytes } of corpusFiles('json-test-suite')) {
    const accepted = check(name, bytes);
    if (name.startsWith('y_') && accepted) conformance.accepted++;
    if (name.startsWith('n_') && !accepted) conformance.refused++;
    if (bytes.length < 1000) seeds.push(bytes);
  }
  for (const { name, bytes } of corpusFiles('json')) {
    check(name, bytes);
    // The start of a real file, and a piece out of its middle that is refused early: both are cheap to mutate.
    seeds.push(Buffer.from(bytes.subarray(0, 700)));
    if (bytes.length < 20_000) seeds.push(bytes);
  }
}
const below = randomBelow(20_261_120);
for (let round = 0; round < MUTATIONS; round++) check(`mutation ${round}`, mutate(seeds[below(seeds.length)], below));

const verdicts: Verdicts = { backend: jsonBackend(), documents, conformance, mismatches, digest: digest.digest('hex') };
process.stdout.write(`${JSON.stringify(verdicts)}\n`);
