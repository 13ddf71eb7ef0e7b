import type { VerdictOptions } from './evidence.ts';

/** Launches of the first stage that the method was tried with. */
export const SCREEN_LAUNCHES = 6;

export const DEFAULTS: Required<VerdictOptions> = {
  threshold: 0.02,
  familyError: 0.01,
  watchRate: 0.1,
  confidence: 0.99,
  screenConfidence: 0.95,
  launches: 20,
  canaryHalfWidth: 0.02,
  strict: false,
  seed: 1,
};

/** Throws RangeError naming the option. */
export function complete(options: VerdictOptions): Required<VerdictOptions> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const all: Required<VerdictOptions> = { ...DEFAULTS, ...Object.fromEntries(given) };
  const check = (name: keyof VerdictOptions, valid: boolean, what: string): void => {
    if (!valid) throw new RangeError(`${name} ${all[name]}: must be ${what}`);
  };
  for (const name of ['familyError', 'watchRate', 'confidence', 'screenConfidence'] as const) {
    check(name, all[name] > 0 && all[name] < 1, 'between 0 and 1');
  }
  for (const name of ['threshold', 'canaryHalfWidth'] as const) {
    check(name, all[name] > 0 && Number.isFinite(all[name]), 'above 0');
  }
  check('launches', Number.isInteger(all.launches) && all.launches >= 4, 'a whole number from 4 on');
  check('seed', Number.isSafeInteger(all.seed), 'a whole number');
  return all;
}
