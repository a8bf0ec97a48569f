import {
  EventStoreDBClient,
  FORWARDS,
  type ResolvedEvent,
  START,
  StreamDeletedError,
  StreamNotFoundError,
} from '@eventstore/db-client';
import { HarkError } from '@hark/kernel';
import { brokenCall } from './append-refusal';
import { isGivenUp } from './connection';

/** A reactor group with the events it gave up. */
export interface ParkedGroup {
  readonly group: string;
  readonly parked: number;
}

/** One event that a reactor gave up. Personal fields of `data` are sealed. */
export interface ParkedEvent {
  /** Its number in the group's parked stream, the bound for `replay` and `discard`. */
  readonly number: number;
  readonly parkedAt: string;
  /** The reactor's error, beginning with its code. */
  readonly reason: string;
  readonly type: string;
  /** `<stream>@<revision>`. */
  readonly where: string;
  readonly requestId: string | undefined;
  readonly data: unknown;
}

const pageMax = 200;
const callMs = 10_000;

/**
 * The parked events of the reactors' groups, as EventStoreDB keeps them: per group a stream of links, truncated before
 * what has not been replayed or discarded. All calls throw `not-found` `park.unknown-group` for an unknown group.
 */
export class ParkedEvents {
  constructor(private readonly client: EventStoreDBClient) {}

  /** Every group that listens to the whole log, by name. */
  async groups(): Promise<ParkedGroup[]> {
    const groups = await this.client.listPersistentSubscriptionsToAll({ deadline: callMs });
    return groups
      .map(({ groupName, stats }) => ({ group: groupName, parked: Number(stats.parkedMessageCount) }))
      .sort((a, b) => (a.group < b.group ? -1 : 1));
  }

  /** Up to `pageMax` parked events of a group, oldest first, without those whose original is gone. */
  async of(group: string): Promise<ParkedEvent[]> {
    await this.assertKnown(group);
    const parked: ParkedEvent[] = [];
    try {
      const events = this.client.readStream(parkedStream(group), {
        direction: FORWARDS,
        fromRevision: START,
        maxCount: pageMax,
        resolveLinkTos: true,
        deadline: callMs,
      });
      for await (const resolved of events) {
        const event = parkedEvent(resolved);
        if (event) parked.push(event);
      }
      if (isGivenUp(this.client)) throw brokenCall(undefined);
    } catch (error) {
      if (!(error instanceof StreamNotFoundError) && !(error instanceof StreamDeletedError)) throw error;
    }
    return parked;
  }

  /** Gives the group its parked events again, oldest first; with `end`, those below it. */
  async replay(group: string, end: number | undefined): Promise<void> {
    await this.assertKnown(group);
    const options = { deadline: callMs, ...(end !== undefined && { stopAt: end }) };
    await this.client.replayParkedMessagesToAll(group, options);
  }

  /**
   * Gives up for good the parked events below `end`. Who and why is in the metadata of the parked stream, which keeps
   * every version; the original events stay.
   */
  async discard(group: string, end: number, by: string, why: string): Promise<void> {
    await this.assertKnown(group);
    const metadata = { truncateBefore: end, discardedBy: by, discardedWhy: why, discardedAt: new Date().toISOString() };
    await this.client.setStreamMetadata(parkedStream(group), metadata, { deadline: callMs });
  }

  /** Throws when there is no such group. */
  async assertKnown(group: string): Promise<void> {
    const groups = await this.groups();
    if (groups.some((one) => one.group === group)) return;
    const names = groups.map((one) => one.group).join(', ');
    throw new HarkError(
      'not-found',
      'park.unknown-group',
      `there is no group ${group}; there are ${names || 'none yet'}`,
    );
  }
}

const parkedStream = (group: string): string => `$persistentsubscription-$all::${group}-parked`;

function parkedEvent({ event, link }: ResolvedEvent): ParkedEvent | undefined {
  if (!event || !link) return undefined;
  const { added, reason } = metadataOf(link.metadata);
  const { requestId } = metadataOf(event.metadata);
  return {
    number: Number(link.revision),
    parkedAt: textOf(added),
    reason: textOf(reason).replace(/^Client explicitly NAK'ed message\.\s*/, ''),
    type: event.type,
    where: `${event.streamId}@${event.revision}`,
    requestId: textOf(requestId) || undefined,
    data: event.isJson ? event.data : undefined,
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The metadata of a link arrives as bytes, because a link is not JSON. */
function metadataOf(metadata: unknown): Readonly<Record<string, unknown>> {
  if (!(metadata instanceof Uint8Array)) return (metadata ?? {}) as Readonly<Record<string, unknown>>;
  try {
    return JSON.parse(Buffer.from(metadata).toString('utf8')) as Readonly<Record<string, unknown>>;
  } catch {
    return {}; // written by another program: only when and why it was parked is missing then
  }
}
