// What runs in the thread of `parseAsync`: it checks documents one after another, and sends their indexes back.
import { parentPort } from 'node:worker_threads';
import { backend } from '../backend.ts';
import { JsonError } from '../errors.ts';
import { prepareIndexed } from './prepare.ts';
import { sourceOf } from './source.ts';
import type { CheckedDocument, ThreadReply, ThreadRequest } from './thread.ts';

/** Smaller Buffers may be a part of memory that others use too. */
const MIN_OWN_BYTES = 65_536;

function check({ bytes, settings }: ThreadRequest): CheckedDocument {
  const prepared = prepareIndexed(sourceOf(bytes, settings, 'parseAsync'), settings, backend());
  const { offsets, ends, count } = prepared.index;
  return {
    bytes: prepared.bytes.length < MIN_OWN_BYTES ? new Uint8Array(prepared.bytes) : prepared.bytes,
    offsets,
    ends,
    count,
    integers: Int32Array.from(prepared.integers),
  };
}

function replyTo(request: ThreadRequest): [reply: ThreadReply, transfer: ArrayBuffer[]] {
  try {
    const document = check(request);
    const { bytes, offsets, integers } = document;
    // `ends` is on the memory of `offsets`.
    const memory = [bytes, offsets, integers].map((array) => array.buffer as ArrayBuffer);
    return [{ document }, memory];
  } catch (error) {
    if (!(error instanceof JsonError)) return [{ failure: error }, []];
    const { code, message, ...details } = error;
    return [{ refusal: { code, message, details } }, []];
  }
}

parentPort?.on('message', (request: ThreadRequest) => {
  const [reply, transfer] = replyTo(request);
  parentPort?.postMessage(reply, transfer);
});
