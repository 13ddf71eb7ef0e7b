import { ConcurrencyError } from './errors.ts';
import type { ConcurrencyErrorCode } from './errors.ts';

// Structured clone keeps of an error its message, its stack and one of seven names; `code`, other fields and other
// names are lost, and one field that cannot be cloned loses the whole error. So errors cross as plain data.

export type Fault = ErrorFault | ValueFault;

interface ErrorFault {
  readonly perfFault: 'error';
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly fields: Record<string, unknown>;
  readonly cause?: Fault;
  readonly errors?: readonly Fault[];
}

interface ValueFault {
  readonly perfFault: 'value';
  readonly value: unknown;
}

/** Chains of causes may be circular. */
const MAX_DEPTH = 8;
const BUILT_IN = new Map<string, new (message: string) => Error>(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((type) => [type.name, type]),
);

/** In the worker: anything that was thrown as data that can be cloned. Never throws. */
export function describeFault(thrown: unknown, depth = 0): Fault {
  try {
    if (!(thrown instanceof Error)) {
      return { perfFault: 'value', value: isCloneable(thrown) ? thrown : String(thrown) };
    }
    const fields: Record<string, unknown> = {};
    // A code may be an accessor of the prototype, as in DOMException.
    const { code } = thrown as { code?: unknown };
    if (typeof code === 'string' || typeof code === 'number') fields.code = code;
    for (const key of Object.keys(thrown)) {
      const value = (thrown as unknown as Record<string, unknown>)[key];
      if (key !== 'cause' && key !== 'errors' && isCloneable(value)) fields[key] = value;
    }
    const { name, message, stack } = thrown;
    const goesOn = depth < MAX_DEPTH;
    return {
      perfFault: 'error',
      name: String(name),
      message: String(message),
      stack: typeof stack === 'string' ? stack : undefined,
      fields,
      ...(goesOn && Object.hasOwn(thrown, 'cause') && { cause: describeFault(thrown.cause, depth + 1) }),
      ...(goesOn && hasErrors(thrown) && { errors: thrown.errors.map((one) => describeFault(one, depth + 1)) }),
    };
  } catch (error) {
    return { perfFault: 'value', value: `an error that cannot be described: ${String(error)}` };
  }
}

export function isFault(value: unknown): value is Fault {
  return typeof value === 'object' && value !== null && 'perfFault' in value;
}

/** In the caller's thread: the error again, with the worker's stack. */
export function rebuildFault(fault: Fault): unknown {
  if (fault.perfFault === 'value') return fault.value;
  const { name, message, stack, fields, cause, errors } = fault;
  const error = emptyError(name, message, fields.code);
  for (const [key, value] of Object.entries(fields)) define(error, key, value, true);
  if (error.name !== name) define(error, 'name', name, false);
  define(error, 'stack', stack, false);
  if (cause !== undefined) define(error, 'cause', rebuildFault(cause), false);
  if (errors !== undefined) define(error, 'errors', errors.map(rebuildFault), false);
  return error;
}

function emptyError(name: string, message: string, code: unknown): Error {
  if (name === 'ConcurrencyError') return new ConcurrencyError(code as ConcurrencyErrorCode, message);
  if (name === 'AggregateError') return new AggregateError([], message);
  return new (BUILT_IN.get(name) ?? Error)(message);
}

function define(error: Error, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
}

function hasErrors(error: Error): error is Error & { errors: unknown[] } {
  return Array.isArray((error as { errors?: unknown }).errors);
}

function isCloneable(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false;
  if (typeof value !== 'object' || value === null) return true;
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
