import { JsonError } from '../errors.ts';
import type { JsonPosition } from '../errors.ts';
import { placeOf, positionOf } from '../report.ts';
import type { Refusal } from './general.ts';
import type { Plan } from './plan.ts';
import { skipValue } from './locate.ts';
import { decodeReasons, KIND, MISSING } from './reasons.ts';
import type { FieldType } from './types.ts';

const MAX_SHOWN = 60;

/** The error for a message that is JSON and not what the schema says. */
export function decodeError(
  message: Buffer,
  reason: number,
  { field, entry, at, kind }: Refusal,
  start: number,
  plan: Plan,
  origin: JsonPosition,
): JsonError {
  const position = positionOf(message, at - start, origin);
  const found = reason === MISSING ? 'nothing' : shown(message, at - start);
  let name: string;
  let expected: string;
  if (field === undefined) {
    name = (plan.discriminator?.path ?? []).join('.');
    expected = `one of ${plan.kinds.map(({ kind }) => JSON.stringify(kind)).join(', ')}`;
  } else {
    name = kind === undefined || kind.kind === '' ? field.name : `${kind.kind}.${field.name}`;
    expected = words(field.type);
  }
  const what = reason === KIND ? `message kind at "${name}"` : `field "${name}"`;
  const which = entry < 0 ? '' : ` (entry ${entry})`;
  const why = decodeReasons[reason];
  const where = `at ${placeOf(position)}`;
  return new JsonError(
    'ERR_PERF_JSON_DECODE',
    `${what}${which}: expected ${expected}, found ${found} ${where}: ${ADVICE[why] ?? 'compare the schema with the message'}`,
    { ...position, reason: why, field: name, expected, found },
  );
}

const ADVICE: Readonly<Record<string, string>> = {
  missing: 'give the field a default if it may be absent',
  number: 'the text is no decimal number',
  precision: 'it is finer than the scale',
  range: 'it is beyond what is exact there',
  negative: 'mark the field as signed if that is right',
  unknown: 'the text, or its scale, is not known',
  limit: 'raise maxLevels or maxTextEntries if the source is trusted',
  kind: 'add the kind to the union, or ignore such messages',
};

function words(type: FieldType): string {
  switch (type.kind) {
    case 'f64':
      return 'a number';
    case 'i64':
      return type.as === 'bigint' ? 'an integer of 64 bits' : 'a safe integer';
    case 'count':
      return `a ${type.signed ? '' : 'non-negative '}multiple of ${scaleWords(type.scale)}`;
    case 'bool':
      return 'true or false';
    case 'enum':
      return `one of ${type.values
        .slice(0, 8)
        .map((value) => JSON.stringify(value))
        .join(', ')}`;
    case 'text':
      return type.dictionary.closed ? 'a text of the dictionary' : 'a text';
    case 'levels':
      return `[price, quantity] pairs of multiples of ${scaleWords(type.price.scale)} and ${scaleWords(type.quantity.scale)}`;
  }
}

function scaleWords(scale: unknown): string {
  if (typeof scale === 'number') return `10^-${scale}`;
  if (typeof scale === 'string') return scale;
  if (typeof scale === 'object' && scale !== null && 'by' in scale) return `the scale of its ${String(scale.by)}`;
  const { decimals, step } = scale as { decimals: number; step: number };
  return `${step}/10^${decimals}`;
}

function shown(message: Buffer, at: number): string {
  if (at >= message.length) return 'nothing';
  const after = skipValue(message, at, message.length);
  const end = after < 0 ? message.length : after;
  const text = message.toString('utf8', at, Math.min(end, at + MAX_SHOWN));
  return end > at + MAX_SHOWN ? `${text}…` : text;
}
