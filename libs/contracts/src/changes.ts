import { z } from 'zod';

/** What is told on NATS when there is more to ask for, by whom it concerns: a person; an app. */
export const changeSubjects = { inbox: 'hark.events.inbox', pushes: 'hark.events.pushes' } as const;

/** The most changes in one answer. */
export const changesMax = 200;

const position = z.string().max(64);

/** What is asked for of a stream: what came after `after`, which is a `Hark-Position`. Nothing but the present without it. */
export const changesFields = {
  after: position.optional(),
  limit: z.int().min(1).max(changesMax).optional(),
};

/**
 * The answer of a stream's source: the changes after the position that was asked for, in the log's order, each with where
 * it stands; `next` is where to go on. Each kind of event has the data of that name in `kinds`.
 */
export function changesReply<const Kinds extends Readonly<Record<string, z.ZodType>>>(id: string, kinds: Kinds) {
  type Change = { [Kind in keyof Kinds & string]: { event: Kind; data: z.infer<Kinds[Kind]> } }[keyof Kinds & string];
  const of = Object.entries(kinds).map(([event, data]) => z.strictObject({ event: z.literal(event), position, data }));
  const change = z.union(of).meta({ id }) as unknown as z.ZodType<Change & { position: string }>;
  return z
    .strictObject({
      topic: z.string().describe('What is told on NATS when there is more.'),
      next: position,
      changes: z.array(change).readonly(),
    })
    .meta({ id: `${id}s` });
}
