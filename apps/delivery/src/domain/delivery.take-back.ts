import { DeliveryEvent } from '@hark/contracts';
import { TakeBackStep } from './delivery.commands';
import { EndpointDelivery, Known } from './delivery.state';

/** The legs that show the push, or may: those it can be taken off now. */
export const shownAt = ({ legs }: Known): EndpointDelivery[] =>
  legs.filter(({ mayShow, takeBack }) => mayShow && takeBack.is === 'open');

/** What comes of a try to take the push off one endpoint. */
export function takeBack(command: TakeBackStep, delivery: Known): DeliveryEvent[] {
  const { endpointId, at } = command;
  const leg = delivery.legs.find((one) => one.endpointId === endpointId);
  if (!leg) return [];
  if (command.type === 'ResumeTakeBack') {
    const { number, epoch } = command;
    const isNext = leg.takeBack.is === 'waiting' && leg.takeBack.tries === number;
    return isNext ? [{ type: 'delivery.take-back-resumed', data: { endpointId, number, epoch, at } }] : [];
  }
  if (!shownAt(delivery).includes(leg)) return [];
  const { result } = command;
  const where = { endpointId, channel: leg.kind };
  if (result.is === 'taken') return [{ type: 'delivery.taken-back', data: { ...where, at } }];
  const { reason, retryAt } = result;
  const data = { ...where, number: leg.takeBack.tries + 1, reason, ...(retryAt !== undefined && { retryAt }), at };
  return [{ type: 'delivery.left-shown', data }];
}
