import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { BrowserContext, Route } from 'playwright-core';
import { exampleAnswers } from './example-answers.fixture';

const built = join(__dirname, '../../../console/dist');
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const operator = { id: '0193a5c2-7a41-7c0e-8f10-0000000000aa', roles: ['user', 'operator'] };

/** The console without a hub: its files, and to every call the example that `/openapi.json` gives. The same every time. */
export async function answerByExamples(context: BrowserContext, origin: string): Promise<void> {
  const { answerTo } = exampleAnswers();
  // At `#nobody` nobody is logged in.
  const logIn = `location.hash === '#nobody' ? localStorage.clear() : localStorage.setItem('hark.session', 'shown')`;
  await context.addInitScript({ content: logIn });
  await context.route(`${origin}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname.startsWith('/assets/')) return file(route, pathname);
    if (!/^\/(v1|\.well-known)\//.test(pathname)) return page(route);
    // A stream stays open.
    if (pathname.endsWith('/stream')) return;
    const example = answerTo(route.request().method(), pathname)?.example;
    // Whoever looks at an operator's screen is one.
    if (pathname === '/v1/sessions/refresh' && new URL(route.request().frame().url()).pathname.startsWith('/ops'))
      return route.fulfill({ json: { ...(example as object), user: operator } });
    return example === undefined ? route.fulfill({ status: 204 }) : route.fulfill({ json: example });
  });
}

const file = (route: Route, pathname: string): Promise<void> =>
  route.fulfill({ contentType: types[extname(pathname)], body: readFileSync(join(built, pathname)) });

const page = (route: Route): Promise<void> =>
  route.fulfill({
    contentType: 'text/html; charset=utf-8',
    body: readFileSync(join(built, 'index.html'), 'utf8').replaceAll('__NONCE__', '').replace('__SANDBOX__', ''),
  });
