import { ComplaintEvent } from '@hark/contracts';
import { Decider, HarkError, IsoTime, plusMs } from '@hark/kernel';

type DataOf<T extends ComplaintEvent['type']> = Extract<ComplaintEvent, { type: T }>['data'];

/** How long a push can be complained about, from when it was filed. */
const complainableMs = 30 * 86_400_000;

/** Whether a push that came into the inbox at `filedAt` can still be complained about. */
export const isComplainable = (filedAt: IsoTime, now: IsoTime): boolean => now <= plusMs(filedAt, complainableMs);

export type ComplaintCommand =
  /** `filedAt`: when the push came into the person's inbox. */
  | ({ readonly type: 'Complain'; readonly filedAt: IsoTime } & DataOf<'complaint.complained'>)
  | ({ readonly type: 'Uphold' } & DataOf<'complaint.upheld'>)
  | ({ readonly type: 'Dismiss' } & DataOf<'complaint.dismissed'>);

/** A person's complaint about one push (投诉), and what came of it. */
export type Complaint =
  | { readonly is: 'absent' }
  | { readonly is: 'open'; readonly complained: DataOf<'complaint.complained'> }
  | {
      readonly is: 'upheld';
      readonly complained: DataOf<'complaint.complained'>;
      readonly decided: DataOf<'complaint.upheld'>;
    }
  | {
      readonly is: 'dismissed';
      readonly complained: DataOf<'complaint.complained'>;
      readonly decided: DataOf<'complaint.dismissed'>;
    };

export const complaintDecider: Decider<Complaint, ComplaintCommand, ComplaintEvent> = {
  initial: { is: 'absent' },

  decide(command, complaint) {
    if (command.type === 'Complain') {
      const { type: _, filedAt, ...data } = command;
      if (complaint.is === 'absent') {
        if (isComplainable(filedAt, command.at)) return [{ type: 'complaint.complained', data }];
        throw new HarkError('refused', 'complaint.too-late', 'the message is too old');
      }
      // A person who complained in time may repeat it later and gets the same complaint.
      if (complaint.complained.reason === command.reason) return [];
      throw new HarkError('conflict', 'complaint.already-made', 'the person complained about this push before');
    }
    if (complaint.is === 'absent') throw new HarkError('not-found', 'complaint.unknown', 'there is no such complaint');
    if (complaint.is !== 'open') {
      if (complaint.decided.decisionId === command.decisionId) return [];
      throw new HarkError('conflict', 'complaint.already-decided', 'the complaint was decided before');
    }
    if (command.operatorId === complaint.complained.ownerId) {
      throw new HarkError('refused', 'complaint.own-app', 'the operator owns the app');
    }
    if (command.operatorId === complaint.complained.personId) {
      throw new HarkError('refused', 'ops.own-matter', 'the operator made the complaint');
    }
    if (command.type === 'Uphold') {
      const { type: _, ...data } = command;
      return [{ type: 'complaint.upheld', data }];
    }
    const { type: _, ...data } = command;
    return [{ type: 'complaint.dismissed', data }];
  },

  evolve(complaint, event) {
    if (event.type === 'complaint.complained') return { is: 'open', complained: event.data };
    if (complaint.is === 'absent') return complaint;
    const { complained } = complaint;
    switch (event.type) {
      case 'complaint.upheld':
        return { is: 'upheld', complained, decided: event.data };
      case 'complaint.dismissed':
        return { is: 'dismissed', complained, decided: event.data };
      default:
        event satisfies never;
        return complaint;
    }
  },
};
