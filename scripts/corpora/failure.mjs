export class UsageError extends Error {}

/** One file cannot be had; the others may. The message is complete: what, where, what to do. */
export class FileFailure extends Error {
  /** The server could not be had at all, after every attempt: the next file will probably fail alike. */
  exhausted = false;
  /** What arrived belongs to another file. */
  discard = false;
}

/** Nothing further can be had, so the whole run stops. */
export class RunFailure extends Error {}

/** Worth another attempt: after `waitMs` when the server asked for it, else after the usual back-off; `discard` when the
 * partial file cannot be continued. */
export class Retryable extends Error {
  constructor(message, { waitMs, discard = false, cause } = {}) {
    super(message, { cause });
    this.waitMs = waitMs;
    this.discard = discard;
  }
}

const NO_NAME = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA']);
const NO_ROUTE = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL']);
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)/;

/**
 * What a failed connection means to a person.
 * @param {Error & { code?: string }} error of `fetch`: the reason is in its `cause`
 * @param {URL} url
 */
export function describeNetworkError(error, url) {
  const code = deepestCode(error);
  const host = url.host;
  if (NO_NAME.has(code)) {
    return `no network: ${url.hostname} cannot be resolved (${code}); check the connection, set NODE_USE_ENV_PROXY=1 behind a proxy, or name a mirror with --base-url`;
  }
  if (NO_ROUTE.has(code))
    return `no network: ${host} cannot be reached (${code}); check the connection or name a mirror with --base-url`;
  if (code === 'ECONNREFUSED')
    return `${host} refuses connections; check the address, or name a mirror with --base-url`;
  if (CERTIFICATE.test(code)) {
    return `the certificate of ${host} is not trusted (${code}); behind a proxy that re-signs, name its certificate in NODE_EXTRA_CA_CERTS`;
  }
  return `the connection to ${host} failed (${code || error.message}); run the command again to go on`;
}

/**
 * What a failed write means to a person. These stop the run: the next file would fail in the same way.
 * @param {NodeJS.ErrnoException} error
 * @param {string} folder
 */
export function describeDiskError(error, folder) {
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk is full (${error.code}) in ${folder}; free some space, or fetch elsewhere with --dir and set PERF_CORPORA to it`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${folder} cannot be written (${error.code}: ${error.path ?? 'unknown file'}); fetch elsewhere with --dir and set PERF_CORPORA to it`;
    case 'EISDIR':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ENOTEMPTY':
      return `${error.path ?? folder} is in the way (${error.code}); remove it and run the command again`;
    default:
      return `${folder} cannot be written: ${error.message}`;
  }
}

export function describeFailure(error) {
  return error instanceof FileFailure || error instanceof RunFailure ? error.message : (error.stack ?? String(error));
}

function deepestCode(error) {
  let code = '';
  for (let at = error; at instanceof Error; at = at.cause ?? at.errors?.[0]) {
    if (typeof at.code === 'string') code = at.code;
  }
  return code;
}
