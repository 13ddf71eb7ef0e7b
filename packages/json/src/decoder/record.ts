import type { Plan, PlannedField } from './plan.ts';
import { newLevels, type Slots } from './read-value.ts';

/** A record of the plan's shape with nothing decoded into it yet. */
export function recordOf({ discriminator, kinds }: Plan): Slots {
  if (discriminator === undefined) return fieldsOf(kinds[0].fields);
  const record: Slots = { kind: kinds[0].kind };
  for (const { kind, fields } of kinds) record[kind] = fieldsOf(fields);
  return record;
}

function fieldsOf(fields: readonly PlannedField[]): Slots {
  const record: Slots = {};
  for (const { name, type } of fields) {
    switch (type.kind) {
      case 'bool':
        record[name] = false;
        break;
      case 'enum':
        record[name] = type.values[0];
        break;
      case 'text':
        record[name] = -1;
        break;
      case 'levels':
        record[name] = newLevels();
        break;
      case 'i64':
        record[name] = type.as === 'bigint' ? 0n : Number.NaN;
        break;
      default:
        // A double from the start: the property never changes its representation.
        record[name] = Number.NaN;
    }
  }
  return record;
}
