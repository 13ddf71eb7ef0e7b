import { JsonError } from '../errors.ts';
import type { PlannedField } from '../decoder/plan.ts';

/** A value of a row, and the bytes between it and the value before. */
export interface Place {
  readonly field: PlannedField;
  /** `{"data":{"price":` or `,"quantity":` */
  readonly before: Uint8Array;
}

/** What stands around the values of a row, which is the same in all rows. */
export interface Layout {
  readonly places: readonly Place[];
  /** `}}` and what ends a row. */
  readonly after: Uint8Array;
}

/** A key of the objects that the rows are, with its value or the keys below it. */
interface Member {
  readonly key: string;
  readonly members: Member[];
  field: PlannedField | undefined;
}

/**
 * Lays out rows: an object per row, whose members stand in the order of the first field that needs them. `lead` and `tail`
 * go around it. Throws `ERR_PERF_JSON_OPTION` where two fields want one place, which is fine for reading alone.
 */
export function layoutOf(fields: readonly PlannedField[], lead: string, tail: string, caller: string): Layout {
  const root: Member = { key: '', members: [], field: undefined };
  for (const field of fields) add(root, field, caller);
  const encoder = new TextEncoder();
  const places: Place[] = [];
  let run = lead;
  object(root);
  return { places, after: encoder.encode(run + tail) };

  function object({ members }: Member): void {
    run += '{';
    for (const [index, member] of members.entries()) {
      run += `${index === 0 ? '' : ','}${JSON.stringify(member.key)}:`;
      if (member.field === undefined) {
        object(member);
      } else {
        places.push({ field: member.field, before: encoder.encode(run) });
        run = '';
      }
    }
    run += '}';
  }
}

function add(root: Member, field: PlannedField, caller: string): void {
  let at = root;
  for (const key of field.path) {
    if (at.field !== undefined) throw taken(at.field, field, caller);
    let member = at.members.find((candidate) => candidate.key === key);
    if (member === undefined) {
      member = { key, members: [], field: undefined };
      at.members.push(member);
    }
    at = member;
  }
  const other = at.field ?? firstField(at);
  if (other !== undefined) throw taken(other, field, caller);
  at.field = field;
}

function firstField({ members }: Member): PlannedField | undefined {
  for (const member of members) return member.field ?? firstField(member);
  return undefined;
}

function taken(one: PlannedField, other: PlannedField, caller: string): JsonError {
  const paths = `${JSON.stringify(one.path)} and ${JSON.stringify(other.path)}`;
  return new JsonError(
    'ERR_PERF_JSON_OPTION',
    `${caller}: fields "${one.name}" and "${other.name}" cannot both be written at ${paths}: give the writer a schema with one of them`,
  );
}
