import { MessageEvent, Priority, PushedEvent } from '@hark/contracts';
import { Decider, HarkError, IsoTime } from '@hark/kernel';

type Pushed = PushedEvent['data'];

export type MessageCommand =
  /** With `sendAt` it waits until then. */
  | ({ readonly type: 'Push' } & Pushed)
  /** The appointment of that number is due. A second firing of it makes no event. */
  | {
      readonly type: 'Fire';
      readonly number: number;
      readonly epoch: number;
      readonly onTime?: true;
      readonly at: IsoTime;
    }
  /** Its time is over. */
  | { readonly type: 'Expire'; readonly epoch: number; readonly at: IsoTime }
  | { readonly type: 'Recall'; readonly at: IsoTime }
  /** Number `number` of those it goes to while nobody acknowledges it gets nothing. */
  | { readonly type: 'DropEscalation'; readonly number: number; readonly reason: string; readonly at: IsoTime }
  | Edit;

/** What becomes of a push that its sender changes: only what differs is named. */
export interface Edit {
  readonly type: 'Edit';
  /** The edition of the text that was changed. */
  readonly basedOn: number;
  readonly text?: { readonly content: string; readonly contentHash: string; readonly threadHash?: string };
  readonly priority?: Priority;
  /** `null`: at once. */
  readonly sendAt?: IsoTime | null;
  /** `null` when it has no end any more. */
  readonly expiresAt?: IsoTime | null;
  /** Where its present text is: nowhere yet, in the inbox, acknowledged there, or nowhere for good. */
  readonly inbox: 'awaited' | 'filed' | 'acknowledged' | 'refused';
  readonly at: IsoTime;
}

/** How often the text of one push can change. */
export const editsMax = 50;

/** One message from an app to a person (推送). Its content is frozen when it is accepted; only its sender changes it. */
export type Message =
  | { readonly is: 'absent' }
  | ({
      readonly is: 'pushed' | 'recalled' | 'expired';
      /** Its present appointment; null once that has been fired, or without one. */
      readonly appointment: { readonly number: number; readonly sendAt: IsoTime } | null;
      /** How many appointments it has had. */
      readonly appointments: number;
      /** How often its text has changed. */
      readonly edition: number;
      /** Of those it goes to while nobody acknowledges it, who get nothing. */
      readonly escalationsDropped: readonly number[];
    } & Pick<
      Pushed,
      'escalate' | 'appId' | 'ownerId' | 'personId' | 'bindingId' | 'contentHash' | 'priority' | 'expiresAt' | 'at'
    >);

type Known = Exclude<Message, { is: 'absent' }>;

/** The rules of a push: it fires once for each appointment, never early, and never again once it was taken back. */
export const messageDecider: Decider<Message, MessageCommand, MessageEvent> = {
  initial: { is: 'absent' },

  decide(command, message) {
    if (command.type === 'Push') return push(command, message);
    if (message.is === 'absent') throw new HarkError('not-found', 'push.unknown', 'there is no such push');
    const { at } = command;
    switch (command.type) {
      case 'Fire':
        return fire(command, message);
      case 'Expire': {
        if (message.is !== 'pushed' || message.expiresAt === undefined || at < message.expiresAt) return [];
        return [{ type: 'message.expired', data: { epoch: command.epoch, at } }];
      }
      case 'Edit':
        return edit(command, message);
      case 'DropEscalation': {
        const { number, reason } = command;
        if (message.escalationsDropped.includes(number)) return [];
        return [{ type: 'message.escalation-dropped', data: { number, reason, at } }];
      }
      case 'Recall':
        return message.is === 'recalled' ? [] : [{ type: 'message.recalled', data: { at } }];
    }
  },

  evolve(message, event) {
    if (event.type === 'message.pushed') {
      const { appId, ownerId, personId, bindingId, contentHash, priority, expiresAt, escalate, at } = event.data;
      const known = {
        appId,
        ownerId,
        personId,
        bindingId,
        contentHash,
        priority,
        at,
        ...(expiresAt !== undefined && { expiresAt }),
        ...(escalate && { escalate }),
      };
      return { is: 'pushed', appointment: null, appointments: 0, edition: 0, escalationsDropped: [], ...known };
    }
    if (message.is === 'absent') return message;
    switch (event.type) {
      case 'message.scheduled': {
        const { number, sendAt } = event.data;
        return { ...message, appointment: { number, sendAt }, appointments: number };
      }
      case 'message.edited': {
        const { expiresAt, ...rest } = message;
        const { edition = rest.edition, contentHash = rest.contentHash, priority = rest.priority } = event.data;
        const end = event.data.expiresAt === undefined ? expiresAt : (event.data.expiresAt ?? undefined);
        return { ...rest, edition, contentHash, priority, ...(end !== undefined && { expiresAt: end }) };
      }
      case 'message.fired':
        return { ...message, appointment: null };
      case 'message.escalation-dropped':
        return { ...message, escalationsDropped: [...message.escalationsDropped, event.data.number] };
      case 'message.recalled':
        return { ...message, is: 'recalled' };
      case 'message.expired':
        return { ...message, is: 'expired' };
      default:
        event satisfies never;
        return message;
    }
  },
};

function push({ type: _, ...pushed }: Extract<MessageCommand, { type: 'Push' }>, message: Message): MessageEvent[] {
  if (message.is !== 'absent') {
    if (isSame(message, pushed)) return [];
    throw new HarkError('refused', 'idempotency.mismatch', 'the id belongs to a push with another content');
  }
  const { sendAt, at } = pushed;
  const waits: MessageEvent[] =
    sendAt === undefined ? [] : [{ type: 'message.scheduled', data: { number: 1, sendAt, at } }];
  return [{ type: 'message.pushed', data: pushed }, ...waits];
}

/** That an appointment is due; nothing when it is not, or is not the present one. */
export function fire(
  { number, epoch, onTime, at }: Extract<MessageCommand, { type: 'Fire' }>,
  { is, appointment }: Pick<Known, 'is' | 'appointment'>,
): MessageEvent[] {
  if (is !== 'pushed' || appointment?.number !== number || at < appointment.sendAt) return [];
  return [{ type: 'message.fired', data: { number, epoch, ...(onTime && { onTime }), at } }];
}

/** Before it is filed everything can change, afterwards its text and priority alone; what is over for its reader cannot. */
function edit({ basedOn, text: asked, priority, sendAt, expiresAt, inbox, at }: Edit, message: Known): MessageEvent[] {
  const isOver = message.expiresAt !== undefined && at >= message.expiresAt;
  if (message.is === 'recalled') throw new HarkError('conflict', 'push.recalled', 'the push was taken back');
  if (message.is === 'expired' || isOver) throw new HarkError('conflict', 'push.expired', 'its time is over');
  const { appointment, appointments, edition, ownerId, personId } = message;
  const text = asked?.contentHash === message.contentHash ? undefined : asked;
  const isAsLoud = priority === undefined || priority === message.priority;
  const isMoved = isOtherTime(sendAt, appointment, at);
  const endsOtherwise = expiresAt !== undefined && (expiresAt ?? undefined) !== message.expiresAt;
  if (!text && isAsLoud && !isMoved && !endsOtherwise) return [];
  if (inbox === 'refused') throw new HarkError('conflict', 'push.not-filed', 'the push was refused');
  if (inbox === 'acknowledged') throw new HarkError('conflict', 'push.acknowledged', 'its reader acknowledged it');
  if ((isMoved && appointment === null) || (endsOtherwise && inbox === 'filed')) {
    throw new HarkError('conflict', 'push.sent', 'the push was sent, so its times cannot change');
  }
  if (text && basedOn !== edition) throw new HarkError('conflict', 'push.edited-meanwhile', 'another edit came first');
  if (text && edition >= editsMax) {
    throw new HarkError('conflict', 'push.too-many-edits', 'the text changed too often', { extra: { max: editsMax } });
  }
  const changes = {
    ...(text && { edition: edition + 1, ...text }),
    ...(!isAsLoud && { priority }),
    ...(endsOtherwise && { expiresAt }),
  };
  const edited: MessageEvent = { type: 'message.edited', data: { ownerId, personId, ...changes, at } };
  const number = appointments + 1;
  const moved: MessageEvent = { type: 'message.scheduled', data: { number, sendAt: sendAt ?? at, at } };
  return [...(Object.keys(changes).length > 0 ? [edited] : []), ...(isMoved ? [moved] : [])];
}

function isOtherTime(sendAt: Edit['sendAt'], appointment: Known['appointment'], at: IsoTime): boolean {
  if (sendAt === undefined) return false;
  // One that was sent, or is due, is sent as soon as it can be.
  if (sendAt === null) return appointment !== null && appointment.sendAt > at;
  return sendAt !== appointment?.sendAt;
}

const isSame = ({ contentHash, bindingId }: Known, pushed: Pushed): boolean =>
  contentHash === pushed.contentHash && bindingId === pushed.bindingId;
