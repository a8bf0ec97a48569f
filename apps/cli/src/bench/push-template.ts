import { createHmac, KeyObject } from 'node:crypto';
import { aadOf, PushedEvent } from '@hark/contracts';
import { CommandContext, EventStore, RecordedEvent } from '@hark/eventstore';
import { DomainEvent, uuid7 } from '@hark/kernel';

/** The streams that one push fills, in the order in which they are begun. */
const categories = ['message', 'moderation', 'delivery'] as const;

/** Events that one command appended to one stream. */
export interface PushStep {
  readonly category: string;
  readonly context: CommandContext;
  readonly events: readonly DomainEvent[];
}

/** Everything the log holds of one push that took the real way. */
export interface PushTemplate {
  readonly pushId: string;
  readonly steps: readonly PushStep[];
  readonly pushed: PushedEvent['data'];
}

/** To whom a copy goes. */
export interface CopyRecipient {
  readonly personId: string;
  readonly bindingId: string;
  readonly consentId: string;
}

/** What is needed to make a copy's text one of its own. */
export interface Sealing {
  readonly contentHashKey: KeyObject | Buffer;
  readonly seal: (personId: string, text: string, aad: string) => Promise<string>;
}

/** One copy. */
export interface PushCopy {
  readonly pushId: string;
  readonly steps: readonly PushStep[];
}

/** Reads what the log holds of a push that has been delivered. */
export async function readTemplate(store: EventStore, pushId: string): Promise<PushTemplate> {
  const streams = await Promise.all(categories.map((category) => store.read(category, pushId)));
  return templateOf(pushId, streams.flat());
}

/** `events` in the order of the streams. */
export function templateOf(pushId: string, events: readonly RecordedEvent[]): PushTemplate {
  const steps: { category: string; context: CommandContext; events: DomainEvent[] }[] = [];
  for (const { category, metadata, event } of events) {
    const { commandId = uuid7(), actor = '', requestId = '', $correlationId = '', $causationId } = metadata;
    const last = steps.at(-1);
    if (last?.category === category && last.context.commandId === commandId) last.events.push(event);
    else {
      const context = { commandId, actor, requestId, correlationId: $correlationId, causationId: $causationId };
      steps.push({ category, context, events: [event] });
    }
  }
  const pushed = events.find(({ event }) => event.type === 'message.pushed')?.event as PushedEvent | undefined;
  if (!pushed) throw new TypeError('no push has that id');
  return { pushId, steps, pushed: pushed.data };
}

/**
 * The push once more under new ids, to somebody, with a text of its own, `shiftMs` later (or earlier). Nothing else
 * differs, so the copy has the form of today's events whatever that is.
 */
export async function copyOf(
  { pushId, pushed, steps }: PushTemplate,
  to: CopyRecipient,
  text: string,
  shiftMs: number,
  { contentHashKey, seal }: Sealing,
): Promise<PushCopy> {
  const copyId = uuid7();
  const strings = new Map([
    [pushId, copyId],
    [pushed.personId, to.personId],
    [pushed.bindingId, to.bindingId],
    [pushed.consentId, to.consentId],
    [pushed.content, await seal(to.personId, text, aadOf.content(copyId))],
    [pushed.contentHash, createHmac('sha256', contentHashKey).update(text).digest('hex')],
  ]);
  for (const own of ownIdsOf(steps)) if (!strings.has(own)) strings.set(own, uuid7());
  return { pushId: copyId, steps: changed(steps, strings, shiftMs) };
}

/** Ids that belong to the push alone: its commands, requests and tries. */
function* ownIdsOf(steps: readonly PushStep[]): Iterable<string> {
  for (const { context, events } of steps) {
    yield* [context.commandId, context.requestId, context.correlationId];
    if (context.causationId !== undefined) yield context.causationId;
    for (const { data } of events) {
      const { attemptId } = data as { attemptId?: string };
      if (attemptId !== undefined) yield attemptId;
    }
  }
}

const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** `value` with the strings in `strings` replaced and every time moved. */
function changed<T>(value: T, strings: ReadonlyMap<string, string>, shiftMs: number): T {
  const change = (one: unknown): unknown => {
    if (typeof one === 'string')
      return strings.get(one) ?? (time.test(one) ? new Date(Date.parse(one) + shiftMs).toISOString() : one);
    if (Array.isArray(one)) return one.map(change);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([name, member]) => [name, change(member)]));
  };
  return change(value) as T;
}
