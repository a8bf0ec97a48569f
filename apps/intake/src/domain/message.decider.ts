import { MessageEvent, PushedEvent } from '@hark/contracts';
import { Decider, HarkError, IsoTime } from '@hark/kernel';

type Pushed = PushedEvent['data'];

export type MessageCommand =
  /** With `sendAt` it waits until then. */
  | ({ readonly type: 'Push' } & Pushed)
  /** The appointment of that number is due. A second firing of it makes no event. */
  | { readonly type: 'Fire'; readonly number: number; readonly epoch: number; readonly at: IsoTime }
  /** Its time is over. */
  | { readonly type: 'Expire'; readonly epoch: number; readonly at: IsoTime }
  | { readonly type: 'Recall'; readonly at: IsoTime };

/** One message from an app to a person (推送). Its content is frozen when it is accepted. */
export type Message =
  | { readonly is: 'absent' }
  | ({
      readonly is: 'pushed' | 'recalled' | 'expired';
      /** Its present appointment; null once that has been fired, or without one. */
      readonly appointment: { readonly number: number; readonly sendAt: IsoTime } | null;
    } & Pick<Pushed, 'appId' | 'bindingId' | 'contentHash' | 'expiresAt' | 'at'>);

type Known = Exclude<Message, { is: 'absent' }>;

/** The rules of a push: it fires once for each appointment, never early, and never again once it was taken back. */
export const messageDecider: Decider<Message, MessageCommand, MessageEvent> = {
  initial: { is: 'absent' },

  decide(command, message) {
    if (command.type === 'Push') return push(command, message);
    if (message.is === 'absent') throw new HarkError('not-found', 'push.unknown', 'there is no such push');
    const { at } = command;
    switch (command.type) {
      case 'Fire': {
        const { number, epoch } = command;
        const { is, appointment } = message;
        if (is !== 'pushed' || appointment?.number !== number || at < appointment.sendAt) return [];
        return [{ type: 'message.fired', data: { number, epoch, at } }];
      }
      case 'Expire': {
        if (message.is !== 'pushed' || message.expiresAt === undefined || at < message.expiresAt) return [];
        return [{ type: 'message.expired', data: { epoch: command.epoch, at } }];
      }
      case 'Recall':
        return message.is === 'recalled' ? [] : [{ type: 'message.recalled', data: { at } }];
    }
  },

  evolve(message, event) {
    if (event.type === 'message.pushed') {
      const { appId, bindingId, contentHash, expiresAt, at } = event.data;
      const known = { appId, bindingId, contentHash, at, ...(expiresAt !== undefined && { expiresAt }) };
      return { is: 'pushed', appointment: null, ...known };
    }
    if (message.is === 'absent') return message;
    switch (event.type) {
      case 'message.scheduled': {
        const { number, sendAt } = event.data;
        return { ...message, appointment: { number, sendAt } };
      }
      case 'message.fired':
        return { ...message, appointment: null };
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

const isSame = ({ contentHash, bindingId }: Known, pushed: Pushed): boolean =>
  contentHash === pushed.contentHash && bindingId === pushed.bindingId;
