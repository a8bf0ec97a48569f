import { Level } from '@hark/contracts';
import { IsoTime } from '@hark/kernel';

/** One message as a person sees it (消息). `content` stays sealed until it is answered; null until it is filed. */
export interface InboxRow {
  item_id: string;
  person_id: string;
  app_id: string;
  binding_id: string;
  /** Its place in the inbox: a position in the log. A number once it was read back. */
  place: string | number;
  content: string | null;
  /** A keyed hash of person and thread; each app has its own threads under it. */
  thread_id: string | null;
  step_index: number | null;
  step_of: number | null;
  level: Level | null;
  reason: string | null;
  pushed_at: string;
  filed_at: string | null;
  /** When its sender last changed the text. */
  edited_at: string | null;
  read_at: string | null;
  acknowledged_at: string | null;
  archived_at: string | null;
  kept_at: string | null;
  /** The ids of the actions that were pressed. */
  actions_taken: readonly string[] | null;
  /** When it left the inbox; then nothing is left of it but that there was one. */
  gone_at: string | null;
  /** Where in the log it was filed, and last changed for its person; numbers once they were read back. */
  filed_position: string | number | null;
  changed_position: string | number | null;
  change: 'filed' | 'updated' | 'read' | 'recalled' | null;
}

/** A row that a person can see. */
export type FiledRow = InboxRow & { readonly content: string; readonly filed_at: string };

/** The name of the projection that writes these rows. */
export const inboxProjection = 'delivery.inbox.v2';

/** Stands in for app and binding in the hub's own messages. */
export const hubItself = '00000000-0000-0000-0000-000000000000';

/**
 * A message filed later than this after it was accepted, in milliseconds, is placed as new: nobody would look further
 * down.
 */
const lateMs = 60_000;

/** Whether a message was filed so late that it is placed as new. */
export const isFiledLate = ({ pushedAt, at }: { readonly pushedAt: IsoTime; readonly at: IsoTime }): boolean =>
  Date.parse(at) - Date.parse(pushedAt) > lateMs;

/**
 * For how long it is told that a message has gone, in milliseconds: no session lasts longer, and whoever logs in anew reads the
 * list.
 */
export const goneToldForMs = 30 * 24 * 3_600_000;
