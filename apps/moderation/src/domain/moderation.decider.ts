import { ModerationEvent } from '@hark/contracts';
import { Decider, HarkError } from '@hark/kernel';

type DataOf<T extends ModerationEvent['type']> = Extract<ModerationEvent, { type: T }>['data'];
type Decision = Omit<DataOf<'moderation.approved'>, 'contentHash'>;

/** What the chain says of one text; `label` says why where it did not pass. */
export type Verdict =
  | { readonly is: 'passed' }
  | { readonly is: 'held'; readonly label: string }
  | { readonly is: 'blocked'; readonly label: string };

export type ModerationCommand =
  | ({ readonly type: 'Judge'; readonly verdict: Verdict } & DataOf<'moderation.passed'>)
  | ({ readonly type: 'Approve' } & Decision)
  | ({ readonly type: 'Reject' } & Decision);

/** The verdict (内容安全) on a push. A new text needs a new one; every text is judged at most once. */
export type Moderation =
  | { readonly is: 'absent' }
  | {
      readonly is: 'passed' | 'held' | 'blocked' | 'approved' | 'rejected';
      /** Names the text that was judged last: the one this verdict is about. */
      readonly contentHash: string;
      readonly label: string | null;
      /** The hashes of every text that was judged, this one too. */
      readonly judged: readonly string[];
    };

/** Labels that say why there was no verdict, and so nothing about the text. */
const saysNothingOfTheText: ReadonlySet<string> = new Set(['unavailable', 'too-long']);

export const moderationDecider: Decider<Moderation, ModerationCommand, ModerationEvent> = {
  initial: { is: 'absent' },

  decide(command, moderation) {
    if (command.type === 'Judge') {
      const { type: _, verdict, ...data } = command;
      // The first verdict stands: judging again may say something else, for WeChat's opinion and the rules move on.
      if (moderation.is !== 'absent' && moderation.judged.includes(data.contentHash)) return [];
      if (verdict.is === 'passed') return [{ type: 'moderation.passed', data }];
      return [{ type: `moderation.${verdict.is}`, data: { ...data, label: verdict.label } }];
    }
    const decided = command.type === 'Approve' ? 'approved' : 'rejected';
    if (moderation.is === decided) return [];
    if (moderation.is === 'approved' || moderation.is === 'rejected') {
      throw new HarkError('conflict', 'review.already-decided', 'the held text was decided before');
    }
    if (moderation.is !== 'held') throw new HarkError('not-found', 'review.unknown', 'no text is held under this id');
    const { type: _, ...decision } = command;
    const data = { contentHash: moderation.contentHash, ...decision };
    if (decided === 'approved') return [{ type: 'moderation.approved', data }];
    const { label } = moderation;
    return [
      {
        type: 'moderation.rejected',
        data: { ...data, label: label === null || saysNothingOfTheText.has(label) ? 'other' : label },
      },
    ];
  },

  evolve(moderation, event) {
    const { contentHash } = event.data;
    const before = moderation.is === 'absent' ? [] : moderation.judged;
    const judged = before.includes(contentHash) ? before : [...before, contentHash];
    switch (event.type) {
      case 'moderation.passed':
        return { is: 'passed', contentHash, label: null, judged };
      case 'moderation.held':
        return { is: 'held', contentHash, label: event.data.label, judged };
      case 'moderation.blocked':
        return { is: 'blocked', contentHash, label: event.data.label, judged };
      case 'moderation.approved':
        return { is: 'approved', contentHash, label: null, judged };
      case 'moderation.rejected':
        return { is: 'rejected', contentHash, label: event.data.label, judged };
      default:
        event satisfies never;
        return moderation;
    }
  },
};
