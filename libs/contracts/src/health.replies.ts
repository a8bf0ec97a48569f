import { z } from 'zod';
import { isoTime, uuid } from './fields';

/** The services that have tables and reactors; each answers for its own health. */
export const servicesWithHealth = ['auth', 'intake', 'moderation', 'delivery', 'complaints'] as const;

/** The subject that a service tells its health under. Other services may ask. */
export const healthSubjectOf = (service: string): string => `${service}.tell-health`;

const seconds = z.number().min(0);
const count = z.int().min(0);

/** How a service is. What stands in a store that is away is missing. */
export const serviceHealth = z
  .strictObject({
    service: z.string(),
    away: z.array(z.string()).readonly().describe('Stores that do not answer it.'),
    refusing: z.array(z.string()).readonly().describe('Channels whose provider refuses the hub itself.'),
    tables: z
      .array(z.strictObject({ table: z.string(), lagSeconds: seconds }))
      .readonly()
      .optional()
      .describe('Its read models. `lagSeconds`: the age of the first event that the table lacks, 0 for none.'),
    groups: z
      .array(
        z.strictObject({
          group: z.string(),
          parked: count.describe('Events that it gave up.'),
          waiting: count.describe('Events at hand that are not done with; the store looks about 1,000 ahead.'),
          readers: count.describe('Processes that take its events; with 0 nothing happens.'),
          lagSeconds: seconds.describe('The age of the latest event at its reaction, 0 while none waits.'),
        }),
      )
      .readonly()
      .optional()
      .describe('Its reactor groups.'),
    queues: z
      .array(z.strictObject({ queue: z.string(), waiting: count, oldestSeconds: seconds }))
      .readonly()
      .optional()
      .describe('What waits for a person or for its time.'),
  })
  .meta({ id: 'ServiceHealth' });
export type ServiceHealth = z.infer<typeof serviceHealth>;

/** How the hub is. */
export const hubHealth = z
  .strictObject({
    at: isoTime,
    services: z.array(serviceHealth).readonly(),
    silent: z.array(z.string()).readonly().describe('Services that do not answer.'),
    events: z
      .strictObject({
        since: isoTime,
        count,
        perSecond: z.number().min(0),
        types: z
          .array(z.strictObject({ type: z.string(), count }))
          .readonly()
          .describe('Most frequent first.'),
      })
      .describe('The latest events of the log: of an hour, or 5,000 where there were more.'),
    providers: z
      .array(z.strictObject({ provider: z.string(), tries: count, failed: count, errorRate: z.number().min(0).max(1) }))
      .readonly()
      .describe('How tries at channels, and at WeChat’s check of texts (`msgSecCheck`), ended among these events.'),
  })
  .meta({ id: 'HubHealth' });
export type HubHealth = z.infer<typeof hubHealth>;

/** An event that a reactor gave up. */
export const parkedEvent = z
  .strictObject({
    group: z.string(),
    number: count.describe('Its number in the group’s list, the bound for a replay.'),
    parkedAt: z.string(),
    reason: z.string().describe('The code of the error; its words may hold somebody’s and are not shown.'),
    type: z.string(),
    stream: z.string(),
    revision: count,
    requestId: z.string().optional(),
    data: z.record(z.string(), z.unknown()).describe('Ids, times, numbers and words of ours; all else is masked.'),
  })
  .meta({ id: 'ParkedEvent' });
export type ParkedEventView = z.infer<typeof parkedEvent>;
/** By group the oldest first; at most 200. */
export const parkedEvents = z
  .strictObject({ items: z.array(parkedEvent).max(200).readonly() })
  .meta({ id: 'ParkedEvents' });
export type ParkedEventsView = z.infer<typeof parkedEvents>;

/** What was given to a group again. `id` names the record of it in the audit. */
export const replayReply = z.strictObject({ id: uuid, group: z.string() }).meta({ id: 'Replay' });
export type ReplayReply = z.infer<typeof replayReply>;
