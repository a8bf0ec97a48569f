import { FilterSql } from '../inbox-filter.read-model';
import { selectInboxItems } from '../inbox-items.read-model';

/**
 * Selects one message for each thread of an app and every message without a thread. It is the newest one that no later step
 * has overtaken, so that a step that comes late neither shows nor moves its thread. Each row costs two looks into
 * `inbox_by_thread`, whatever the size of the inbox.
 */
export function selectFolded({ where }: FilterSql): string {
  const sameThread = (row: string) =>
    `${where(row)} and ${row}.thread_id = inbox.thread_id and ${row}.app_id = inbox.app_id`;
  return `${selectInboxItems}
    left join lateral (select max(other.step_index) as furthest from delivery.inbox other where ${sameThread('other')}) line on true
    where ${where('inbox')} and (inbox.thread_id is null or (
      (inbox.step_index is null or inbox.step_index = line.furthest)
      and not exists (
        select from delivery.inbox newer
        where ${sameThread('newer')} and (newer.place, newer.item_id) > (inbox.place, inbox.item_id)
          and (newer.step_index is null or newer.step_index = line.furthest))))`;
}
