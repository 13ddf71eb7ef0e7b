// Preloaded by `--import` into each side's process, and by inheritance into its workers and child processes.
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

import { RESOLUTION, resolveForSide, type Resolution } from './resolution.ts';

const resolution = JSON.parse(process.env[RESOLUTION]!) as Resolution;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const seen: { result?: ReturnType<typeof nextResolve> } = {};
    const url = resolveForSide(resolution, specifier, context.parentURL, (what, parentURL) => {
      // What was moved to the side is a URL, and `require` takes paths.
      const required = what.startsWith('file:') && context.conditions.includes('require');
      seen.result = nextResolve(required ? fileURLToPath(what) : what, { ...context, parentURL });
      return seen.result.url;
    });
    return { ...seen.result!, url, shortCircuit: true };
  },
});
