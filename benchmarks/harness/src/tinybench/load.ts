import { registerHooks } from 'node:module';

import type { BenchCase } from '../case.ts';
import { isNotFound } from '../versions.ts';
import { casesOfTinybench } from './cases.ts';
import { isTinybench, observe } from './observe.ts';

/** Stands for tinybench as the case file would find it. */
const THEIRS = 'perf-bench:tinybench';

/**
 * Loads a case file. Its cases are its default export: one, or an array, of `bench()` or of tinybench's `Bench`. Without one they are the tasks
 * of the instances of `Bench` that it made; nothing that it runs while it is loaded runs. Empty when there is none of this.
 */
export async function loadCaseFile(url: string): Promise<readonly BenchCase[]> {
  const theirs = await tinybenchOf(url);
  const seen = theirs === undefined ? undefined : observe(theirs.Bench);
  try {
    const loaded = (await import(url)) as { default?: unknown };
    const exported = loaded.default === undefined ? [] : [loaded.default].flat();
    const tinybenches = exported.filter(isTinybench);
    if (tinybenches.length > 0) {
      const others = exported.filter((each) => !isTinybench(each)) as BenchCase[];
      return [...others, ...casesOfTinybench(tinybenches, url)];
    }
    // A function or a promise beside a Bench says nothing of its own: a module in CommonJS, whose exports are its default.
    const cases = exported.filter((each) => typeof (each as BenchCase | null)?.ours === 'object') as BenchCase[];
    return cases.length > 0 ? cases : casesOfTinybench(seen?.benches ?? [], url);
  } catch (error) {
    // What follows a run is the printing of its results, of which there are none.
    if (seen?.ran === true) return casesOfTinybench(seen.benches, url);
    throw error;
  } finally {
    seen?.end();
  }
}

/** Undefined where the file has no tinybench to import. */
async function tinybenchOf(url: string): Promise<{ readonly Bench: { readonly prototype: object } } | undefined> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === THEIRS ? next('tinybench', { ...context, parentURL: url }) : next(specifier, context),
  });
  try {
    return (await import(THEIRS)) as { Bench: { prototype: object } };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  } finally {
    hooks.deregister();
  }
}
