import { DeliveryEvent } from '@hark/contracts';
import { fileOnlyReasons } from '@hark/gate';
import { IsoTime } from '@hark/kernel';
import { evolve } from './delivery.evolve';
import { DataOf, Delivery, EndpointDelivery } from './delivery.state';

/** `events`, followed by `delivery.finished` when they settle the last endpoint. */
export function finishedIfDone(delivery: Delivery, events: DeliveryEvent[], at: IsoTime): DeliveryEvent[] {
  const after = events.reduce(evolve, delivery);
  if (after.is === 'absent') return events;
  const legs = after.legs.filter(({ isPast }) => !isPast);
  if (legs.length === 0 || legs.some(({ settled }) => settled === null)) return events;
  const end = { ...outcomeOf(legs), at };
  if (after.hasFinished) {
    return [...events, { type: 'delivery.finished', data: { ...end, reminder: after.reminder } }];
  }
  return [...events, ...finished(after, end)];
}

/** The end, and that the app is to be told of it. What it took back itself is no news to it. */
export function finished(
  {
    appId,
    bindingId,
    hasCallback,
  }: Pick<DataOf<'delivery.decided'>, 'appId' | 'bindingId'> & { hasCallback?: boolean },
  end: DataOf<'delivery.finished'>,
): DeliveryEvent[] {
  const events: DeliveryEvent[] = [{ type: 'delivery.finished', data: end }];
  if (!hasCallback || end.reason === 'recalled') return events;
  return [...events, { type: 'delivery.callback-owed', data: { appId, bindingId, ...end } }];
}

/** The outcome of all settled endpoints. One that received it is enough; a push kept quiet is in the inbox. */
function outcomeOf(legs: readonly EndpointDelivery[]): Omit<DataOf<'delivery.finished'>, 'at'> {
  if (legs.some(({ settled }) => settled === 'sent')) return { outcome: 'delivered' };
  if (legs.some(({ settled }) => settled !== 'suppressed')) return { outcome: 'failed' };
  const reasons = legs.flatMap(({ reason }) => reason ?? []);
  const refused = reasons.find((reason) => !fileOnly.has(reason));
  if (refused !== undefined) return { outcome: 'suppressed', reason: refused };
  return { outcome: 'inbox-only', reason: reasons[0]! };
}

/** `read`: before the digest in which it was to be told. `replaced`: by a later push, before it rang. */
const fileOnly: ReadonlySet<string> = new Set<string>([...fileOnlyReasons, 'acknowledged', 'read', 'replaced']);
