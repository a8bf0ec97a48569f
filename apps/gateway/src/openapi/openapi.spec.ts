import { Validator } from '@seriousme/openapi-schema-validator';
import { replySchemas } from '@hark/contracts';
import { problemSchema } from '../http/problem';
import { Changes, eventText } from '../live/event-stream';
import { allRoutes } from '../routes/all-routes';
import { chineseSummaries } from './chinese';
import { replyExamples, requestExamples } from './examples';
import { openApi } from './openapi';
import { answersOf } from './responses';

interface Answer {
  readonly content?: Readonly<
    Record<string, { readonly schema: { readonly $ref?: string }; readonly example?: unknown }>
  >;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Record<string, object> }>>>>;
  readonly components: { readonly responses: Record<string, Answer> } & Readonly<Record<string, object>>;
}

const document = openApi(allRoutes, '1.0.0') as Document;
const titled = allRoutes.map((row) => [`${row.method} ${row.path}`, row] as const);
const answering = titled
  .flatMap(([name, row]) => answersOf(row).map((answer) => [name, answer] as const))
  .filter(([, { status }]) => status !== 204);
const isStream = ([, { stream }]: (typeof answering)[number]) => stream !== undefined;

describe('the document of the interface', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate({ ...document });
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it('is the same in Chinese, which has words for every group, call, parameter, header, answer and field', () => {
    const chinese = openApi(allRoutes, '1.0.0', 'zh-CN') as Document;
    const said: string[] = [];
    const withoutWords = (part: unknown): unknown =>
      JSON.parse(
        JSON.stringify(part, (key, value: unknown) => {
          const isWords = /^(summary|description|x-displayName)$/.test(key) && typeof value === 'string';
          if (isWords) said.push(value);
          return isWords ? undefined : value;
        }),
      );
    expect(withoutWords(chinese)).toEqual(withoutWords(document));
    said.splice(0);
    // An example is somebody's text, in whichever language.
    withoutWords(JSON.parse(JSON.stringify(chinese, (key, value: unknown) => (key === 'example' ? 0 : value))));
    expect(said.filter((text) => !/\p{Script=Han}/u.test(text))).toEqual([]);
    expect(said.length).toBeGreaterThan(allRoutes.length);
  });

  it.each(['en', 'zh-CN'] as const)('in %s sends no reader to a file of the sources', (locale) => {
    const text = JSON.stringify(openApi(allRoutes, '1.0.0', locale));
    expect(text.match(/`(?:docs|apps|libs)\/[^`]*`/g)).toBeNull();
  });

  it('refers only to what is there', () => {
    for (const [, name, part] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([\w-]+)"/g))
      expect(document.components[name!]).toHaveProperty([part!]);
    expect(JSON.stringify(document)).not.toContain('"$ref":"#/$defs');
  });

  it.each(answering.filter(isStream))('%s shows events that its service may give', (_, { path, subject, stream }) => {
    const { responses, components } = { ...document.paths[path]!['get']!, ...document };
    const { schema, example } = (responses['200'] as Answer).content!['text/event-stream']!;
    const [, name] = /schemas\/(\w+)/.exec(JSON.stringify(schema))!;
    expect(components.schemas).toHaveProperty([name!]);
    const { changes } = replySchemas[subject as string]!.parse(replyExamples[subject as string]) as Changes;
    expect(example).toBe(changes.map(eventText).join(''));
    expect(stream).toBeDefined();
  });

  it.each(answering.filter((row) => !isStream(row)))(
    '%s shows an answer that its service may give',
    (_, { path, method, status, subject, batch, text }) => {
      const { responses } = document.paths[path.replace(/:(\w+)/g, '{$1}')]![method.toLowerCase()]!;
      const { schema, example } = (responses[status] as Answer).content![text ? 'text/plain' : 'application/json']!;
      expect(schema.$ref).toMatch(/^#\/components\/schemas\/\w+$/);
      expect(
        (batch?.answer ?? replySchemas[subject as string]!).parse(JSON.parse(JSON.stringify(example))),
      ).toBeDefined();
    },
  );

  it.each(titled.filter(([, { body }]) => body))('%s shows a body that it takes', (name, { body, batch }) =>
    expect((batch?.body ?? body!).parse(requestExamples[name])).toBeDefined(),
  );

  it('shows no example that nobody asked for', () => {
    expect(Object.keys(requestExamples).sort()).toEqual(
      titled.flatMap(([name, { body }]) => (body ? [name] : [])).sort(),
    );
    expect(Object.keys(replyExamples).sort()).toEqual(
      [...new Set(answering.map(([, { subject }]) => subject as string))].sort(),
    );
  });

  it('shows a problem for each refusal', () => {
    for (const { content } of Object.values(document.components.responses)) {
      const told = problemSchema.parse(content!['application/problem+json']!.example);
      expect(told.detail).not.toContain('…');
    }
  });

  it('says in both languages what each call does, no two of them the same', () => {
    for (const said of [titled.map(([, { summary }]) => summary), Object.values(chineseSummaries)]) {
      expect(new Set(said).size).toBe(allRoutes.length);
    }
    expect(Object.keys(chineseSummaries).sort()).toEqual(titled.map(([name]) => name).sort());
  });
});
