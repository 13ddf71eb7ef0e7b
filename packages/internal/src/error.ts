/** What every error of a Perf package carries beside its message. */
export interface CodedError extends Error {
  readonly code: string;
}

/** `Fields` are copied onto the error as own, enumerable properties; `cause` goes where the language puts it. */
export type ErrorDetails<Fields> = Fields & { readonly cause?: unknown };

/** The shape that {@link errorClass} returns. Packages restate it in their own public types. */
export type ErrorClass<Code extends string, Fields extends object, Instance extends Error> = {
  new (code: Code, message: string, details?: ErrorDetails<Fields>): Instance;
  readonly prototype: Instance;
};

/**
 * Builds the one error class of a package: `new JsonError('ERR_PERF_JSON_SYNTAX', 'what, where, what to do', { byteOffset })`.
 *
 * The message is for people and may change; `code` is the contract that users match on. A package needs no class per
 * code, so there is no hierarchy to keep in step with its table of codes.
 */
export function errorClass<Code extends string, Fields extends object, Instance extends Error>(
  name: string,
): ErrorClass<Code, Fields, Instance> {
  const PackageError = class extends Error {
    constructor(code: Code, message: string, details?: ErrorDetails<Fields>) {
      super(message, details !== undefined && 'cause' in details ? { cause: details.cause } : undefined);
      if (details !== undefined) {
        const { cause: _cause, ...fields } = details as { cause?: unknown };
        Object.assign(this, fields);
      }
      // Enumerable, so that it shows when the error is logged or serialised.
      Object.defineProperty(this, 'code', { value: code, enumerable: true, writable: false, configurable: true });
    }
  };
  Object.defineProperty(PackageError, 'name', { value: name });
  Object.defineProperty(PackageError.prototype, 'name', { value: name, writable: true, configurable: true });
  return PackageError as unknown as ErrorClass<Code, Fields, Instance>;
}

/** The `code` of an error of any origin, or undefined. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
