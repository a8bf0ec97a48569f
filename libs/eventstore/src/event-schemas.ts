import { DomainEvent, HarkError } from '@hark/kernel';

/** What this library needs of a schema; a zod type fits. */
export interface EventSchema {
  safeParse(data: unknown):
    | { readonly success: true }
    | {
        readonly success: false;
        readonly error: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] };
      };
}

/** The shape of each event type's data, by type. */
export type EventSchemas = Readonly<Record<string, EventSchema>>;

const pathsShownMax = 5;

/** Throws `invalid` `event.invalid` unless `event` fits. Names the places, never the values: they may be personal. */
export function checkEvent(schemas: EventSchemas | undefined, event: DomainEvent): void {
  if (!schemas) return;
  const schema = Object.hasOwn(schemas, event.type) ? schemas[event.type] : undefined;
  if (!schema) throw new HarkError('invalid', 'event.invalid', `there is no event type ${event.type}`);
  const result = schema.safeParse(event.data);
  if (result.success) return;
  const places = result.error.issues
    .slice(0, pathsShownMax)
    .map((issue) => issue.path.map(String).join('.') || '(whole)');
  throw new HarkError('invalid', 'event.invalid', `${event.type} does not fit its schema at ${places.join(', ')}`);
}
