import { DeliveryEvent } from '@hark/contracts';
import { Delivery, EndpointDelivery, FollowUpTask, Known, legsOf, Settled } from './delivery.state';

/** The delivery after that event. */
export function evolve(delivery: Delivery, event: DeliveryEvent): Delivery {
  if (event.type === 'delivery.decided') {
    const { appId, personId, bindingId, hasCallback = false, endpoints, inTurn = [], repeat = null, at } = event.data;
    const { escalate = [] } = event.data;
    const legs = legsOf(endpoints, inTurn);
    const ids = { appId, personId, bindingId, hasCallback };
    const followUps = { hasFinished: false, reminder: 0, repeat, escalate, next: {}, isAcknowledged: false };
    return { is: 'decided', ...ids, dueAt: at, legs, edition: -1, replacedAt: null, inTurn, ...followUps };
  }
  if (event.type === 'delivery.called-off') return { is: 'absent', isCalledOff: true };
  if (delivery.is === 'absent') return delivery;
  switch (event.type) {
    case 'delivery.callback-owed':
      return delivery;
    case 'delivery.filed':
      return { ...delivery, edition: event.data.edition ?? 0 };
    case 'delivery.replaced': {
      const { edition, at } = event.data;
      // The tries of another text are counted for it alone.
      const legs = delivery.legs.map((leg) => (leg.settled === 'sent' ? { ...leg, tries: 0, putOffs: 0 } : leg));
      return { ...delivery, edition, replacedAt: at, legs };
    }
    case 'delivery.attempted':
      return changeLeg(delivery, event.data.endpointId, (leg) => ({
        ...leg,
        open: event.data,
        collapseKey: event.data.collapseKey ?? null,
      }));
    case 'delivery.postponed': {
      const { endpointId, number, reason, retryAt } = event.data;
      // Once it has been tried its time runs, or quiet hours with short gaps would keep it for ever.
      const isTried = delivery.legs.some(({ tries, isPast }) => tries > 0 && !isPast);
      const isLaterText = delivery.legs.some((leg) => leg.endpointId === endpointId && leg.settled === 'sent');
      const dueAt = isTried || isLaterText || retryAt < delivery.dueAt ? delivery.dueAt : retryAt;
      return changeLeg({ ...delivery, dueAt }, endpointId, (leg) => ({
        ...leg,
        open: null,
        deferrals: number,
        isDeferred: true,
        until: retryAt,
        digest: reason === 'digest' ? retryAt : leg.digest,
      }));
    }
    case 'delivery.deferred':
    case 'delivery.passed-on': {
      // What was to be told in a digest is told in the same one by the next endpoint.
      const digest = delivery.legs.find((leg) => !leg.isPast && leg.digest !== null)?.digest ?? null;
      return changeLeg(delivery, event.data.endpointId, (leg) => ({
        ...leg,
        deferrals: event.data.number,
        isDeferred: true,
        until: event.data.retryAt,
        digest: leg.isStandby ? digest : leg.digest,
        isStandby: false,
      }));
    }
    case 'delivery.digested': {
      const { class: failure } = event.data;
      const settled = failure === undefined ? 'sent' : failure === 'UNKNOWN_OUTCOME' ? 'unknown' : 'failed';
      return changeLeg(delivery, event.data.endpointId, (leg) => ({ ...leg, open: null, isDigested: true, settled }));
    }
    case 'delivery.resumed':
      return changeLeg(delivery, event.data.endpointId, (leg) => ({ ...leg, isDeferred: false }));
    case 'delivery.sent':
      return changeLeg(delivery, event.data.endpointId, (leg) => ({
        ...leg,
        open: null,
        ...shown(leg),
        took: leg.open?.edition ?? 0,
        settled: 'sent',
      }));
    case 'delivery.failed':
      return changeLeg(delivery, event.data.endpointId, (leg) => ({
        ...leg,
        ...(event.data.reason === 'busy' ? { putOffs: leg.putOffs + 1 } : answered(leg)),
        open: null,
        settled: endedAs('failed', event.data.final, leg),
        reason: event.data.final ? (event.data.reason ?? event.data.class) : leg.reason,
      }));
    case 'delivery.unknown':
      return changeLeg(delivery, event.data.endpointId, (leg) => ({
        ...leg,
        ...answered(leg),
        open: null,
        ...shown(leg),
        settled: endedAs('unknown', event.data.final, leg),
      }));
    case 'delivery.suppressed':
      return changeLeg(delivery, event.data.endpointId, (leg) => ({
        ...leg,
        open: null,
        isDeferred: false,
        // An endpoint that took the push stays one that did, also when a later text is not to be sent there.
        ...(leg.settled !== 'sent' && { settled: 'suppressed' as const, reason: event.data.reason }),
      }));
    case 'delivery.taken-back':
      return changeLeg(delivery, event.data.endpointId, (leg) => ({
        ...leg,
        takeBack: { tries: leg.takeBack.tries + 1, is: 'over' },
      }));
    case 'delivery.left-shown':
      return changeLeg(delivery, event.data.endpointId, (leg) => ({
        ...leg,
        takeBack: { tries: event.data.number, is: event.data.retryAt === undefined ? 'over' : 'waiting' },
      }));
    case 'delivery.take-back-resumed':
      return changeLeg(delivery, event.data.endpointId, (leg) => ({
        ...leg,
        takeBack: { ...leg.takeBack, is: 'open' },
      }));
    case 'delivery.finished':
      return { ...delivery, is: 'finished', hasFinished: true };
    case 'delivery.follow-up-set': {
      const { task, number, dueAt } = event.data;
      return { ...delivery, next: { ...delivery.next, [task]: { number, dueAt } } };
    }
    case 'delivery.follow-up-dropped':
      return { ...delivery, next: without(delivery.next, event.data.task) };
    case 'delivery.reminded': {
      const { number, endpoints, inTurn = [], decision, at } = event.data;
      return {
        ...delivery,
        is: decision === 'file-only' ? 'finished' : 'decided',
        dueAt: at,
        legs: legsOf(endpoints, inTurn, delivery.legs),
        inTurn,
        reminder: number,
        next: without(delivery.next, 'remind'),
      };
    }
    case 'delivery.escalated':
      return { ...delivery, next: without(delivery.next, 'escalate') };
    case 'delivery.acknowledged':
      return { ...delivery, isAcknowledged: true };
    default:
      event satisfies never;
      return delivery;
  }
}

/** An endpoint that took the push stays one that did, whatever becomes of a later text. */
const endedAs = (how: Settled, final: boolean, { settled }: EndpointDelivery): Settled | null =>
  settled === 'sent' ? 'sent' : final ? how : null;

/** What a try may have put on the phone. */
const shown = ({ open, mayShow }: EndpointDelivery) => {
  const isDigested = open?.digest === true;
  return { mayShow: mayShow || !isDigested, isDigested };
};

const answered = ({ tries }: EndpointDelivery) => ({ tries: tries + 1, putOffs: 0 });

function without(next: Known['next'], task: FollowUpTask): Known['next'] {
  const { [task]: _, ...rest } = next;
  return rest;
}

const changeLeg = (
  delivery: Known,
  endpointId: string,
  change: (leg: EndpointDelivery) => EndpointDelivery,
): Delivery => ({
  ...delivery,
  legs: delivery.legs.map((leg) => (leg.endpointId === endpointId ? change(leg) : leg)),
});
