import createClient from 'openapi-fetch';
import { chosenLanguage } from '../texts/language';
import { readAlready } from './read-ahead';
import { accessToken, refreshed } from './session';

import type { components, paths } from '#openapi';

export type Schemas = components['schemas'];
export type Problem = Schemas['Problem'];

/** How long after a write reads ask to see it; by then every read model has. */
const seenWithinMs = 10_000;
let written = { position: '', untilMs: 0 };

/** The hub's API, typed by its own `/openapi.json`. Calls are made as whoever is logged in. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: send });

/** What a call answered; throws the problem document, or the failure of the network. */
export async function answered<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;

  if (!response.ok) throw error ?? { status: response.status };
  return data as T;
}

async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const token = await accessToken();
  const response = await sendAs(request, token);
  if (response.status !== 401 || token === undefined) return response;
  const next = await refreshed(token);
  return next === undefined ? response : sendAs(again, next);
}

async function sendAs(request: Request, token: string | undefined): Promise<Response> {
  const { headers } = request;
  if (token !== undefined && !headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
  headers.set('accept-language', chosenLanguage());
  if (request.method === 'GET' && Date.now() < written.untilMs) headers.set('hark-position', written.position);
  const response = await (readAlready(request) ?? fetch(request));
  const position = response.headers.get('hark-position');
  if (position !== null) written = { position, untilMs: Date.now() + seenWithinMs };
  return response;
}
