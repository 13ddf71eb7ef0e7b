// A file server for the tests that misbehaves on request.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

/** A manifest entry for content that the test server serves. */
export function entry(path, content, url = `http://unused.invalid/${path}`) {
  const body = Buffer.from(content);
  return { path, bytes: body.length, sha256: createHash('sha256').update(body).digest('hex'), licence: 'test', url };
}

/**
 * Serves `contents` by decoded path. `answer(name, request, response, nth)` may take over a request by returning true;
 * `nth` counts the requests for that name from 1.
 */
export async function startMirror(contents, { answer = () => false, ranges = true } = {}) {
  const requests = [];
  const counts = new Map();
  const server = createServer((request, response) => {
    const name = decodeURIComponent(request.url.slice(1));
    requests.push({ name, url: request.url, range: request.headers.range });
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    if (answer(name, request, response, nth)) return;
    if (!Object.hasOwn(contents, name)) {
      response.writeHead(404).end('not here');
      return;
    }
    const body = Buffer.from(contents[name]);
    const start = ranges ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
    if (start > 0 && start >= body.length) {
      response.writeHead(416).end();
    } else if (start > 0) {
      const range = `bytes ${start}-${body.length - 1}/${body.length}`;
      response
        .writeHead(206, { 'content-range': range, 'content-length': body.length - start })
        .end(body.subarray(start));
    } else {
      response.writeHead(200, { 'content-length': body.length }).end(body);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
