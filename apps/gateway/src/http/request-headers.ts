import type { FastifyRequest } from 'fastify';
import { Locale } from '@hark/contracts';
import { HarkError, isTraceparent, parsePosition } from '@hark/kernel';

type Headers = FastifyRequest['headers'];

/** One header's value. Node joins several of one name by commas, which no value of ours may hold. */
export function header(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** How many languages of `Accept-Language` are looked at. */
const languagesMax = 10;
const languagePattern = /^\s*(zh|en)(?:[-_][\w-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?$/i;

/** The language of titles and details: the client's favourite among ours, English when it names none of them. */
export const localeOf = (headers: Headers): Locale => namedLocaleOf(headers) ?? 'en';

/** The client's favourite among our languages; `undefined` when it names none of them. */
export function namedLocaleOf(headers: Headers): Locale | undefined {
  const wanted = header(headers, 'accept-language') ?? '';
  let best: { language?: string; weight: number } = { weight: 0 };
  for (const range of wanted.split(',', languagesMax)) {
    const [, language, weight = '1'] = languagePattern.exec(range) ?? [];
    if (language && Number(weight) > best.weight) best = { language, weight: Number(weight) };
  }
  if (best.language === undefined) return undefined;
  return best.language.toLowerCase() === 'zh' ? 'zh-CN' : 'en';
}

/**
 * The token of `Authorization: Bearer …` (RFC 9110 11.6.2: one or more blanks); `undefined` when there is none or it is
 * malformed.
 */
export function bearerOf(headers: Headers): string | undefined {
  return /^Bearer +([\x21-\x7e]{1,2000})$/i.exec(header(headers, 'authorization') ?? '')?.[1];
}

/** The `Hark-Position` that the read must have seen. */
export function positionOf(headers: Headers): string | undefined {
  const value = header(headers, 'hark-position');
  if (value !== undefined) parsePosition(value);
  return value;
}

/** Where an event stream goes on (WHATWG HTML 9.2.4): the id of the last event that the client has. */
export function lastEventIdOf(headers: Headers): string | undefined {
  const value = header(headers, 'last-event-id');
  if (value === undefined || value === '') return undefined;
  parsePosition(value);
  return value;
}

/** The W3C trace context. A malformed one is ignored, as W3C Trace Context asks. */
export function traceparentOf(headers: Headers): string | undefined {
  const value = header(headers, 'traceparent');
  return isTraceparent(value) ? value : undefined;
}

const overridable = ['PATCH', 'PUT', 'DELETE'] as const;

/**
 * The effective method. `wx.request` has no PATCH (WeChat docs), so a POST may name PATCH, PUT or DELETE in
 * `X-HTTP-Method-Override`, and PUT with a partial body is PATCH. No other method can be overridden.
 */
export function methodMeant(method: string, headers: Headers): string {
  const override = header(headers, 'x-http-method-override');
  if (method !== 'POST' || override === undefined)
    return method === 'PUT' ? 'PATCH' : method === 'HEAD' ? 'GET' : method;
  const named = overridable.find((one) => one === override.toUpperCase());
  if (named) return named === 'PUT' ? 'PATCH' : named;
  throw new HarkError('invalid', 'request.invalid', 'the method override names another method', {
    errors: [{ path: 'X-HTTP-Method-Override', message: 'must be PATCH, PUT or DELETE' }],
  });
}
