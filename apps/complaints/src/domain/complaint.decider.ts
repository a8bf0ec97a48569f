import { ComplaintEvent } from '@hark/contracts';
import { Decider, HarkError, IsoTime, plusMs } from '@hark/kernel';

type DataOf<T extends ComplaintEvent['type']> = Extract<ComplaintEvent, { type: T }>['data'];

/**
 * How long a penalty can be appealed, from when its complaint was upheld. Six months is what the EU asks of platforms for
 * complaints about their decisions (Regulation (EU) 2022/2065, article 20).
 */
export const appealableMs = 180 * 86_400_000;

/** How long a push can be complained about, from when it was filed. */
const complainableMs = 30 * 86_400_000;

/** Whether a push that came into the inbox at `filedAt` can still be complained about. */
export const isComplainable = (filedAt: IsoTime, now: IsoTime): boolean => now <= plusMs(filedAt, complainableMs);

export type ComplaintCommand =
  /** `filedAt`: when the push came into the person's inbox. */
  | ({ readonly type: 'Complain'; readonly filedAt: IsoTime } & DataOf<'complaint.complained'>)
  | ({ readonly type: 'Uphold' } & DataOf<'complaint.upheld'>)
  | ({ readonly type: 'Dismiss' } & DataOf<'complaint.dismissed'>)
  /** By the penalised owner. */
  | ({ readonly type: 'Appeal' } & DataOf<'complaint.appealed'>)
  | ({ readonly type: 'GrantAppeal' } & DataOf<'complaint.appeal-granted'>)
  | ({ readonly type: 'RefuseAppeal' } & DataOf<'complaint.appeal-refused'>);

/** An appeal against the penalty for an upheld complaint (申诉), and what came of it. */
export type Appeal = { readonly appealed: DataOf<'complaint.appealed'> } & (
  { readonly is: 'open' } | { readonly is: 'granted' | 'refused'; readonly decided: DataOf<'complaint.appeal-granted'> }
);

/** A person's complaint about one push (投诉), and what came of it. */
export type Complaint =
  | { readonly is: 'absent' }
  | { readonly is: 'open'; readonly complained: DataOf<'complaint.complained'> }
  | {
      readonly is: 'upheld';
      readonly complained: DataOf<'complaint.complained'>;
      readonly decided: DataOf<'complaint.upheld'>;
      readonly appeal?: Appeal;
    }
  | {
      readonly is: 'dismissed';
      readonly complained: DataOf<'complaint.complained'>;
      readonly decided: DataOf<'complaint.dismissed'>;
    };

/** A complaint that somebody made. */
export type MadeComplaint = Exclude<Complaint, { is: 'absent' }>;

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
    if (command.type === 'Appeal') return appeal(command, complaint);
    if (command.type === 'GrantAppeal' || command.type === 'RefuseAppeal') return decideAppeal(command, complaint);
    if (complaint.is === 'absent') throw new HarkError('not-found', 'complaint.unknown', 'there is no such complaint');
    if (complaint.is !== 'open') {
      if (complaint.decided.decisionId === command.decisionId) return [];
      throw new HarkError('conflict', 'complaint.already-decided', 'the complaint was decided before');
    }
    assertForeign(command.operatorId, complaint);
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
      case 'complaint.appealed':
        return complaint.is === 'upheld' ? { ...complaint, appeal: { is: 'open', appealed: event.data } } : complaint;
      case 'complaint.appeal-granted':
      case 'complaint.appeal-refused': {
        if (complaint.is !== 'upheld' || !complaint.appeal) return complaint;
        const is = event.type === 'complaint.appeal-granted' ? 'granted' : 'refused';
        return { ...complaint, appeal: { is, appealed: complaint.appeal.appealed, decided: event.data } };
      }
      default:
        event satisfies never;
        return complaint;
    }
  },
};

type CommandOf<T extends ComplaintCommand['type']> = Extract<ComplaintCommand, { type: T }>;

function appeal({ type: _, ...data }: CommandOf<'Appeal'>, complaint: Complaint): ComplaintEvent[] {
  if (complaint.is !== 'upheld') throw new HarkError('not-found', 'penalty.unknown', 'the complaint was not upheld');
  if (complaint.appeal) {
    if (complaint.appeal.appealed.requestId === data.requestId) return [];
    throw new HarkError('conflict', 'appeal.already-made', 'the penalty was appealed before');
  }
  if (data.at > plusMs(complaint.decided.at, appealableMs))
    throw new HarkError('refused', 'appeal.too-late', 'the penalty is too old');
  return [{ type: 'complaint.appealed', data }];
}

function decideAppeal(
  { type, ...data }: CommandOf<'GrantAppeal' | 'RefuseAppeal'>,
  complaint: Complaint,
): ComplaintEvent[] {
  if (complaint.is !== 'upheld' || !complaint.appeal)
    throw new HarkError('not-found', 'appeal.unknown', 'nobody appealed');
  if (complaint.appeal.is !== 'open') {
    if (complaint.appeal.decided.decisionId === data.decisionId) return [];
    throw new HarkError('conflict', 'appeal.already-decided', 'the appeal was decided before');
  }
  assertForeign(data.operatorId, complaint);
  if (data.operatorId === complaint.decided.operatorId)
    throw new HarkError('refused', 'appeal.second-operator', 'the operator upheld the complaint');
  return [{ type: type === 'GrantAppeal' ? 'complaint.appeal-granted' : 'complaint.appeal-refused', data }];
}

function assertForeign(operatorId: string, { complained }: MadeComplaint): void {
  if (operatorId === complained.ownerId)
    throw new HarkError('refused', 'complaint.own-app', 'the operator owns the app');
  if (operatorId === complained.personId)
    throw new HarkError('refused', 'ops.own-matter', 'the operator made the complaint');
}
