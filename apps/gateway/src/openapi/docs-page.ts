import { errorTexts } from '@hark/contracts';
import { z } from 'zod';
import { Route, Who } from '../routes/route';
import { jsonSchemaOf } from './openapi';

const whoWords: Readonly<Record<Who, string>> = {
  anyone: 'anyone',
  user: 'a person, with a session',
  operator: 'an operator, with a session',
  admin: 'an admin, with a session',
  app: 'an app, with its secret',
  credential: 'an app, with a binding key or its secret',
  'owner-or-app': 'the owner with a session, or the app with its secret',
};

/** The page's only style; its hash stands in the page's Content-Security-Policy. */
export const docsStyle =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2733;background:#fff}' +
  'h2{font:600 1rem ui-monospace,monospace;margin:2rem 0 0}h2 b{color:#0a6b4f}p{margin:.2rem 0}' +
  'code,td:first-child{font-family:ui-monospace,monospace}table{border-collapse:collapse}' +
  'td,th{text-align:left;vertical-align:top;padding:.2rem 1rem .2rem 0;border-bottom:1px solid #d7dde3}' +
  '@media(prefers-color-scheme:dark){body{color:#dce3ea;background:#12181f}h2 b{color:#5fd3ae}td,th{border-color:#2c3742}}';

/** The table as a page to read, with every error code below it. No scripts, nothing from elsewhere. */
export function docsPage(routes: readonly Route[], version: string): string {
  const codes = Object.entries(errorTexts).map(
    ([code, { en }]) => `<tr><td>${escape(code)}</td><td>${escape(en[0])}</td><td>${escape(en[1])}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hark API</title>
<style>${docsStyle}</style></head><body>
<h1>Hark API ${escape(version)}</h1>
<p>JSON in UTF-8. Errors are <code>application/problem+json</code> with a stable <code>code</code>. The same as a
document for programs: <a href="/openapi.json">/openapi.json</a>.</p>
${routes.map(entry).join('\n')}
<h1>Codes</h1>
<table><tr><th>code</th><th>what</th><th>what to do</th></tr>${codes.join('\n')}</table>
</body></html>
`;
}

function entry(row: Route): string {
  const notes = [`For ${whoWords[row.who]}. Answers ${row.status}.`, row.creates ? 'Takes an Idempotency-Key.' : ''];
  return `<h2><b>${row.method}</b> ${escape(row.path)}</h2><p>${escape(row.summary)}</p>
<p>${escape(notes.join(' '))}</p>${fields('Query', row.query)}${fields('Body', row.body)}`;
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly ObjectSchema[];
}

function fields(title: string, schema: z.ZodType | undefined): string {
  if (!schema) return '';
  const shape = jsonSchemaOf(schema) as ObjectSchema;
  return (shape.anyOf ?? [shape])
    .map(({ properties = {}, required = [] }) => {
      const names = Object.keys(properties).map((name) => (required.includes(name) ? name : `${name}?`));
      return `<p>${title}: <code>{ ${escape(names.join(', '))} }</code></p>`;
    })
    .join('or');
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
