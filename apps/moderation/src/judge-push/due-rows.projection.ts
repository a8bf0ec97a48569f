import { ModerationEvent } from '@hark/contracts';
import { DueRow, dueRow, FoldProjection } from '@hark/readmodel';

/** `moderation.due`: the texts without a verdict, and when each is judged again. */
export const dueRows: FoldProjection<DueRow, ModerationEvent> = {
  name: 'moderation.due.v1',
  table: 'moderation.due',
  key: ['due_key'],
  categories: ['moderation'],

  // A stream's first event is never a deferral, so nearly every push costs no look-up.
  keyOf: ({ id, revision }) => (revision === 0 ? undefined : { due_key: id }),

  evolve(_, recorded) {
    const { event } = recorded;
    if (event.type !== 'moderation.deferred') return undefined;
    const { tries, until } = event.data;
    return dueRow(recorded, { key: recorded.id, at: until, task: 'judge-again', data: { pushId: recorded.id, tries } });
  },
};
