import type { FastifyRequest } from 'fastify';
import { Problem } from '../http/problem';

/** Fields of a form, a query or a JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** The headers of a call, by their names in lower case. */
export type Headers = FastifyRequest['headers'];

/** A call in another hub's protocol, as far as the protocols look at it. */
export interface DropInCall {
  readonly method: string;
  /** The path behind the protocol's prefix, cut at `/` before it was decoded. */
  readonly parts: readonly string[];
  readonly query: Fields;
  readonly headers: Headers;
  /** The body as text; empty where there is none. */
  readonly text: string;
  /** The body as a JSON object or form, in that call. Throws `request.not-json` or `request.invalid`. */
  readonly fields: () => Promise<Fields>;
  readonly nowMs: number;
}

/** What its sender meant: whose key, and the push in the words of `POST /v1/pushes`, unchecked. */
export interface Meant {
  readonly key: unknown;
  readonly push: Fields;
}

/** What is answered, in the protocol's own form. */
export interface DropInAnswer {
  readonly status: number;
  readonly body: object;
}

/** Another hub's way to push. It is only translated: what becomes of the push is decided as for every other. */
export interface DropIn {
  /** The first part of its addresses, such as `bark`. */
  readonly name: string;
  /** The answer to a call that pushes nothing, such as a ping; `undefined` for all others. */
  readonly aside?: (call: DropInCall) => DropInAnswer | undefined;
  /** Throws `route.unknown` for what the protocol does not have, `request.invalid` for what Hark cannot keep. */
  readonly read: (call: DropInCall) => Meant | Promise<Meant>;
  readonly accepted: (id: string, meant: Meant, nowMs: number) => DropInAnswer;
  /** `text` says the problem in one line, in the reader's language. */
  readonly refused: (problem: Problem, text: string, nowMs: number) => DropInAnswer;
  /** What the protocol calls our fields, for refusals. */
  readonly names: Readonly<Record<string, string>>;
}
