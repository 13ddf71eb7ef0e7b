// What a client may ask over its WebSocket, and the answers:
// https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Live-Subscribing-Unsubscribing-to-streams
// The documentation lists errors bare; on the wire they come as {"error":{…},"id":…}. A well-formed name of a stream
// that does not exist is accepted and stays silent, as on the venue.

/** The connection that asked. */
export interface Session {
  combined: boolean;
  /** False where that would be too many; nothing is subscribed then. */
  subscribe(names: readonly string[]): boolean;
  unsubscribe(names: readonly string[]): void;
  subscriptions(): readonly string[];
}

const METHODS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY'];

interface Fault {
  readonly code: number;
  readonly msg: string;
}

/** True for names that could be a stream of the venue. */
export function isStreamName(name: unknown): name is string {
  return typeof name === 'string' && name.length <= 128 && /^(?:!\w+|\w+)(?:@\w+)*$/.test(name);
}

/** Carries out one request text and returns the answer text. */
export function answerRequest(text: string, session: Session): string {
  let request: unknown;
  try {
    request = JSON.parse(text);
  } catch (error) {
    return failure({ code: 3, msg: `Invalid JSON: expected value at ${jsonPosition(error)}` });
  }
  if (typeof request !== 'object' || request === null || Array.isArray(request)) {
    return failure(invalid('invalid type, expected a map'));
  }
  const { id, method, params } = request as { id?: unknown; method?: unknown; params?: unknown };
  if (!Number.isSafeInteger(id) || (id as number) < 0) {
    return failure(invalid('request ID must be an unsigned integer'));
  }
  const result = carryOut(method, params, session, text.length);
  return typeof result === 'string' ? `{"result":${result},"id":${String(id)}}` : failure(result, id as number);
}

/** The result as JSON text, or what was wrong. */
function carryOut(method: unknown, params: unknown, session: Session, column: number): string | Fault {
  if (method === undefined) return invalid(`missing field \`method\` at line 1 column ${column}`);
  switch (method) {
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE': {
      if (!Array.isArray(params)) return invalid('missing field `params`');
      if (!params.every(isStreamName)) return invalid('invalid stream');
      if (method === 'UNSUBSCRIBE') session.unsubscribe(params);
      else if (!session.subscribe(params)) return { code: 4, msg: 'Too many subscriptions' };
      return 'null';
    }
    case 'LIST_SUBSCRIPTIONS':
      if (params !== undefined) return invalid('too many parameters');
      return JSON.stringify(session.subscriptions());
    case 'SET_PROPERTY':
    case 'GET_PROPERTY':
      return property(method as string, params, session);
    default: {
      const expected = METHODS.map((name) => `\`${name}\``).join(', ');
      const shown = typeof method === 'string' ? method.slice(0, 64) : typeof method;
      return invalid(`unknown variant \`${shown}\`, expected one of ${expected} at line 1 column ${column}`);
    }
  }
}

function property(method: string, params: unknown, session: Session): string | Fault {
  const [name, value, ...rest] = Array.isArray(params) ? (params as unknown[]) : [];
  if (typeof name !== 'string') return invalid('property name must be a string');
  if (rest.length > 0 || (method === 'GET_PROPERTY' && value !== undefined)) return invalid('too many parameters');
  if (name !== 'combined') return { code: 0, msg: 'Unknown property' };
  if (method === 'GET_PROPERTY') return String(session.combined);
  if (typeof value !== 'boolean') return { code: 1, msg: 'Invalid value type: expected Boolean' };
  session.combined = value;
  return 'null';
}

function invalid(what: string): Fault {
  return { code: 2, msg: `Invalid request: ${what}` };
}

function failure(error: Fault, id?: number): string {
  return JSON.stringify(id === undefined ? { error } : { error, id });
}

/** V8 says where for most texts; an early end has no position. */
function jsonPosition(error: unknown): string {
  const found = /line (\d+) column (\d+)/.exec(String(error));
  return found === null ? 'line 1 column 1' : `line ${found[1]} column ${found[2]}`;
}
