import { join } from 'node:path';

/** As much of JSON Schema as our document has. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}
interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { example?: unknown; schema?: Schema }>> }>
  >;
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
/** What the hub answers to a call that it did, by its own document. */
export interface ExampleAnswer {
  readonly example: unknown;
  readonly schema: Schema | undefined;
}

const gateway = join(__dirname, '../../../gateway/dist');
/* eslint-disable @typescript-eslint/no-require-imports -- of the built gateway, which no app may import */
const { openApi } = require(join(gateway, 'openapi/openapi.js')) as {
  openApi: (routes: unknown, version: string) => OpenApi;
};
const { allRoutes } = require(join(gateway, 'routes/all-routes.js')) as { allRoutes: unknown };
/* eslint-enable @typescript-eslint/no-require-imports */

/** The schemas of `/openapi.json`, and what it says that a call is answered; `undefined` for a call that it does not know. */
export function exampleAnswers(): {
  schemas: Readonly<Record<string, Schema>>;
  answerTo: (method: string, pathname: string) => ExampleAnswer | undefined;
} {
  const { paths, components } = openApi(allRoutes, '1.0.0');
  const calls = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
      isExact: !path.includes('{'),
      answer: answerOf(operation),
    })),
  );
  // `/v1/inbox/unread` before `/v1/inbox/{inboxItemId}`.
  calls.sort((a, b) => Number(b.isExact) - Number(a.isExact));
  return {
    schemas: components.schemas,
    answerTo: (wanted, pathname) =>
      calls.find(({ method, pattern }) => method === wanted && pattern.test(pathname))?.answer,
  };
}

function answerOf({ responses }: Operation): ExampleAnswer {
  const [, success] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? [];
  const content = Object.values(success?.content ?? {})[0];
  return { example: content?.example, schema: content?.schema };
}
