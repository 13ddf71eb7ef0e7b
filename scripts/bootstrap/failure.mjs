/** Something a newcomer has to mend: what failed, what to do, and the tail of what the failing tool printed. */
export class BootstrapFailure extends Error {
  constructor(what, remedy, output = '') {
    super(what);
    this.remedy = remedy;
    this.output = output;
  }

  render() {
    const tail = this.output.trimEnd().split('\n').slice(-12).join('\n');
    return `perf: ${this.message}\n      ${this.remedy}\n${tail === '' ? '' : `\n${tail}\n`}`;
  }
}

/** What a failed package manager most likely died of, in words a newcomer can act on. */
export function remedyFor(output, otherwise) {
  if (/ENOSPC|no space left/i.test(output)) return 'the disk is full: free about 1 GB and run the command again';
  if (/EACCES|EPERM|permission denied|EROFS/i.test(output)) {
    return 'this folder or the package cache cannot be written: check their owner and permissions';
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network|fetch failed|socket hang up/i.test(output)) {
    return 'the package registry could not be reached: check the network and the proxy settings of npm, then run the command again';
  }
  if (/self.signed|unable to (get|verify)|CERT_/i.test(output)) {
    return 'the certificate of the package registry is not trusted: set NODE_EXTRA_CA_CERTS to the file of your authority';
  }
  return otherwise;
}
