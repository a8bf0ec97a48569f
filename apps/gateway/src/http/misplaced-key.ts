import type { FastifyRequest } from 'fastify';
import { HarkError } from '@hark/kernel';
import { header } from './request-headers';

/** Query parameters in which other hubs take a key, and ones that people guess. */
const inQuery = ['token', 'key', 'access_token', 'api_key', 'apikey', 'secret'] as const;
const inHeaders = ['x-gotify-key', 'x-api-key', 'x-auth-token'] as const;

/**
 * Refuses a key in the address with `credential.in-url`, whatever else was sent: addresses end up in logs and
 * histories, so that key is no longer secret.
 */
export function checkNoKeyInUrl(query: unknown): void {
  const named = inQuery.find((name) => Object.hasOwn(query as object, name));
  if (named === undefined) return;
  throw new HarkError('invalid', 'credential.in-url', 'a key was sent in the address', {
    extra: { form: `?${named}=…` },
  });
}

/** The refusal for a request without a bearer token. Says so when a key seems to have been sent in another form. */
export function misplacedKey(headers: FastifyRequest['headers']): HarkError | undefined {
  const form = formOf(headers);
  if (form === undefined) return undefined;
  return new HarkError('refused', 'credential.misplaced', 'a key came in another form', { extra: { form } });
}

function formOf(headers: FastifyRequest['headers']): string | undefined {
  const authorization = header(headers, 'authorization');
  if (authorization !== undefined) {
    if (/^bearer( |$)/i.test(authorization)) return undefined;
    const scheme = /^([A-Za-z][\w-]{0,30}) /.exec(authorization)?.[1];
    return `Authorization: ${scheme ?? '<key>'}`;
  }
  const named = inHeaders.find((name) => headers[name] !== undefined);
  return named && named.replace(/(^|-)\w/g, (start) => start.toUpperCase());
}
