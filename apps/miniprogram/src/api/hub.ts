import { chosenLanguage } from '../texts/language';
import { Problem } from './problem';
import { accessToken } from './session';
import { type Answer, exchange } from './transport';

import type { components, paths } from '#openapi';

export type Schemas = components['schemas'];

type Method = 'get' | 'post' | 'patch' | 'delete';
type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends { readonly [_ in M]: { responses: object } } ? P : never;
}[keyof paths];
type Operation<M extends Method, P extends keyof paths> = paths[P][M];
type Said<R> = R extends { content: { 'application/json': infer B } } ? B : undefined;
type Reply<O> = O extends { responses: infer R }
  ? { [S in keyof R]: S extends 200 | 201 | 202 | 204 ? Said<R[S]> : never }[keyof R]
  : never;
type Part<O, N extends 'path' | 'query'> = O extends { parameters: { [_ in N]?: infer V } }
  ? Exclude<V, undefined>
  : never;
type Body<O> = O extends { requestBody?: { content: { 'application/json': infer B } } } ? B : never;
type Asked<O> = ([Part<O, 'path'>] extends [never] ? { path?: undefined } : { path: Part<O, 'path'> }) & {
  readonly query?: Part<O, 'query'>;
  readonly body?: Body<O>;
  /** An Idempotency-Key, so that the same again is done once. */
  readonly once?: string;
};

/**
 * One call of the hub's API in the person's session, typed by its own `/openapi.json`. Throws `Problem` for what the hub
 * refuses, `Unreachable` when nothing answers. A session that has ended is renewed, and the call made once more.
 */
export async function hub<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  asked: Asked<Operation<M, P>>,
): Promise<Reply<Operation<M, P>>> {
  const {
    path: names = {},
    query = {},
    body,
    once,
  } = asked as {
    path?: Record<string, string>;
    query?: Record<string, string | number | boolean | undefined>;
    body?: object;
    once?: string;
  };
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = pairs.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
  const at = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? ''));
  const send = (token: string): Promise<Answer> =>
    exchange(
      verbs[method],
      search === '' ? at : `${at}?${search}`,
      {
        authorization: `Bearer ${token}`,
        'accept-language': chosenLanguage(),
        // wx.request has no PATCH; the hub takes it by this name.
        ...(method === 'patch' && { 'x-http-method-override': 'PATCH' }),
        ...(once !== undefined && { 'idempotency-key': once }),
      },
      body,
    );
  const token = await accessToken();
  let answer = await send(token);
  if (answer.status === 401) answer = await send(await accessToken(token));
  if (answer.status < 200 || answer.status > 299) throw new Problem(answer);
  return (answer.status === 204 ? undefined : answer.data) as Reply<Operation<M, P>>;
}

const verbs = { get: 'GET', post: 'POST', patch: 'POST', delete: 'DELETE' } as const;

let named = 0;
/** Names one act of the person's, for `once`: the same act again, after a failure, is done once. */
export const newAct = (): string => `${Date.now().toString(36)}-${(named += 1)}-${Math.random().toString(36).slice(2)}`;
