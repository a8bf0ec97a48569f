import { EditedEvent, MessageEvent, PushedEvent } from '@hark/contracts';
import { Fold, IsoTime, uuid5 } from '@hark/kernel';

/** A push with the text, the priority and the end that its sender gave it last, sealed, and what became of its time since. */
export type Pushed = PushedEvent['data'] & {
  /** Which text this is: 0 for the first, one more with each that replaced it. */
  readonly edition: number;
  /** The hashes of the texts before this one. A verdict on one of them says nothing of this one. */
  readonly earlierHashes: readonly string[];
  /** The time it waits for; null once it may go. */
  readonly waitsUntil: IsoTime | null;
  /** Its sender took it back. */
  readonly isRecalled: boolean;
};

/** The id of the push that number `number` of those gets whom a push goes to while nobody acknowledges it. Stored: never change it. */
export const escalatedIdOf = (pushId: string, number: number): string => uuid5(pushId, `escalate:${number}`);

/** The ids of all pushes that may come of one when nobody acknowledges it, in their order. */
export const escalatedIdsOf = (pushId: string, { escalate = [] }: Pick<PushedEvent['data'], 'escalate'>): string[] =>
  escalate.map((_, index) => escalatedIdOf(pushId, index + 1));

/** A push as its own stream tells it; undefined when there is no such push. */
export const messageFold: Fold<Pushed | undefined, MessageEvent> = {
  initial: undefined,

  evolve(pushed, event) {
    if (event.type === 'message.pushed') {
      return { ...event.data, edition: 0, earlierHashes: [], waitsUntil: event.data.sendAt ?? null, isRecalled: false };
    }
    if (!pushed) return undefined;
    switch (event.type) {
      case 'message.scheduled':
        return { ...pushed, waitsUntil: event.data.sendAt };
      case 'message.edited':
        return edited(pushed, event.data);
      case 'message.fired':
        return { ...pushed, waitsUntil: null };
      case 'message.recalled':
        return { ...pushed, isRecalled: true };
      case 'message.escalation-dropped':
        return pushed;
      case 'message.expired':
        return pushed; // `expiresAt` says so at every look
      default:
        event satisfies never;
        return pushed;
    }
  },
};

function edited(
  pushed: Pushed,
  { edition, content, contentHash, threadHash, priority = pushed.priority, expiresAt }: EditedEvent['data'],
): Pushed {
  const { expiresAt: end, ...timeless } = pushed;
  const until = expiresAt === undefined ? end : (expiresAt ?? undefined);
  const timed = { ...timeless, priority, ...(until !== undefined && { expiresAt: until }) };
  if (edition === undefined || content === undefined || contentHash === undefined) return timed;
  const { threadHash: _, ...others } = timed;
  const earlierHashes = [...pushed.earlierHashes, pushed.contentHash];
  return { ...others, edition, content, contentHash, ...(threadHash !== undefined && { threadHash }), earlierHashes };
}
