import type { FastifyRequest } from 'fastify';
import { HarkError } from '@hark/kernel';
import { bodyBytesMax } from './read-body';

/** Fastify's own refusals of a request, as ours, with the route's limit on bodies; every other error unchanged. */
export function frameworkErrorOf(error: unknown, request: Pick<FastifyRequest, 'routeOptions'>): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new HarkError('invalid', 'request.too-large', 'the body is too large', {
        extra: { max: request.routeOptions.bodyLimit ?? bodyBytesMax },
      });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return new HarkError('invalid', 'request.not-json', 'the body cannot be read');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
    case 'ECONNRESET':
    case 'ECONNABORTED':
      return new HarkError('invalid', 'request.malformed', 'the request cannot be read');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new HarkError('not-found', 'route.unknown', 'an id in the path is longer than any');
    default:
      return error;
  }
}
