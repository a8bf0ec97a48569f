import { z } from 'zod';
import { ErrorCode } from '@hark/kernel';
import type { Access as HandlerAccess } from '@hark/service';

/**
 * Who may call a route. `user`, `operator` and `admin` need a session, `app` an app secret, `credential` a binding key
 * or app secret, `owner-or-app` a session or an app secret. The service decides whether the object belongs to the
 * caller.
 */
export type Access = Exclude<HandlerAccess, 'service' | 'gateway' | `mail-link:${string}`>;

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** The parts of a request, parsed and checked. */
export interface RouteInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** The binding key or app secret, from the header or, where the route allows it, from the body. */
  readonly credential?: string;
  /** Where the gateway is reached from outside, such as `https://hark.example`. */
  readonly publicUrl: string;
}

/**
 * One row of the only table that says what may be called from outside, by whom, and which service answers. Routing,
 * authorisation, input checks and the OpenAPI document are all made from it: what has no row does not exist. Links in mails
 * have a table of their own (`mail-links/mail-link-table.ts`); senders of other hubs are led to the row for pushes (`drop-in`).
 */
export interface Route {
  readonly method: Method;
  /** In Fastify's form: `/v1/apps/:appId`. Parameters are ids, named in `notFoundCodes`. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly access: Access;
  /** The answer to a malformed id, the same as to an unknown one, where `notFoundCodes` does not fit. */
  readonly notFoundCode?: ErrorCode;
  /** The subject that answers; a function where the query chooses between two commands. */
  readonly subject: string | ((input: RouteInput) => string);
  readonly query?: z.ZodObject;
  /** Without it no body is read. */
  readonly body?: z.ZodType;
  /**
   * Where the body chooses between commands: what is asked instead of `subject`, when, and the status it is answered
   * with. The first that fits.
   */
  readonly instead?: readonly {
    readonly when: (body: Readonly<Record<string, unknown>>) => boolean;
    readonly subject: string;
    readonly status: 200 | 201 | 202;
  }[];
  /** `body` may also come as a form, as plain text (which becomes its field `body`) and as query parameters. */
  readonly plain?: boolean;
  /** The data of the NATS request. */
  readonly data: (input: RouteInput) => object;
  /**
   * The call is for many: the list `pushes` in its body, each checked and answered by itself. The service is asked in
   * parts. `body` knows only the frame; these say what the document shows.
   */
  readonly batch?: { readonly body: z.ZodType; readonly answer: z.ZodType };
  readonly status: 200 | 201 | 202 | 204;
  /** The answer is a text, not JSON. */
  readonly text?: boolean;
  /** How long anybody may keep the answer, in seconds; without it nobody may. */
  readonly cacheSeconds?: number;
  /** The call creates something: with `Idempotency-Key` a repeat finds it again. */
  readonly idempotent?: boolean;
  /**
   * What the call does with a session. A browser may have its refresh token kept in a cookie by these (`SessionCookie`).
   */
  readonly session?: 'begins' | 'goes-on' | 'ends';
  /**
   * The answer is an event stream. `subject` is its source, asked with `after` and `limit` beside `data`; this says what
   * wakes it.
   */
  readonly stream?: 'inbox' | 'pushes';
  /** Where the created object can be read. */
  readonly location?: (body: Record<string, unknown>) => string;
}

/** By parameter name, the answer to a malformed id in a path. */
export const notFoundCodes: Readonly<Record<string, ErrorCode>> = {
  appId: 'app.unknown',
  bindingId: 'binding.unknown',
  requestId: 'binding-request.unknown',
  endpointId: 'endpoint.unknown',
  pushId: 'push.unknown',
  inboxItemId: 'inbox.unknown',
  complaintId: 'complaint.unknown',
  userId: 'user.unknown',
  sessionId: 'session.unknown',
};

/** Parameters that senders name themselves, checked by the service; every other one is an id of ours. */
export const namesOfSenders: ReadonlySet<string> = new Set(['actionId', 'userCode']);

/** Returns the row; checks its type without widening it. */
export const route = (row: Route): Route => row;
