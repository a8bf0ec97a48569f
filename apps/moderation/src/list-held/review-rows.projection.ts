import { HeldView, ModerationEvent } from '@hark/contracts';
import { FoldProjection } from '@hark/readmodel';

/** A text that did not pass by itself. Sender and words stay encrypted in the push's own stream. */
export interface ReviewRow {
  push_id: string;
  status: HeldView['status'];
  label: string;
  /** The verdict's position in the log, by which the list is ordered. A number once it was read back. */
  place: string | number;
  held_at: string;
}

export const reviewRows: FoldProjection<ReviewRow, ModerationEvent> = {
  name: 'moderation.reviews.v1',
  table: 'moderation.reviews',
  key: ['push_id'],
  categories: ['moderation'],

  keyOf({ id, event, revision }) {
    // A pass as the stream's first event, as for nearly every push, has no row to remove.
    return revision === 0 && event.type === 'moderation.passed' ? undefined : { push_id: id };
  },

  evolve(row, { event, id, position }) {
    switch (event.type) {
      case 'moderation.held':
      case 'moderation.blocked': {
        const { label, at } = event.data;
        const status = event.type === 'moderation.held' ? 'held' : 'blocked';
        return { push_id: id, status, label, place: String(position), held_at: at };
      }
      case 'moderation.passed':
        return undefined; // by a newer text, or by a later verdict
      case 'moderation.approved':
        return row && { ...row, status: 'approved' };
      case 'moderation.rejected':
        return row && { ...row, status: 'rejected' };
      case 'moderation.deferred':
      case 'moderation.resumed':
        return row;
      default:
        event satisfies never;
        return row;
    }
  },
};
