import { BindingEvent, Level, Wording } from '@hark/contracts';
import { IsoTime } from '@hark/kernel';

/** Where something stands in the log. */
interface Place {
  readonly eventId: string;
  readonly position: string;
  readonly at: IsoTime;
}

/** What a person agreed to last, as their binding's stream tells it, and how it ended. */
export interface Agreement {
  readonly agreed: Place;
  readonly wording?: Wording;
  readonly requestId?: string;
  /** As it was granted, not as it was changed since. */
  readonly level: Level;
  readonly channels: readonly string[] | null;
  readonly withdrawn?: Place & { readonly how: string };
}

interface Recorded {
  readonly event: BindingEvent;
  readonly eventId: string;
  readonly position: bigint;
}

/** The latest consent in a binding's whole stream, by the person's latest agreement to it. Needs a consent. */
export function agreementIn(events: readonly Recorded[]): Agreement {
  let found: Agreement | undefined;
  for (const { event, eventId, position } of events) {
    const place = { eventId, position: String(position), at: event.data.at };
    if (event.type === 'binding.bound') {
      const { level, channels, wording, requestId } = event.data;
      found = { agreed: place, level, channels, ...evidence(wording, requestId) };
    } else if (event.type === 'binding.renewed' && found) {
      const { level, channels } = found;
      found = { agreed: place, level, channels, ...evidence(event.data.wording, event.data.requestId) };
    } else if (isEnd(event) && found && !found.withdrawn) {
      found = { ...found, withdrawn: { ...place, how: event.type } };
    }
  }
  if (!found) throw new TypeError('the stream has no consent');
  return found;
}

const isEnd = ({ type }: BindingEvent): boolean =>
  type === 'binding.unbound' || type === 'binding.blocked' || type === 'binding.refused';

const evidence = (wording: Wording | undefined, requestId: string | undefined) => ({
  ...(wording && { wording }),
  ...(requestId !== undefined && { requestId }),
});
