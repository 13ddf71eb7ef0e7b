import { bench, value, type BenchCase, type Contestant } from '@perf/bench';
import { depthText, weigh, type Depth } from './answers.ts';
import { startServer } from './start-server.ts';

// GET and parse, over HTTP/1.1 with pipelining 1. Everyone parses every body, everyone may open as many connections as
// there are lanes, nobody retries. The server is a process of its own.

const SERVER = new URL('./server.ts', import.meta.url);

interface Load {
  readonly requests: number;
  readonly lanes: number;
  readonly bodyBytes: number;
}

type GetJson = () => Promise<Depth>;

interface Client {
  readonly getJson: GetJson;
  close?(): unknown;
}

type Connect = (origin: string, load: Load) => Client;

function contestant(name: string, packageName: string, imported: () => Promise<Connect>): Contestant<Load, number> {
  return {
    name,
    package: packageName,
    setup: async (load) => {
      // The server starts while the client is loaded.
      const [server, connect] = await Promise.all([startServer(SERVER, String(load.bodyBytes)), imported()]);
      const client = connect(`http://${server.host}`, load);
      return {
        run: () => sendAll(load, client.getJson),
        close: async () => {
          await client.close?.();
          server.close();
        },
      };
    },
  };
}

/** `lanes` loops that share the requests: each sends its next one when it has the answer to its last. */
async function sendAll({ requests, lanes }: Load, getJson: GetJson): Promise<number> {
  let started = 0;
  let sum = 0;
  const lane = async (): Promise<void> => {
    while (started++ < requests) {
      // Not `sum += weigh(await …)`: that would read the sum before the wait.
      const depth = await getJson();
      sum += weigh(depth);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return sum;
}

const ours = contestant('HttpPool.getJson', '@perf/http', async () => {
  const { HttpPool } = await import('@perf/http');
  return (baseUrl, { lanes }) => {
    const pool = new HttpPool({ baseUrl, maxConnections: lanes, maxRetries: 0 });
    return { getJson: () => pool.getJson<Depth>('/depth'), close: () => pool.close() };
  };
});

const peers = [
  contestant('undici.request + body.json', 'undici', async () => {
    const { Pool } = await import('undici');
    return (origin, { lanes }) => {
      const pool = new Pool(origin, { connections: lanes, pipelining: 1 });
      const getJson = async () => {
        const { body } = await pool.request({ path: '/depth', method: 'GET' });
        return (await body.json()) as Depth;
      };
      return { getJson, close: () => pool.close() };
    };
  }),
  contestant('undici.fetch', 'undici', async () => {
    const { Agent, fetch } = await import('undici');
    return (origin, { lanes }) => {
      const dispatcher = new Agent({ connections: lanes, pipelining: 1 });
      const getJson = async () => {
        const response = await fetch(`${origin}/depth`, { dispatcher });
        return (await response.json()) as Depth;
      };
      return { getJson, close: () => dispatcher.close() };
    };
  }),
  contestant('got', 'got', async () => {
    const [{ default: got }, { Agent }] = await Promise.all([import('got'), import('node:http')]);
    return (origin, { lanes }) => {
      const agent = new Agent({ keepAlive: true, maxSockets: lanes });
      const client = got.extend({ agent: { http: agent }, retry: { limit: 0 } });
      return { getJson: () => client(`${origin}/depth`).json<Depth>(), close: () => agent.destroy() };
    };
  }),
  contestant('ky', 'ky', async () => {
    const { default: ky } = await import('ky');
    return (origin) => ({ getJson: () => ky.get(`${origin}/depth`, { retry: 0 }).json<Depth>() });
  }),
  contestant('axios', 'axios', async () => {
    const [{ default: axios }, { Agent }] = await Promise.all([import('axios'), import('node:http')]);
    return (origin, { lanes }) => {
      const httpAgent = new Agent({ keepAlive: true, maxSockets: lanes });
      const client = axios.create({ httpAgent, proxy: false });
      const getJson = async () => (await client.get<Depth>(`${origin}/depth`)).data;
      return { getJson, close: () => httpAgent.destroy() };
    };
  }),
];

function caseOf(name: string, load: Load): BenchCase {
  return bench({
    name,
    input: value(load),
    units: ({ requests }) => ({ name: 'requests', count: requests }),
    answer: ({ requests, bodyBytes }) => requests * weigh(JSON.parse(depthText(bodyBytes)) as Depth),
    ours,
    peers,
  });
}

const cases: BenchCase[] = [
  caseOf('getJson 1 KiB, 50 connections', { requests: 100, lanes: 50, bodyBytes: 1024 }),
  caseOf('getJson 64 KiB, 10 connections', { requests: 20, lanes: 10, bodyBytes: 64 * 1024 }),
  caseOf('getJson 1 KiB, one connection in sequence', { requests: 50, lanes: 1, bodyBytes: 1024 }),
];

export default cases;
