import { z } from 'zod';
import { Locale } from '@hark/contracts';
import { Access, Route } from '../routes/route';
import { errorTexts } from '../texts/error-texts';
import { chineseSummaries, chineseWho } from './chinese';
import { jsonSchemaOf } from './openapi';

const whoWords: Readonly<Record<Access, string>> = {
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

const words = {
  en: {
    about:
      'JSON in UTF-8. Errors are <code>application/problem+json</code> with a stable <code>code</code>. The same as a document for programs: <a href="/openapi.json">/openapi.json</a>.',
    other: '<a href="/docs?lang=zh-CN" hreflang="zh-CN">中文</a>',
    head: ['Codes', 'code', 'what', 'what to do'],
    who: (who: string, status: number) => `For ${who}. Answers ${status}.`,
    idempotent: 'Takes an Idempotency-Key.',
    plain: 'Also takes a form, a plain text (its field body) and query parameters; never a key in the address.',
    query: 'Query',
    body: 'Body',
    or: 'or',
  },
  'zh-CN': {
    about:
      'UTF-8 编码的 JSON。错误为 <code>application/problem+json</code>,其中 <code>code</code> 不会改变。供程序读取的同一份文档:<a href="/openapi.json">/openapi.json</a>。',
    other: '<a href="/docs?lang=en" hreflang="en">English</a>',
    head: ['错误码', 'code', '含义', '如何处理'],
    who: (who: string, status: number) => `调用者:${who}。成功时返回 ${status}。`,
    idempotent: '支持 Idempotency-Key。',
    plain: '也接受表单、纯文本(作为 body 字段)和查询参数;密钥不能放在网址中。',
    query: '查询参数',
    body: '请求体',
    or: '或',
  },
} as const;

/** The table as a page to read, with every error code below it, in one language. No scripts, nothing from elsewhere. */
export function docsPage(routes: readonly Route[], version: string, locale: Locale): string {
  const said = words[locale];
  const codes = Object.entries(errorTexts).map(([code, { en, zh }]) => {
    const [what, next] = locale === 'en' ? en : zh;
    return `<tr><td>${escape(code)}</td><td>${escape(what)}</td><td>${escape(next)}</td></tr>`;
  });
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hark API</title>
<style>${docsStyle}</style></head><body>
<h1>Hark API ${escape(version)}</h1>
<p>${said.about} ${said.other}</p>
${routes.map((row) => entry(row, locale)).join('\n')}
<h1>${said.head[0]}</h1>
<table><tr><th>${said.head[1]}</th><th>${said.head[2]}</th><th>${said.head[3]}</th></tr>${codes.join('\n')}</table>
</body></html>
`;
}

function entry(row: Route, locale: Locale): string {
  const said = words[locale];
  const isEnglish = locale === 'en';
  const who = isEnglish ? whoWords[row.access] : chineseWho[row.access];
  const summary = isEnglish ? row.summary : (chineseSummaries[`${row.method} ${row.path}`] ?? row.summary);
  const notes = [said.who(who, row.status), row.idempotent ? said.idempotent : '', row.plain ? said.plain : ''];
  return `<h2><b>${row.method}</b> ${escape(row.path)}</h2><p>${escape(summary)}</p>
<p>${escape(notes.join(' '))}</p>${fields(said.query, row.query, said.or)}${fields(said.body, row.body, said.or)}`;
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly ObjectSchema[];
}

function fields(title: string, schema: z.ZodType | undefined, or: string): string {
  if (!schema) return '';
  const shape = jsonSchemaOf(schema) as ObjectSchema;
  return (shape.anyOf ?? [shape])
    .map(({ properties = {}, required = [] }) => {
      const names = Object.keys(properties).map((name) => (required.includes(name) ? name : `${name}?`));
      return `<p>${title}: <code>{ ${escape(names.join(', '))} }</code></p>`;
    })
    .join(or);
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
