import { expect, test } from 'vitest';
import { describeDiskError, describeNetworkError } from './failure.mjs';

const coded = (code, extra = {}) => Object.assign(new Error(code), { code, ...extra });
const url = new URL('https://data.example:8443/a');

test.each([
  ['ENOTFOUND', /^no network: data\.example cannot be resolved \(ENOTFOUND\); .*--base-url/],
  ['ENETUNREACH', /^no network: data\.example:8443 cannot be reached/],
  ['ECONNREFUSED', /refuses connections; check the address/],
  ['SELF_SIGNED_CERT_IN_CHAIN', /not trusted .*NODE_EXTRA_CA_CERTS/],
  ['ECONNRESET', /failed \(ECONNRESET\); run the command again/],
])('says what a failed connection with %s means and what to do', (code, expected) => {
  const error = new TypeError('fetch failed', { cause: coded(code) });
  expect(describeNetworkError(error, url)).toMatch(expected);
});

test('looks into the attempts of a connection over several addresses', () => {
  const error = new TypeError('fetch failed', {
    cause: new AggregateError([coded('ENETUNREACH'), coded('ETIMEDOUT')]),
  });
  expect(describeNetworkError(error, url)).toMatch(/^no network/);
});

test.each([
  ['ENOSPC', /^the disk is full \(ENOSPC\) in .*; free some space/],
  ['EDQUOT', /^the disk is full/],
  ['EROFS', /cannot be written \(EROFS: .*\); fetch elsewhere with --dir and set PERF_CORPORA/],
  ['EACCES', /cannot be written/],
  ['ENOTDIR', /is in the way \(ENOTDIR\); remove it/],
  ['EIO', /cannot be written: EIO/],
])('says what a failed write with %s means and what to do', (code, expected) => {
  expect(describeDiskError(coded(code, { path: '/data/a' }), '/data')).toMatch(expected);
});
