import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { Locale, locale } from '@hark/contracts';
import { localeOf } from '../http/request-headers';
import { Route } from '../routes/route';
import { docsPage, docsStyle } from './docs-page';
import { openApi } from './openapi';

/** The version of the HTTP contract in `/openapi.json`. */
const contractVersion = '1.0.0';

/** Serves the table itself: `/openapi.json` for programs, `/docs` for people in their language. All made once, at the start. */
export function describeRoutes(server: FastifyInstance, routes: readonly Route[]): void {
  const document = JSON.stringify(openApi(routes, contractVersion));
  const pages: Readonly<Record<Locale, string>> = {
    en: docsPage(routes, contractVersion, 'en'),
    'zh-CN': docsPage(routes, contractVersion, 'zh-CN'),
  };
  const styleHash = createHash('sha256').update(docsStyle).digest('base64');
  server.route({
    method: ['GET', 'HEAD'],
    url: '/openapi.json',
    exposeHeadRoute: false,
    handler: (_request, reply) => reply.header('content-type', 'application/json; charset=utf-8').send(document),
  });
  server.route({
    method: ['GET', 'HEAD'],
    url: '/docs',
    exposeHeadRoute: false,
    handler: (request, reply) =>
      reply
        .header('content-type', 'text/html; charset=utf-8')
        .header('vary', 'accept-language')
        .header(
          'content-security-policy',
          `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'`,
        )
        .send(pages[asked(request.query) ?? localeOf(request.headers)]),
  });
}

/** The language that `?lang=` names; without it, the one in the client's headers. */
const asked = (query: unknown): Locale | undefined => locale.safeParse((query as { lang?: unknown }).lang).data;
