import { z } from 'zod';
import { clientErrorCodes } from '@hark/contracts';
import { Access, Route } from '../routes/route';

const security: Readonly<Record<Access, readonly object[]>> = {
  anyone: [],
  user: [{ session: [] }],
  operator: [{ session: [] }],
  admin: [{ session: [] }],
  app: [{ secret: [] }],
  credential: [{ key: [] }],
  'owner-or-app': [{ session: [] }, { key: [] }],
};

/** The table as OpenAPI 3.1: what `/openapi.json` answers. */
export function openApi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const row of routes) {
    const path = row.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[row.method.toLowerCase()] = operation(row);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Hark', version, description: 'A consent-first push hub.' },
    paths,
    components: {
      securitySchemes: {
        session: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A person’s session' },
        secret: { type: 'http', scheme: 'bearer', description: 'An app secret has_…' },
        key: { type: 'http', scheme: 'bearer', description: 'A binding key hk_… or an app secret has_…' },
      },
      schemas: { Problem: problemSchema },
    },
  };
}

function operation(row: Route): object {
  const inPath = [...row.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = row.query
    ? Object.entries(row.query.shape).map(([name, schema]) => ({
        name,
        in: 'query',
        schema: jsonSchemaOf(schema as z.ZodType),
      }))
    : [];
  const plain = row.plain ? plainQuery(row.body!) : [];
  const idempotency = row.idempotent
    ? [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', maxLength: 255 } }]
    : [];
  return {
    summary: row.summary,
    security: security[row.access],
    parameters: [...inPath, ...inQuery, ...plain, ...idempotency],
    ...(row.body && {
      requestBody: { required: !row.plain, content: contentOf(row.body, row.plain) },
    }),
    responses: {
      [row.status]: { description: row.summary },
      default: {
        description: 'What went wrong',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function contentOf(body: z.ZodType, plain = false): object {
  const schema = jsonSchemaOf(body);
  const json = { 'application/json': { schema } };
  if (!plain) return json;
  const text = { type: 'string', description: 'The field body; the others may stand in the query' };
  return { ...json, 'application/x-www-form-urlencoded': { schema }, 'text/plain': { schema: text } };
}

/** The fields of a plain body as query parameters; a key never stands in an address. */
function plainQuery(body: z.ZodType): object[] {
  const { properties = {} } = jsonSchemaOf(body) as { properties?: Record<string, object> };
  return Object.entries(properties)
    .filter(([name]) => name !== 'key')
    .map(([name, schema]) => ({ name, in: 'query', description: 'In place of the field in the body', schema }));
}

/** A zod schema as JSON Schema 2020-12, of what a client sends. */
export function jsonSchemaOf(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: clientErrorCodes },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { path: { type: 'string' }, message: { type: 'string' } } },
    },
  },
};
