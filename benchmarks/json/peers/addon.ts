// The libraries that npm does not have: the addon that build.mjs makes of `src/`.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { notBuilt } from './not-built.ts';

/** `portable` runs on every CPU of the architecture, `native` on those like the one that it was built on. */
export type Build = 'portable' | 'native';

/** What `prepare` returns. */
interface Query {
  readonly query: unique symbol;
}

type Validate = (bytes: Uint8Array) => boolean;
type Read = (bytes: Uint8Array, query: Query) => unknown[];

interface Addon {
  /** The Cargo.lock that it was built with. */
  readonly lockfile: string;
  /** Keys and indices of each path as JSON text; whether the library's memory is kept from one read to the next. */
  prepare(paths: string, keepMemory: boolean): Query;
  readonly simdJsonIsValid: Validate;
  readonly sonicIsValid: Validate;
  readonly simdjsonIsValid: Validate;
  readonly simdJsonGet: Read;
  readonly sonicGet: Read;
  readonly simdjsonGet: Read;
  readonly sonicGetUnchecked: Read;
  readonly simdjsonGetOnDemand: Read;
  /** From the document that `simdjsonIsValid` saw last; the bytes are not looked at. */
  readonly simdjsonGetAgain: Read;
}

type Named<Kind> = { [Key in keyof Addon]: Addon[Key] extends Kind ? Key : never }[keyof Addon];
export type ValidateName = Named<Validate>;
export type ReadName = Named<Read>;

const require = createRequire(import.meta.url);
const lockfile = readFileSync(new URL('Cargo.lock', import.meta.url), 'utf8');

/** The version of a crate in the addon. */
export function crateVersion(name: string): string {
  const version = new RegExp(`^name = "${name}"\\nversion = "(.+)"$`, 'm').exec(lockfile)?.[1];
  if (version === undefined) throw new Error(`${name} is not in Cargo.lock`);
  return version;
}

/** Throws what the harness takes for a peer that is not there. */
export function loadAddon(build: Build): Addon {
  if (!existsSync(new URL(`${build}.node`, import.meta.url))) throw notBuilt('not built');
  const addon = require(`./${build}.node`) as Addon;
  if (addon.lockfile !== lockfile) throw notBuilt('built with other versions');
  return addon;
}
