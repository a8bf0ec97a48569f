import { z } from 'zod';

/** A JSON Schema 2020-12, as zod writes it. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

const replyRef = (id: string): string => `#/components/schemas/${id}`;

/** What a client sends. */
export const requestSchemaOf = (schema: z.ZodType): JsonSchema =>
  withoutDialect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: simplify }));

/** Everything that is answered, by the name that its schema has (`.meta({ id })`). */
export function replyComponents(): Readonly<Record<string, JsonSchema>> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    uri: replyRef,
    override(context) {
      simplify(context);
      // A reply may have more fields one day: that is no reason for a client to fail.
      delete context.jsonSchema.additionalProperties;
    },
  });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutDialect(schema)]));
}

/** Stands for a reply's schema among the components; throws for one without a name. */
export function replyRefOf(schema: z.ZodType): { readonly $ref: string } {
  const id = z.globalRegistry.get(schema)?.id;
  if (id === undefined) throw new TypeError('the schema of a reply has a name');
  return { $ref: replyRef(id) };
}

/** Leaves out what tells a reader nothing: that a list is read-only in TypeScript, and the pattern behind `format`. */
function simplify({ jsonSchema }: { readonly jsonSchema: JsonSchema }): void {
  delete jsonSchema.readOnly;
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}

function withoutDialect({ $schema: _, $id: __, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
