import { describe, expect, test } from 'vitest';
import { answerRequest, isStreamName, type Session } from './requests.ts';

function session(): Session & { names: Set<string> } {
  const names = new Set<string>();
  return {
    names,
    combined: false,
    subscribe(wanted) {
      if (wanted.length > 3) return false;
      for (const name of wanted) names.add(name);
      return true;
    },
    unsubscribe(unwanted) {
      for (const name of unwanted) names.delete(name);
    },
    subscriptions: () => [...names],
  };
}

describe('answerRequest', () => {
  test('subscribes, lists and unsubscribes', () => {
    const client = session();
    const ask = (request: object): string => answerRequest(JSON.stringify(request), client);
    const params = ['btcusdt@aggTrade', 'btcusdt@depth'];
    expect(ask({ method: 'SUBSCRIBE', params, id: 1 })).toBe('{"result":null,"id":1}');
    expect(ask({ method: 'LIST_SUBSCRIPTIONS', id: 3 })).toBe('{"result":["btcusdt@aggTrade","btcusdt@depth"],"id":3}');
    expect(ask({ method: 'UNSUBSCRIBE', params: ['btcusdt@depth'], id: 312 })).toBe('{"result":null,"id":312}');
    expect([...client.names]).toEqual(['btcusdt@aggTrade']);
  });

  test('sets and tells the combined property', () => {
    const client = session();
    expect(answerRequest('{"method":"GET_PROPERTY","params":["combined"],"id":2}', client)).toBe(
      '{"result":false,"id":2}',
    );
    expect(answerRequest('{"method":"SET_PROPERTY","params":["combined",true],"id":5}', client)).toBe(
      '{"result":null,"id":5}',
    );
    expect(client.combined).toBe(true);
  });

  test.each([
    ['not JSON', '{"method":', undefined, 3, 'Invalid JSON: expected value at line'],
    ['an empty text', '', undefined, 3, 'Invalid JSON: expected value at line 1 column 1'],
    ['an array', '[]', undefined, 2, 'Invalid request: invalid type'],
    ['null', 'null', undefined, 2, 'Invalid request: invalid type'],
    [
      'no id',
      '{"method":"LIST_SUBSCRIPTIONS"}',
      undefined,
      2,
      'Invalid request: request ID must be an unsigned integer',
    ],
    ['a negative id', '{"method":"LIST_SUBSCRIPTIONS","id":-1}', undefined, 2, 'Invalid request: request ID must be'],
    ['no method', '{"id":1}', 1, 2, 'Invalid request: missing field `method` at line 1 column 8'],
    [
      'an unknown method',
      '{"method":"SUB","id":1}',
      1,
      2,
      'Invalid request: unknown variant `SUB`, expected one of `SUBSCRIBE`, ',
    ],
    ['no params', '{"method":"SUBSCRIBE","id":1}', 1, 2, 'Invalid request: missing field `params`'],
    [
      'a malformed stream',
      '{"method":"SUBSCRIBE","params":["@@@###"],"id":1}',
      1,
      2,
      'Invalid request: invalid stream',
    ],
    ['a stream that is no text', '{"method":"SUBSCRIBE","params":[7],"id":1}', 1, 2, 'Invalid request: invalid stream'],
    ['too many streams', '{"method":"SUBSCRIBE","params":["a","b","c","d"],"id":1}', 1, 4, 'Too many subscriptions'],
    [
      'params to list',
      '{"method":"LIST_SUBSCRIPTIONS","params":[],"id":1}',
      1,
      2,
      'Invalid request: too many parameters',
    ],
    ['an unknown property', '{"method":"SET_PROPERTY","params":["x",true],"id":1}', 1, 0, 'Unknown property'],
    [
      'a property that is no text',
      '{"method":"GET_PROPERTY","params":[7],"id":1}',
      1,
      2,
      'Invalid request: property name must be a string',
    ],
    [
      'a property too many',
      '{"method":"GET_PROPERTY","params":["combined",1],"id":1}',
      1,
      2,
      'Invalid request: too many parameters',
    ],
    [
      'a wrong value',
      '{"method":"SET_PROPERTY","params":["combined",1],"id":1}',
      1,
      1,
      'Invalid value type: expected Boolean',
    ],
  ])('answers %s with the error of the venue', (_what, request, id, code, msg) => {
    const answer = JSON.parse(answerRequest(request, session())) as {
      error: { code: number; msg: string };
      id?: number;
    };
    expect(answer.error.code).toBe(code);
    expect(answer.error.msg.slice(0, msg.length)).toBe(msg);
    expect(answer.id).toBe(id);
  });
});

describe('isStreamName', () => {
  test('takes what could be a stream, known or not', () => {
    expect(
      ['btcusdt@depth@100ms', '!bookTicker', '!markPrice@arr@1s', 'btcusdt@noSuchStream'].every(isStreamName),
    ).toBe(true);
    expect(['', '@', 'btcusdt@', 'a b', 'btcusdt@depth/x', '%', 'x'.repeat(129)].some(isStreamName)).toBe(false);
  });
});
