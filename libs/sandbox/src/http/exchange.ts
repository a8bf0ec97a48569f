import { type ServerResponse, STATUS_CODES } from 'node:http';
import { type Received } from './received';

/** An answer as data, so that a fault can delay, replace or swallow it. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer that goes on: `take` owns the response from then on and must end it. */
export interface Streamed {
  take(response: ServerResponse): void;
}

export type Answer = Reply | Streamed;
export type Handler = (request: Received) => Answer | Promise<Answer>;

export const reply = (status: number, type: string, body: string, headers?: Record<string, string>): Reply => ({
  status,
  headers: { 'content-type': type, ...headers },
  body,
});

export const json = (status: number, value: unknown): Reply => reply(status, 'application/json', JSON.stringify(value));

export const text = (status: number, body: string): Reply => reply(status, 'text/plain; charset=utf-8', body);

/** One thing that is wrong with the input, with a path such as `body.times`. */
export interface InputError {
  readonly path: string;
  readonly message: string;
}

/** RFC 9457 problem document, as the hub's own API answers them. */
export const problem = (status: number, code: string, detail: string, errors?: readonly InputError[]): Reply =>
  reply(
    status,
    'application/problem+json',
    JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail, code, errors }),
  );

/** Parses JSON; undefined (which JSON cannot express) when it is none. */
export function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

/** True for a JSON object: not null, not an array. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
