// Threads at work while a process or a worker ends: `node in-flight.ts settle`, `exit`, or `terminate`.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { prepareJsonRows } from '../json-rows.ts';

const ROWS = 100_000;
const NONE = [0, 1, 0, 0];
/** A double under "p". */
const WORDS = Int32Array.of(1, 1, 0, 1, 0, 0, 0, 0, 0, ...NONE, ...NONE, 1, 1, 0, 0);

function start(): Promise<number> {
  const line = Buffer.from('{"p":12345.678901234567,"q":[1,2,3,4,5,6,7,8]}\n');
  const bytes = new Uint8Array(new SharedArrayBuffer(line.length * ROWS));
  for (let at = 0; at < bytes.length; at += line.length) bytes.set(line, at);
  const prices = new Float64Array(new SharedArrayBuffer(8 * ROWS));
  const control = Float64Array.of(0, bytes.length, 0, ROWS, 1000);
  return prepareJsonRows(WORDS, Buffer.from('p')).decodeLinesAsync(bytes, control, [prices]);
}

async function main(): Promise<void> {
  const settled = [start(), start(), start()];
  if (!isMainThread) {
    parentPort?.postMessage('started');
    return;
  }
  const [, , what] = process.argv;
  if (what === 'exit') process.exit(0);
  const workers = what === 'terminate' ? 5 : 0;
  for (let round = 0; round < workers; round++) {
    const worker = new Worker(new URL(import.meta.url));
    // oxlint-disable-next-line no-await-in-loop -- one worker after the other
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    // oxlint-disable-next-line no-await-in-loop -- as above
    await worker.terminate();
  }
  // Nothing else keeps the process.
  process.stdout.write(`settled ${(await Promise.all(settled)).join()}`);
}

await main();
