import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { BrowserContext, Route } from 'playwright-core';

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { example?: unknown }>> }>>;
}

const apps = join(__dirname, '../../..');
const built = join(apps, 'console/dist');
/* eslint-disable @typescript-eslint/no-require-imports -- of the built gateway, which no app may import */
const { openApi } = require(join(apps, 'gateway/dist/openapi/openapi.js')) as {
  openApi: (
    routes: unknown,
    version: string,
  ) => { paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };
};
const { allRoutes } = require(join(apps, 'gateway/dist/routes/all-routes.js')) as { allRoutes: unknown };
/* eslint-enable @typescript-eslint/no-require-imports */
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** The console without a hub: its files, and to every call the example that `/openapi.json` gives. The same every time. */
export async function answerByExamples(context: BrowserContext, origin: string): Promise<void> {
  const { paths } = openApi(allRoutes, '1.0.0');
  const calls = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
      isExact: !path.includes('{'),
      example: exampleOf(operation),
    })),
  );
  // `/v1/inbox/unread` before `/v1/inbox/{inboxItemId}`.
  calls.sort((a, b) => Number(b.isExact) - Number(a.isExact));
  // At `#nobody` nobody is logged in.
  const logIn = `location.hash === '#nobody' ? localStorage.clear() : localStorage.setItem('hark.session', 'shown')`;
  await context.addInitScript({ content: logIn });
  await context.route(`${origin}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname.startsWith('/assets/')) return file(route, pathname);
    if (!/^\/(v1|\.well-known)\//.test(pathname)) return page(route);
    // A stream stays open.
    if (pathname.endsWith('/stream')) return;
    const call = calls.find(({ method, pattern }) => method === route.request().method() && pattern.test(pathname));
    return call?.example === undefined ? route.fulfill({ status: 204 }) : route.fulfill({ json: call.example });
  });
}

function exampleOf({ responses }: Operation): unknown {
  const [, success] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? [];
  return Object.values(success?.content ?? {})[0]?.example;
}

const file = (route: Route, pathname: string): Promise<void> =>
  route.fulfill({ contentType: types[extname(pathname)], body: readFileSync(join(built, pathname)) });

const page = (route: Route): Promise<void> =>
  route.fulfill({
    contentType: 'text/html; charset=utf-8',
    body: readFileSync(join(built, 'index.html'), 'utf8').replaceAll('__NONCE__', '').replace('__SANDBOX__', ''),
  });
