import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { Locale, locale } from '@hark/contracts';
import type { ConsoleFiles } from '../console/console-files';
import { localeOf } from '../http/request-headers';
import { Route } from '../routes/route';
import { docsLinks, docsPage, docsStyle } from './docs-page';
import { openApi } from './openapi';

/** The version of the HTTP contract in `/openapi.json`. */
const contractVersion = '1.0.0';

/**
 * Serves the table itself: `/openapi.json` for programs, in English unless `?lang=` says otherwise; `/docs` for people in
 * their language, which is Redoc over that document, and with `?plain`, or where no console was built, a page without scripts.
 */
export function describeRoutes(
  server: FastifyInstance,
  routes: readonly Route[],
  publicUrl: () => string,
  files?: ConsoleFiles,
): void {
  const pages = { en: docsPage(routes, contractVersion, 'en'), 'zh-CN': docsPage(routes, contractVersion, 'zh-CN') };
  // Made when first asked for: where the hub is reached is known once it listens.
  const documents = new Map<Locale, string>();
  const documentIn = (one: Locale): string => {
    const made = documents.get(one) ?? JSON.stringify(openApi(routes, contractVersion, one, publicUrl()));
    documents.set(one, made);
    return made;
  };
  const styleHash = createHash('sha256').update(docsStyle).digest('base64');
  server.route({
    method: ['GET', 'HEAD'],
    url: '/openapi.json',
    exposeHeadRoute: false,
    handler: ({ query }, reply) =>
      reply.header('content-type', 'application/json; charset=utf-8').send(documentIn(asked(query) ?? 'en')),
  });
  server.route({
    method: ['GET', 'HEAD'],
    url: '/docs',
    exposeHeadRoute: false,
    handler: ({ query, headers }, reply) => {
      const language = asked(query) ?? localeOf(headers);
      reply.header('vary', 'accept-language');
      if (files && !Object.hasOwn(query as object, 'plain'))
        return files.sendReference(language, docsLinks[language], reply);
      return reply
        .header('content-type', 'text/html; charset=utf-8')
        .header(
          'content-security-policy',
          `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'`,
        )
        .send(pages[language]);
    },
  });
}

/** The language that `?lang=` names; without it, the one in the client's headers. */
const asked = (query: unknown): Locale | undefined => locale.safeParse((query as { lang?: unknown }).lang).data;
