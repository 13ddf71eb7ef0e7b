import { open } from '../document/open.ts';
import type { Cursor, Document } from '../document/document.ts';
import { isValid } from '../validate.ts';
import { corpusFiles, whyNoCorpora } from './corpora.ts';
import { ACCEPTED, DOCUMENT } from './faults.ts';

/** Lengths of pieces: long enough for several blocks of 64 bytes, short enough for many mutations. */
const PIECE_BYTES = { least: 40, most: 1500 };
const PIECES_PER_FILE = 40;

let documents: readonly Buffer[] | undefined;

/** What mutations start from: the documents of the tables, the conformance suite, and pieces of the real ones. Made once. */
export function seedDocuments(): readonly Buffer[] {
  documents ??= makeSeeds();
  return documents;
}

function makeSeeds(): Buffer[] {
  const seeds = [DOCUMENT, ...ACCEPTED].map((text): Buffer => Buffer.from(text));
  if (whyNoCorpora() !== undefined) return seeds;
  const isShort = ({ bytes }: { readonly bytes: Buffer }): boolean => bytes.length <= PIECE_BYTES.most;
  seeds.push(
    ...corpusFiles('json-test-suite')
      .filter(isShort)
      .map(({ bytes }) => bytes),
  );
  for (const { bytes } of corpusFiles('json')) if (isValid(bytes)) seeds.push(...piecesOf(bytes));
  return seeds;
}

/** Arrays and objects of a length within the limits, spread over the document. */
function piecesOf(bytes: Buffer): Buffer[] {
  const document = open(bytes);
  const pieces = [...fitting(document, 0 as Cursor)];
  const step = Math.max(1, Math.floor(pieces.length / PIECES_PER_FILE));
  // Copies: slices would keep the file.
  return pieces.filter((_, place) => place % step === 0).map((piece) => Buffer.from(piece));
}

function* fitting(document: Document, at: Cursor): Generator<Uint8Array> {
  const piece = document.slice('', at) as Uint8Array;
  const { length } = piece;
  if (length < PIECE_BYTES.least || (piece[0] !== 0x7b && piece[0] !== 0x5b)) return;
  if (length <= PIECE_BYTES.most) yield piece;
  for (const inner of document.iterate('', at)) yield* fitting(document, inner);
}
