import { z } from 'zod';
import { Locale } from '@hark/contracts';
import { Access, Route } from '../routes/route';
import { chineseSummaries } from './chinese';
import { inChinese } from './chinese-texts';
import { curlSample } from './curl-sample';
import { requestExamples } from './examples';
import { replyComponents, requestSchemaOf } from './json-schemas';
import { headerComponents, responseComponents, responsesOf } from './responses';
import { chineseTags, tagOf, tags } from './tags';
import { notesOf } from './words';

const security: Readonly<Record<Access, readonly object[]>> = {
  anyone: [],
  user: [{ session: [] }],
  operator: [{ session: [] }],
  admin: [{ session: [] }],
  app: [{ secret: [] }],
  credential: [{ key: [] }],
  'owner-or-app': [{ session: [] }, { key: [] }],
};

/** The table as OpenAPI 3.1, in one language: what `/openapi.json` answers. `hubUrl`: where its examples call the hub. */
export function openApi(
  routes: readonly Route[],
  version: string,
  locale: Locale = 'en',
  hubUrl = 'http://localhost:3000',
): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const row of routes) {
    const path = row.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[row.method.toLowerCase()] = operation(row, locale, hubUrl);
  }
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Hark',
      version,
      description:
        'A consent-first push hub. JSON in UTF-8, times in UTC. Errors are problem documents with a stable code. The lines of curl take who calls from the shell: `SESSION`, an `accessToken` of `POST /v1/sessions`; `SECRET`, an app secret; `KEY`, a binding key.\n\nTools that speak Bark, ntfy, Gotify or Server酱 push here too: their server is this address followed by `/bark`, `/ntfy`, `/gotify` or `/serverchan`, and a binding key stands in the place of the device key, topic, token or SendKey: `/bark/KEY/TITLE/BODY`, `/ntfy/KEY`, `/gotify/message?token=KEY`, `/serverchan/KEY.send`. Title, text, link, picture and priority are those of the push. What only their own apps know of, such as a sound, is left out; what would change the meaning is refused by name.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: tags.map((tag) => ({ ...tag, ...(locale === 'zh-CN' && { 'x-displayName': chineseTags[tag.name] }) })),
    paths,
    components: {
      securitySchemes: {
        session: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A person’s session' },
        secret: { type: 'http', scheme: 'bearer', description: 'An app secret has_…' },
        key: { type: 'http', scheme: 'bearer', description: 'A binding key hk_… or an app secret has_…' },
      },
      schemas: replyComponents(),
      headers: headerComponents,
      responses: responseComponents,
    },
  };
  return locale === 'en' ? document : inChinese(document);
}

function operation(row: Route, locale: Locale, hubUrl: string): object {
  const inPath = [...row.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', format: 'uuid' },
  }));
  const inQuery = row.query
    ? Object.entries(row.query.shape).map(([name, schema]) => ({
        name,
        in: 'query',
        schema: requestSchemaOf(schema as z.ZodType),
      }))
    : [];
  const plain = row.plain ? plainQuery(row.body!) : [];
  return {
    tags: [tagOf(row.path)],
    summary: locale === 'en' ? row.summary : (chineseSummaries[`${row.method} ${row.path}`] ?? row.summary),
    description: notesOf(row, locale),
    security: security[row.access],
    parameters: [...inPath, ...inQuery, ...plain, ...headersOf(row)],
    ...(row.body && {
      requestBody: { required: !row.plain, content: contentOf(row) },
    }),
    responses: responsesOf(row),
    'x-codeSamples': [{ lang: 'Shell', label: 'curl', source: curlSample(row, hubUrl) }],
  };
}

function headersOf(row: Route): object[] {
  const language = {
    name: 'Accept-Language',
    in: 'header',
    description: 'The language of every text made by Hark: `zh-CN` or `en`.',
    schema: { type: 'string' },
  };
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'The same key and body get the same answer, for at least 24 hours.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  };
  const position = {
    name: 'Hark-Position',
    in: 'header',
    description: 'As a write answered it: this read then sees that write, or is answered 503.',
    schema: { type: 'string' },
  };
  const lastEventId = {
    name: 'Last-Event-ID',
    in: 'header',
    description: 'The id of the last event that the client has; also any `Hark-Position`.',
    schema: { type: 'string' },
  };
  return [
    language,
    ...(row.stream ? [lastEventId] : []),
    ...(row.idempotent ? [key] : []),
    ...(row.method === 'GET' ? [position] : []),
  ];
}

function contentOf({ body, batch, plain, method, path }: Route): object {
  const schema = requestSchemaOf(batch?.body ?? body!);
  const json = { 'application/json': { schema, example: requestExamples[`${method} ${path}`] } };
  if (!plain) return json;
  const text = { type: 'string', description: 'The field body; the others may stand in the query' };
  return { ...json, 'application/x-www-form-urlencoded': { schema }, 'text/plain': { schema: text } };
}

/** The fields of a plain body as query parameters, without `key`: a key never stands in an address. */
function plainQuery(body: z.ZodType): object[] {
  const { properties = {} } = requestSchemaOf(body);
  return Object.entries(properties)
    .filter(([name]) => name !== 'key')
    .map(([name, schema]) => ({ name, in: 'query', description: 'In place of the field in the body', schema }));
}
