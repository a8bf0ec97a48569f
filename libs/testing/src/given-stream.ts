import { RecordedEvent } from '@hark/eventstore';
import { DomainEvent } from '@hark/kernel';

/** Events that one stream gets, in the words of a given/when/then: its category stands in their types. */
export interface GivenStream<E extends DomainEvent = DomainEvent> {
  readonly id: string;
  readonly events: readonly E[];
}

/** Says that these events came to the stream with this id. */
export const stream = <E extends readonly DomainEvent[]>(id: string, ...events: E): GivenStream<E[number]> => ({
  id,
  events,
});

/** `standing` of `standing.opened`: every type names the category of its streams. */
export const categoryOf = ({ type }: DomainEvent): string => type.slice(0, type.indexOf('.'));

/** The events as the log would have them, in the order given: positions 1, 2, … and a second apart. */
export function recordedIn<E extends DomainEvent>(streams: readonly GivenStream<E>[]): RecordedEvent<E>[] {
  const lengths = new Map<string, number>();
  let place = 0;
  return streams.flatMap(({ id, events }) =>
    events.map((event) => {
      const category = categoryOf(event);
      const streamId = `${category}-${id}`;
      const revision = lengths.get(streamId) ?? 0;
      lengths.set(streamId, revision + 1);
      place += 1;
      const recordedAt = new Date(Date.UTC(2026, 0, 1) + place * 1_000).toISOString();
      const eventId = `event-${place}`;
      return {
        event,
        category,
        id,
        streamId,
        revision,
        position: BigInt(place),
        eventId,
        recordedAt,
        metadata: {},
      };
    }),
  );
}
