import { z } from 'zod';

/** What a person answered about one template, by WeChat's own event. */
export interface ReminderAnswer {
  readonly templateId: string;
  /** `off`: they switched the template's messages off in their settings. */
  readonly is: 'accepted' | 'off';
}

/** An event about reminders: whose, and a name by which its repeats are known. */
export interface ReminderEvent {
  readonly openid: string;
  readonly name: string;
  readonly answers: readonly ReminderAnswer[];
}

const entry = z.object({ TemplateId: z.string().max(64), SubscribeStatusString: z.string().max(64).optional() });
/** WeChat writes one entry as an object and several as a list; times as a text or a number. */
const pushed = z.object({
  FromUserName: z.string().min(1).max(128),
  CreateTime: z.union([z.string().max(20), z.number()]),
  Event: z.string().max(64),
  List: z.union([entry.transform((one) => [one]), z.array(entry).max(10)]),
});

/**
 * What an event says of reminders (WeChat docs: subscribeMessage, events); undefined of all others. A refusal of one dialog
 * leaves what was accepted before, and a message that was sent has cost its credit already.
 */
export function reminderEventIn(event: unknown): ReminderEvent | undefined {
  const parsed = pushed.safeParse(event);
  if (!parsed.success) return undefined;
  const { FromUserName: openid, CreateTime, Event, List } = parsed.data;
  const answers = List.flatMap(({ TemplateId: templateId, SubscribeStatusString: status }): ReminderAnswer[] => {
    if (Event === 'subscribe_msg_popup_event' && status === 'accept') return [{ templateId, is: 'accepted' }];
    if (Event === 'subscribe_msg_change_event' && status === 'reject') return [{ templateId, is: 'off' }];
    return [];
  });
  return { openid, name: `${Event} ${openid} ${CreateTime}`, answers };
}
