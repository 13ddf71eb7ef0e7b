import { Worker } from 'node:worker_threads';
import { JsonError } from '../errors.ts';
import type { JsonErrorCode } from '../errors.ts';
import { abortedError } from '../source/reading.ts';
import type { Reading } from '../source/reading.ts';
import type { ParseSettings } from './options.ts';

/** Sent to the thread: the memory goes with it. */
export interface ThreadRequest {
  readonly bytes: Uint8Array;
  readonly settings: ParseSettings;
}

/** A document with its index, as the thread has prepared it. */
export interface CheckedDocument {
  readonly bytes: Uint8Array;
  readonly offsets: Int32Array;
  readonly ends: Int32Array;
  readonly count: number;
  /** Entries of integers beyond ±(2^53 − 1). */
  readonly integers: Int32Array;
}

type Details = NonNullable<ConstructorParameters<typeof JsonError>[2]>;

/** What came of a request: errors of this package lose their class on the way, others arrive as they are. */
export type ThreadReply =
  | { readonly document: CheckedDocument }
  | { readonly refusal: { readonly code: JsonErrorCode; readonly message: string; readonly details: Details } }
  | { readonly failure: unknown };

interface Job {
  readonly request: ThreadRequest;
  readonly resolve: (document: CheckedDocument) => void;
  readonly reject: (error: unknown) => void;
}

/** A thread costs about 10 MB and 30 ms to start: kept for a burst, not for good. */
const IDLE_MS = 5000;

/**
 * One thread that checks documents one at a time, in the order in which they were given. Started by the first, ended when
 * there was none for five seconds; it keeps the process alive only while somebody waits for it.
 */
export class CheckingThread {
  readonly #entry: URL;
  readonly #idleMs: number;
  /** The first is being checked. */
  readonly #jobs: Job[] = [];
  /** Those whose promise is not settled: a job that was aborted goes on in the thread. */
  readonly #awaited = new Set<Job>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(entry: URL, idleMs: number = IDLE_MS) {
    this.#entry = entry;
    this.#idleMs = idleMs;
  }

  /** Whether there is a thread. */
  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  /**
   * Takes the memory of the bytes away. Rejects with what is wrong with the document, with `ERR_PERF_JSON_ABORTED` as soon as
   * the signal aborts, and with `ERR_PERF_JSON_THREAD` where the thread cannot be started or ends.
   */
  check(request: ThreadRequest, { caller, signal }: Reading): Promise<CheckedDocument> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        signal?.removeEventListener('abort', abort);
        this.#awaited.delete(job);
      };
      const job: Job = {
        request,
        resolve(document) {
          settle();
          resolve(document);
        },
        reject(error) {
          settle();
          reject(error);
        },
      };
      const abort = (): void => {
        job.reject(abortedError(caller, signal as AbortSignal));
        const place = this.#jobs.indexOf(job);
        // The first is in the thread.
        if (place > 0) this.#jobs.splice(place, 1);
        this.#keepAlive();
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#awaited.add(job);
      if (this.#jobs.push(job) === 1) this.#begin();
    });
  }

  /** Gives the first job to the thread, or lets the thread rest. */
  #begin(): void {
    clearTimeout(this.#idle);
    for (let job = this.#jobs[0]; job !== undefined; job = this.#jobs[0]) {
      try {
        this.#worker ??= this.#start();
        this.#worker.postMessage(job.request, [job.request.bytes.buffer as ArrayBuffer]);
        break;
      } catch (cause) {
        this.#jobs.shift();
        job.reject(lostError(cause));
      }
    }
    if (this.#jobs.length === 0 && this.#worker !== undefined) {
      this.#idle = setTimeout(() => this.#end(), this.#idleMs).unref();
    }
    this.#keepAlive();
  }

  #keepAlive(): void {
    if (this.#awaited.size > 0) this.#worker?.ref();
    else this.#worker?.unref();
  }

  #start(): Worker {
    // By way of a text, since a thread inherits `--input-type` from the process, which is refused beside a file.
    const worker = new Worker(`import(${JSON.stringify(this.#entry.href)})`, { eval: true, name: 'perf-json' });
    worker.on('message', (reply: ThreadReply) => this.#finish(reply));
    worker.on('messageerror', (cause) => this.#lose(worker, cause));
    worker.on('error', (cause) => this.#lose(worker, cause));
    worker.on('exit', (code) => this.#lose(worker, new Error(`it ended with exit code ${code}`)));
    return worker;
  }

  #finish(reply: ThreadReply): void {
    const job = this.#jobs.shift();
    if ('document' in reply) {
      job?.resolve(reply.document);
    } else if ('refusal' in reply) {
      const { code, message, details } = reply.refusal;
      job?.reject(new JsonError(code, message, details));
    } else {
      job?.reject(reply.failure);
    }
    this.#begin();
  }

  #lose(worker: Worker, cause: unknown): void {
    // Ended on purpose, or its error was the first to say so.
    if (worker !== this.#worker) return;
    this.#end();
    this.#jobs.shift()?.reject(lostError(cause));
    this.#begin();
  }

  #end(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    // Settles when the thread has ended, which nobody waits for.
    void worker?.terminate();
  }
}

function lostError(cause: unknown): JsonError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const advice = 'parse the document with parse() if it is still there';
  return new JsonError(
    'ERR_PERF_JSON_THREAD',
    `parseAsync: the thread that checks documents is gone (${reason}): ${advice}`,
    {
      cause,
    },
  );
}
