import { z } from 'zod';
import { ErrorCode } from '@hark/kernel';

/**
 * Who may call a route. `user`, `operator` and `admin` need a session, `app` an app secret, `credential` a binding
 * key or app secret, `owner-or-app` a session or an app secret. Whether the thing asked for is theirs is the service's to decide.
 */
export type Access = 'anyone' | 'user' | 'operator' | 'admin' | 'app' | 'credential' | 'owner-or-app';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** What a route knows of its request, parsed and checked. */
export interface RouteInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** The binding key or app secret, from the header or, where the route allows it, from the body. */
  readonly credential?: string;
}

/**
 * One row of the only table there is of what may be called from outside, by whom, and which service answers. Routing,
 * authorisation, input checks and the OpenAPI document are all made from it: what has no row does not exist.
 */
export interface Route {
  readonly method: Method;
  /** Fastify's form: `/v1/apps/:appId`. Parameters are ids, named in `notFoundCodes`. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly access: Access;
  /** What a malformed id is answered with, exactly like one that does not exist, where `notFoundCodes` does not fit. */
  readonly notFoundCode?: ErrorCode;
  /** Who answers; a function where the query chooses between two commands. */
  readonly subject: string | ((input: RouteInput) => string);
  readonly query?: z.ZodObject;
  /** Absent: a body is not read. */
  readonly body?: z.ZodType;
  /** Also takes `body` as a form, as a plain text (which is then its field `body`) and as query parameters. */
  readonly plain?: boolean;
  /** The data of the NATS request. */
  readonly data: (input: RouteInput) => object;
  readonly status: 200 | 201 | 202 | 204;
  /** Creates something: `Idempotency-Key` makes a repeat find it again. */
  readonly idempotent?: boolean;
  /** Where the thing made can be read. */
  readonly location?: (body: Record<string, unknown>) => string;
}

/** What a malformed id in a path is answered with, by its name. */
export const notFoundCodes: Readonly<Record<string, ErrorCode>> = {
  appId: 'app.unknown',
  bindingId: 'binding.unknown',
  endpointId: 'endpoint.unknown',
  pushId: 'push.unknown',
  inboxItemId: 'inbox.unknown',
  complaintId: 'complaint.unknown',
  userId: 'user.unknown',
};

/** The row as it is: checks its shape without widening it. */
export const route = (row: Route): Route => row;
