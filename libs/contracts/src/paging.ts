import { z } from 'zod';

/** `?limit=` and `?cursor=` of every list; newest first, unless `?order=` of a queue says otherwise. */
export const page = {
  limit: z.coerce.number().int().min(1).max(200).optional(),
  cursor: z.string().max(200).optional(),
};
/** What a list has first. */
export const listOrder = z.enum(['newest', 'oldest']);
export type ListOrder = z.infer<typeof listOrder>;
/** A page of what waits for somebody: whoever works it takes the oldest first, so that nothing waits for ever. */
export const queuePage = {
  ...page,
  order: listOrder
    .optional()
    .describe('What comes first. A cursor goes on in the order that is named with it. Without it: `newest`.'),
};
export const limitDefault = 50;
export const pageRequest = z.strictObject(page);

/** What a list answers. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** The reply of a list of these. */
export const pageReply = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({
    items: z.array(item).readonly(),
    nextCursor: z.string().nullable().describe('For `?cursor=`; null on the last page.'),
  });

/** As far as what waits in a queue is counted: whoever has so many cares no more for the exact number. */
export const waitingMax = 1_000;
export const waitingCount = z.int().min(0).max(waitingMax).describe(`How many wait; ${waitingMax}: so many or more.`);
