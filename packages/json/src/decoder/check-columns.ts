import { types } from 'node:util';
import { JsonError } from '../errors.ts';
import { isGone } from '../input.ts';
import type { FieldType } from './types.ts';

interface NamedField {
  readonly name: string;
  readonly type: FieldType;
}

/**
 * Throws `ERR_PERF_JSON_INPUT` unless every field has a column of its type with at least `rows` rows: arrays that were
 * detached, or whose buffer has shrunk, have none, and would swallow what is stored. O(fields).
 */
export function checkColumns(
  columns: Readonly<Record<string, unknown>>,
  fields: readonly NamedField[],
  rows: number,
  caller: string,
): void {
  for (const { name, type } of fields) {
    const fault = columnFault(type, columns[name], rows);
    if (fault !== undefined) throw new JsonError('ERR_PERF_JSON_INPUT', `${caller}: field "${name}" needs ${fault}`);
  }
}

function columnFault(type: FieldType, column: unknown, length: number): string | undefined {
  switch (type.kind) {
    case 'bool':
    case 'enum':
      return arrayFault('Uint8Array', types.isUint8Array(column), column, length);
    case 'text':
      return arrayFault('Int32Array', types.isInt32Array(column), column, length);
    case 'levels': {
      const { ticks, lots, starts } = (column ?? {}) as { ticks?: unknown; lots?: unknown; starts?: unknown };
      const isLevels = [ticks, lots].every((array) => types.isFloat64Array(array) && !isGone(array));
      return isLevels
        ? arrayFault('{ starts } as a Uint32Array', types.isUint32Array(starts), starts, length + 1)
        : '{ ticks, lots, starts } with two Float64Arrays';
    }
    case 'i64':
      if (type.as === 'bigint') return arrayFault('BigInt64Array', types.isBigInt64Array(column), column, length);
      return arrayFault('Float64Array', types.isFloat64Array(column), column, length);
    default:
      return arrayFault('Float64Array', types.isFloat64Array(column), column, length);
  }
}

function arrayFault(name: string, isOne: boolean, column: unknown, atLeast: number): string | undefined {
  if (isOne && (column as { readonly length: number }).length >= atLeast) return undefined;
  return `${name.startsWith('{') ? '' : 'a '}${name} of at least ${atLeast} elements`;
}
