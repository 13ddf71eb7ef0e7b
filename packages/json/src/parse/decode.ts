import { JsonError } from '../errors.ts';

/** The text of well-formed UTF-8. Throws `ERR_PERF_JSON_SIZE` where it would be longer than strings can be. */
export function decode(bytes: Buffer, from = 0, end: number = bytes.length): string {
  try {
    // Without arguments, less is done before the decoding: it shows in messages of a few bytes.
    return end - from === bytes.length ? bytes.toString() : bytes.toString('utf8', from, end);
  } catch (cause) {
    const advice = 'the engine cannot hold them as a string';
    throw new JsonError('ERR_PERF_JSON_SIZE', `the input has ${end - from} bytes in one piece: ${advice}`, { cause });
  }
}
