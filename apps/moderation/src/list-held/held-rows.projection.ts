import { ModerationEvent } from '@hark/contracts';
import { FoldProjection } from '@hark/readmodel';

/** A text that waits, or waited, for an operator. Whose and what it is stands sealed in the push's own stream. */
export interface HeldRow {
  push_id: string;
  content_hash: string;
  label: string;
  /** Where it stands in the log, which orders the list. A number once it was read back. */
  place: string | number;
  held_at: string;
  decided: 'approved' | 'rejected' | null;
  decided_at: string | null;
}

export const heldRows: FoldProjection<HeldRow> = {
  name: 'moderation.held.v2',
  table: 'moderation.held',
  key: ['push_id'],
  categories: ['moderation'],

  keyOf({ id, event, revision }) {
    // Nearly every push passes at once; only a later verdict can be about one that was held.
    const isFirstVerdict = revision === 0 && event.type !== 'moderation.held';
    return isFirstVerdict ? undefined : { push_id: id };
  },

  evolve(row, recorded) {
    const event = recorded.event as ModerationEvent;
    switch (event.type) {
      case 'moderation.held': {
        const { contentHash, label, at } = event.data;
        const held = { push_id: recorded.id, content_hash: contentHash, label, held_at: at };
        return { ...held, place: String(recorded.position), decided: null, decided_at: null };
      }
      case 'moderation.passed':
      case 'moderation.blocked':
        return undefined; // a newer text took the held one's place
      case 'moderation.approved':
        return row && { ...row, decided: 'approved', decided_at: event.data.at };
      case 'moderation.rejected':
        return row && { ...row, decided: 'rejected', decided_at: event.data.at };
      default:
        event satisfies never;
        return row;
    }
  },
};
