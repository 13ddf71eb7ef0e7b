import type * as Undici from 'undici';

// The dispatcher that the `fetch` of Node 22 and 24 uses. undici 8 takes this slot as well when it is loaded, and the
// user's own `fetch` would run on our undici from then on.
const FETCH_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

let loaded: typeof Undici | undefined;

/**
 * undici, loaded with the first pool instead of with this package, and without what loading it does to the built-in
 * `fetch`. Its own slot (`undici.globalDispatcher.2`) stays as it sets it: other users of undici 8 need it.
 *
 * By `require`, because the slot has to be read before undici runs, and imports run first.
 */
export function undici(): typeof Undici {
  if (loaded !== undefined) return loaded;
  const slots = globalThis as unknown as Record<symbol, unknown>;
  const before = slots[FETCH_DISPATCHER];
  const { createRequire } = process.getBuiltinModule('node:module');
  loaded = createRequire(import.meta.url)('undici') as typeof Undici;
  // The property is writable but cannot be removed again; `fetch` takes undefined for "not made yet".
  if (slots[FETCH_DISPATCHER] !== before) slots[FETCH_DISPATCHER] = before;
  return loaded;
}
