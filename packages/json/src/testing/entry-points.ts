// Every way into the package that gives a verdict on a document: a new one is added here, and then has to pass the conformance
// suite on every CPU path and in JavaScript.
import { isUtf8 } from 'node:buffer';
import { backend, javascript } from '../backend.ts';
import {
  columnsOf,
  DocumentIndex,
  decodeReasons,
  decoder,
  field,
  isValid,
  JsonError,
  open,
  parse,
  parseAsync,
  validate,
} from '../index.ts';
import type { Decoder } from '../index.ts';
import { openWith } from '../document/open.ts';
import { LINE_ENTRY_POINTS } from '../ndjson/testing/entry-points.ts';
import { STREAMED_ENTRY_POINTS } from '../stream/testing/entry-points.ts';
import type { EntryPoint } from './entry-point.ts';

const REFUSALS: ReadonlySet<string> = new Set(['ERR_PERF_JSON_SYNTAX', 'ERR_PERF_JSON_UTF8']);

/** Whether it comes to an end without an error of the document. */
function passes(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    return isRefusal(error);
  }
}

async function passesLater(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    return isRefusal(error);
  }
}

/** False for an error of the document; throws every other. */
function isRefusal(error: unknown): false {
  if (error instanceof JsonError && REFUSALS.has(error.code)) return false;
  throw error;
}

/** Text is always well-formed where bytes need not be. */
function ofText(accepts: (text: string) => boolean): (bytes: Buffer) => boolean {
  return (bytes) => isUtf8(bytes) && accepts(bytes.toString());
}

/** What documents have seldom enough: the verdict is about the rest of the message. */
const SCHEMA = { field: { path: 'field of the decoder', type: field.f64(), default: Number.NaN } };
const REASONS_OF_JSON = [decodeReasons.indexOf('syntax'), decodeReasons.indexOf('utf8')];

function decodes(read: Decoder<typeof SCHEMA>): (bytes: Buffer) => boolean {
  const record = read.record();
  return (bytes) => !REASONS_OF_JSON.includes(read.tryDecode(bytes, record));
}

function decodesInBatches(read: Decoder<typeof SCHEMA>): (bytes: Buffer) => boolean {
  const columns = columnsOf(read, 2);
  const refused = new Uint32Array(decodeReasons.length);
  return (bytes) => {
    columns.length = 0;
    refused.fill(0);
    // The message behind has to be read as if the one before had been right.
    if (read.decodeBatch([bytes, Buffer.from('{"field of the decoder":1}')], columns, refused) !== 2) return false;
    const isRefused = REASONS_OF_JSON.some((reason) => refused[reason] > 0);
    if (columns.fields.field[columns.length - 1] !== 1) throw new Error('the message behind is not in the columns');
    return !isRefused;
  };
}

/** A message of the schema with the document as a member that it does not name. */
const inMember = (document: Buffer): Buffer =>
  Buffer.concat([Buffer.from('{"field of the decoder":1,"other":'), document, Buffer.from('}')]);

/** Long enough for a thread; white space changes nothing. */
const SPACES = Buffer.alloc(2 ** 18, ' ');
const forThread = (document: Buffer): Buffer => Buffer.concat([document, SPACES]);

const general = decoder(SCHEMA, { codeGeneration: false });
const generated = decoder(SCHEMA);
const reused = new DocumentIndex();

export const ENTRY_POINTS: readonly EntryPoint[] = [
  { name: 'parse', accepts: (bytes) => passes(() => parse(bytes)) },
  { name: 'parse of text', accepts: ofText((text) => passes(() => parse(text))) },
  { name: 'parse, exact integers', accepts: (bytes) => passes(() => parse(bytes, { numbers: 'bigint-if-unsafe' })) },
  { name: 'parse, numbers as text', accepts: (bytes) => passes(() => parse(bytes, { numbers: 'string' })) },
  { name: 'parse, first of equal keys', accepts: (bytes) => passes(() => parse(bytes, { duplicateKeys: 'first' })) },
  { name: 'parse, without __proto__', accepts: (bytes) => passes(() => parse(bytes, { proto: 'remove' })) },
  { name: 'parseAsync', accepts: (bytes) => passesLater(() => parseAsync(bytes)) },
  { name: 'parseAsync, in a thread', around: forThread, accepts: (bytes) => passesLater(() => parseAsync(bytes)) },
  { name: 'isValid', accepts: (bytes) => isValid(bytes) },
  { name: 'isValid of text', accepts: ofText(isValid) },
  { name: 'validate', accepts: (bytes) => validate(bytes) === undefined },
  { name: 'validate of text', accepts: ofText((text) => validate(text) === undefined) },
  { name: 'open', accepts: (bytes) => passes(() => openWith(backend(), bytes)) },
  { name: 'open, indexed in JavaScript', accepts: (bytes) => passes(() => openWith(javascript, bytes)) },
  { name: 'open, index reused', accepts: (bytes) => passes(() => open(bytes, { index: reused })) },
  { name: 'decoder, general', accepts: decodes(general) },
  { name: 'decoder, general, in a member', around: inMember, accepts: decodes(general) },
  { name: 'decoder, generated', accepts: decodes(generated) },
  { name: 'decoder, generated, in a member', around: inMember, accepts: decodes(generated) },
  { name: 'decodeBatch', accepts: decodesInBatches(generated) },
  { name: 'decodeBatch, general', accepts: decodesInBatches(general) },
  { name: 'decodeBatch, general, in a member', around: inMember, accepts: decodesInBatches(general) },
  ...LINE_ENTRY_POINTS,
  ...STREAMED_ENTRY_POINTS,
];
