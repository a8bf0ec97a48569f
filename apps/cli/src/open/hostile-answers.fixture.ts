import { randomUUID } from 'node:crypto';
import type { BrowserContext } from 'playwright-core';
import { exampleAnswers, Schema } from './example-answers.fixture';

/** Schemas that hold themselves end here. */
const depthMax = 12;

/** What answers the console's calls: the hub's answers with every field that they may have, and in it what an attacker writes. */
export class HostileAnswers {
  private at = 0;
  private readonly examples = exampleAnswers();
  /** Each field of an answer has other texts in each pass, and all of them after as many passes as there are groups of texts. */
  pass = 0;

  /** `together` of the texts stand in each field, the next ones in the next. */
  constructor(
    private readonly texts: readonly string[],
    private readonly together: number,
  ) {}

  /** To every call from now on, of an operator who is logged in. */
  async answer(context: BrowserContext, hubUrl: string): Promise<void> {
    await context.addInitScript({ content: `localStorage.setItem('hark.session', 'hostile')` });
    await context.route(`${hubUrl}/v1/**`, (route) => {
      const { pathname } = new URL(route.request().url());
      // A stream stays open.
      if (pathname.endsWith('/stream')) return;
      this.at = (this.pass * this.together) % this.texts.length;
      const { schema, example } = this.examples.answerTo(route.request().method(), pathname) ?? {};
      return schema === undefined
        ? route.fulfill({ status: 204 })
        : route.fulfill({ json: this.filled(schema, example) });
    });
  }

  private filled(schema: Schema, example: unknown, name = '', depth = 0): unknown {
    const { $ref, anyOf, oneOf, allOf } = schema;
    if ($ref !== undefined) {
      return depth > depthMax
        ? example
        : this.filled(this.examples.schemas[$ref.split('/').at(-1)!]!, example, name, depth + 1);
    }
    if (name === 'nextCursor') return null;
    if (name === 'roles') return ['user', 'operator', 'admin'];
    if (allOf) return Object.assign({}, ...allOf.map((one) => this.filled(one, example, name, depth))) as object;
    const kinds = anyOf ?? oneOf;
    if (kinds) {
      const kind = kinds.find((one) => fits(one, example)) ?? kinds.find(({ type }) => type !== 'null');
      return kind && this.filled(kind, example, name, depth);
    }
    if (schema.const !== undefined) return schema.const;
    if (schema.enum) return example ?? schema.enum[0];
    switch (schema.type) {
      case 'string':
        return this.word(schema, example);
      case 'array':
        return Array.isArray(example) && example.length > 0
          ? example.map((one) => this.filled(schema.items ?? {}, one, name, depth))
          : [this.filled(schema.items ?? {}, undefined, name, depth)];
      case 'object':
        return this.object(schema, (example ?? {}) as Readonly<Record<string, unknown>>, depth);
      case 'boolean':
        return example ?? true;
      case 'integer':
      case 'number':
        return example ?? 1;
      default:
        return example ?? this.next();
    }
  }

  private object(
    { properties = {}, additionalProperties }: Schema,
    example: Readonly<Record<string, unknown>>,
    depth: number,
  ) {
    const others = typeof additionalProperties === 'object' ? additionalProperties : {};
    const names = new Set([...Object.keys(properties), ...Object.keys(example)]);
    if (names.size === 0 && additionalProperties) names.add(this.next());
    return Object.fromEntries(
      [...names].map((name) => [name, this.filled(properties[name] ?? others, example[name], name, depth + 1)]),
    );
  }

  private word({ format, pattern }: Schema, example: unknown): unknown {
    if (format === 'uuid') return example ?? randomUUID();
    if (format === 'date-time') return new Date(Date.now() + 60_000).toISOString();
    return pattern === undefined ? this.next() : example;
  }

  private next(): string {
    const from = this.at;
    this.at = (from + this.together) % this.texts.length;
    return Array.from({ length: this.together }, (_, one) => this.texts[(from + one) % this.texts.length]).join(' ');
  }
}

function fits({ type, $ref, properties = {} }: Schema, example: unknown): boolean {
  if (example === null) return type === 'null';
  if ($ref !== undefined) return typeof example === 'object';
  if (Array.isArray(example)) return type === 'array';
  if (type !== typeof example && !(type === 'integer' && typeof example === 'number')) return false;
  return Object.entries(properties).every(
    ([name, { const: only }]) => only === undefined || only === (example as Readonly<Record<string, unknown>>)[name],
  );
}
