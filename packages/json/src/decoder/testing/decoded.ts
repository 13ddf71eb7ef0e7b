import { decodeReasons } from '../reasons.ts';
import type { AnySchema, FieldType, Levels, Schema } from '../types.ts';
import { isUnion } from '../types.ts';
import type { NaiveResult } from './naive-decode.ts';

/** What a decoder said and holds, in the shape of the naive twin. */
export function decoded(schema: AnySchema, reason: number, record: object): NaiveResult {
  const name = decodeReasons[reason];
  if (name !== 'ok') return { reason: name };
  const kind = isUnion(schema) ? (record as { kind: string }).kind : '';
  const fields: Schema = isUnion(schema) ? schema.kinds[kind] : schema;
  const values = (isUnion(schema) ? (record as Record<string, object>)[kind] : record) as Record<string, unknown>;
  const seen = Object.entries(fields).map(([field, { type }]) => [field, seenAs(type, values[field])] as const);
  return { reason: name, kind, values: Object.fromEntries(seen) };
}

function seenAs(type: FieldType, value: unknown): unknown {
  if (type.kind === 'text') return type.dictionary.textOf(value as number) ?? value;
  if (type.kind !== 'levels') return value;
  const { ticks, lots, length } = value as Levels;
  return Array.from({ length }, (_, index) => [ticks[index], lots[index]]);
}
