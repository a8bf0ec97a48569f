import { HarkError } from '@hark/kernel';
import { Locale } from '@hark/nats';
import type { FastifyRequest } from 'fastify';

type Headers = FastifyRequest['headers'];

/** One header's value; several of one name count as malformed, so they are as good as none. */
export function header(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** The language of titles and details: the first of ours that the client names, English when it names none. */
export function localeOf(headers: Headers): Locale {
  const first = /\b(zh|en)\b/i.exec(header(headers, 'accept-language') ?? '');
  return first?.[1]!.toLowerCase() === 'zh' ? 'zh-CN' : 'en';
}

/** The token of `Authorization: Bearer …`; `undefined` when there is none or it is no bearer token. */
export function bearerOf(headers: Headers): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,2000})$/i.exec(header(headers, 'authorization') ?? '')?.[1];
}

const positionPattern = /^\d{1,19}-[a-z_]{1,30}$/;

/** The `Hark-Position` that the read must have seen. */
export function positionOf(headers: Headers): string | undefined {
  const value = header(headers, 'hark-position');
  if (value !== undefined && !positionPattern.test(value)) {
    throw new HarkError('invalid', 'position.invalid', 'the Hark-Position header is malformed');
  }
  return value;
}

const overridable = ['PATCH', 'PUT', 'DELETE'] as const;

/**
 * The method that is meant: `wx.request` has no PATCH, so a POST may name PATCH, PUT or DELETE in
 * `X-HTTP-Method-Override`, and PUT with a partial body is PATCH. No other method can be overridden.
 */
export function methodMeant(method: string, headers: Headers): string {
  const override = header(headers, 'x-http-method-override');
  if (method !== 'POST' || override === undefined) return method === 'PUT' ? 'PATCH' : method === 'HEAD' ? 'GET' : method;
  const named = overridable.find((one) => one === override.toUpperCase());
  if (named) return named === 'PUT' ? 'PATCH' : named;
  throw new HarkError('invalid', 'request.invalid', 'the method override names another method', {
    errors: [{ path: 'X-HTTP-Method-Override', message: 'must be PATCH, PUT or DELETE' }],
  });
}
