import { FilterSql } from '../inbox-filter.read-model';
import { selectInboxItems } from '../inbox-items.read-model';

/**
 * Selects one message for each thread of an app and every message without a thread. It is the newest one that no later step
 * has overtaken, so that a step that comes late neither shows nor moves its thread. Three looks into `inbox_by_thread` find
 * it, however many messages the thread has. They do not name the person, whom the thread's id stands for: the planner must
 * not take an index of a person's messages for them, whatever it believes of a person it has no statistics of.
 */
export function selectFolded({ where, whereOwn }: FilterSql): string {
  const newestWith = (step: string) => `
    (select one.item_id, one.place from delivery.inbox one where ${sameThread('one')} and one.step_index ${step}
      order by one.place desc, one.item_id desc limit 1)`;
  const sameThread = (row: string) =>
    `${row}.thread_id = inbox.thread_id and ${row}.app_id = inbox.app_id and ${whereOwn(row)}`;
  const furthest = `(select max(other.step_index) from delivery.inbox other where ${sameThread('other')})`;
  return `${selectInboxItems}
    left join lateral (
      select candidate.item_id from (${newestWith('is null')} union all ${newestWith(`= ${furthest}`)}) candidate
       order by candidate.place desc, candidate.item_id desc limit 1) shown on inbox.thread_id is not null
    where ${where('inbox')} and (inbox.thread_id is null or inbox.item_id = shown.item_id)`;
}
