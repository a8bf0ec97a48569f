import { z } from 'zod';
import { Locale, replySchemas } from '@hark/contracts';
import { Route } from '../routes/route';
import { errorTexts } from '../texts/error-texts';
import { chineseSummaries } from './chinese';
import { JsonSchema, replyComponents, replyRefOf, requestSchemaOf } from './json-schemas';
import { notesOf } from './words';

/** The page's only style. Its hash stands in the page's Content-Security-Policy. */
export const docsStyle =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2733;background:#fff}' +
  'h2{font:600 1rem ui-monospace,monospace;margin:2rem 0 0}a,h2 b{color:#0a6b4f}p{margin:.2rem 0}' +
  'code,td:first-child{font-family:ui-monospace,monospace}table{border-collapse:collapse}' +
  'h2,code,td{overflow-wrap:anywhere}td,th{text-align:left;vertical-align:top;padding:.2rem 1rem .2rem 0;border-bottom:1px solid #d7dde3}' +
  '@media(prefers-color-scheme:dark){body{color:#dce3ea;background:#12181f}a,h2 b{color:#5fd3ae}td,th{border-color:#2c3742}}';

const words = {
  en: {
    about:
      'JSON in UTF-8. Errors are <code>application/problem+json</code> with a stable <code>code</code>. The same as a document for programs: <a href="/openapi.json">/openapi.json</a>.',
    other: '<a href="/docs?plain&amp;lang=zh-CN" hreflang="zh-CN">中文</a>',
    head: ['Codes', 'code', 'what', 'what to do'],
    query: 'Query',
    body: 'Body',
    answer: 'Answer',
    or: 'or',
  },
  'zh-CN': {
    about:
      'UTF-8 编码的 JSON。错误为 <code>application/problem+json</code>，其中 <code>code</code> 不会改变。供程序读取的同一份文档：<a href="/openapi.json">/openapi.json</a>。',
    other: '<a href="/docs?plain&amp;lang=en" hreflang="en">English</a>',
    head: ['错误码', 'code', '含义', '如何处理'],
    query: '查询参数',
    body: '请求体',
    answer: '返回',
    or: '或',
  },
} as const;

/**
 * The table as a page, with every error code below it, in one language: for readers without scripts, and to search in or print.
 * No scripts, and nothing loaded from elsewhere.
 */
export function docsPage(routes: readonly Route[], version: string, locale: Locale): string {
  const said = words[locale];
  const replies = replyComponents();
  const codes = Object.entries(errorTexts).map(([code, { en, zh }]) => {
    const [what, next] = locale === 'en' ? en : zh;
    return `<tr><td>${escape(code)}</td><td>${escape(what)}</td><td>${escape(next)}</td></tr>`;
  });
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hark API</title>
<style>${docsStyle}</style></head><body>
<h1>Hark API ${escape(version)}</h1>
<p>${said.about} ${said.other}</p>
${routes.map((row) => entry(row, replies, locale)).join('\n')}
<h1>${said.head[0]}</h1>
<table><tr><th>${said.head[1]}</th><th>${said.head[2]}</th><th>${said.head[3]}</th></tr>${codes.join('\n')}</table>
</body></html>
`;
}

/** What stands above the reference that scripts show: the ways to the same for whoever has none. */
export const docsLinks: Readonly<Record<Locale, string>> = {
  en: '<a href="/docs?lang=zh-CN" hreflang="zh-CN" lang="zh-CN">中文</a> <a href="/docs?plain&amp;lang=en">All on one page, without scripts, with every error code</a> <a href="/openapi.json">openapi.json</a>',
  'zh-CN':
    '<a href="/docs?lang=en" hreflang="en" lang="en">English</a> <a href="/docs?plain&amp;lang=zh-CN">单页版（无需脚本，附全部错误码）</a> <a href="/openapi.json?lang=zh-CN">openapi.json</a>',
};

function entry(row: Route, replies: Schemas, locale: Locale): string {
  const said = words[locale];
  const summary = locale === 'en' ? row.summary : (chineseSummaries[`${row.method} ${row.path}`] ?? row.summary);
  const requested = (title: string, schema: z.ZodType | undefined) =>
    schema ? fields(title, requestSchemaOf(schema), {}, said.or) : '';
  const reply = typeof row.subject === 'string' && row.status !== 204 ? replySchemas[row.subject] : undefined;
  return `<h2><b>${row.method}</b> ${escape(row.path)}</h2><p>${escape(summary)}</p>
<p>${escape(notesOf(row, locale))}</p>${requested(said.query, row.query)}${requested(said.body, row.batch?.body ?? row.body)}${
    reply ? fields(said.answer, replyRefOf(row.batch?.answer ?? reply), replies, said.or) : ''
  }`;
}

type Schemas = Readonly<Record<string, JsonSchema>>;

const fields = (title: string, schema: JsonSchema, named: Schemas, or: string): string =>
  (schema.anyOf ?? [schema]).map((shape) => `<p>${title}: <code>${escape(shapeOf(shape, named))}</code></p>`).join(or);

/** `{ id, items: [{ … }], note? }`; nothing of what is no object. */
function shapeOf(schema: JsonSchema, named: Schemas): string {
  if (schema.$ref) return shapeOf(named[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)]!, named);
  if (schema.type === 'array') {
    const inside = shapeOf(schema.items as JsonSchema, named);
    return inside && `[${inside}]`;
  }
  if (schema.anyOf) {
    const shapes = schema.anyOf.map((one) => shapeOf(one, named));
    return shapes.filter((shape) => shape !== '').join(' | ');
  }
  if (!schema.properties) return '';
  const required = schema.required ?? [];
  const names = Object.entries(schema.properties).map(([name, property]) => {
    const inside = shapeOf(property as JsonSchema, named);
    return `${name}${required.includes(name) ? '' : '?'}${inside && `: ${inside}`}`;
  });
  return `{ ${names.join(', ')} }`;
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
