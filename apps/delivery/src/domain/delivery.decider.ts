import { DeliveryEvent } from '@hark/contracts';
import { Decider, IsoTime, plusMs } from '@hark/kernel';
import { Decide, DeliveryCommand, Step } from './delivery.commands';
import { finished, finishedIfDone } from './delivery.end';
import { evolve } from './delivery.evolve';
import { followUp, isFollowUp } from './delivery.follow-ups';
import { Delivery, followUpSet } from './delivery.state';
import { nextInTurn, settle } from './delivery.steps';
import { takeBack } from './delivery.take-back';

export type { DeliveryCommand, Outcome, TakenBack } from './delivery.commands';
export type { Attempt, Delivery, EndpointDelivery, FollowUpTask } from './delivery.state';

/** The delivery of one push to one person. */
export const deliveryDecider: Decider<Delivery, DeliveryCommand, DeliveryEvent> = {
  initial: { is: 'absent' },

  decide(command, delivery) {
    if (command.type === 'Decide') {
      return delivery.is === 'absent' ? decided(delivery.isCalledOff ? calledOff(command) : command) : [];
    }
    if (command.type === 'CallOff') {
      const isNew = delivery.is === 'absent' && !delivery.isCalledOff;
      return isNew ? [{ type: 'delivery.called-off', data: { at: command.at } }] : [];
    }
    if (delivery.is === 'absent') return [];
    if (isFollowUp(command)) return followUp(command, delivery);
    if (command.type === 'TakeBack' || command.type === 'ResumeTakeBack') return takeBack(command, delivery);
    if (command.type === 'Replace') {
      const isLater = delivery.edition >= 0 && command.replaced.edition > delivery.edition;
      return isLater ? [{ type: 'delivery.replaced', data: command.replaced }] : [];
    }
    // After its end only endpoints that took the push are sent a later text.
    if (delivery.is === 'finished') return settle(command, delivery);
    const events = settle(command, delivery);
    if (events.length === 0) return [];
    return finishedIfDone(delivery, [...events, ...nextInTurn(delivery, events)], atOf(command));
  },

  evolve,
};

/** The first events: the decision, what is filed and what follows. */
function decided({ decided: data, filed, attempts }: Decide): DeliveryEvent[] {
  const why = data.reason === undefined ? {} : { reason: data.reason };
  const { repeat, escalate = [], at } = data;
  const [soonest] = data.decision === 'refuse' ? [] : escalate;
  const first: DeliveryEvent[] = [
    { type: 'delivery.decided', data },
    ...(filed ? [{ type: 'delivery.filed' as const, data: filed }] : []),
    ...(repeat && data.decision !== 'refuse' ? [followUpSet('remind', 1, plusMs(at, repeat.everyMs), at)] : []),
    ...(soonest ? [followUpSet('escalate', 1, plusMs(at, soonest.afterMs), at)] : []),
  ];
  if (data.decision === 'deliver')
    return [...first, ...attempts.map((attempt) => ({ type: 'delivery.attempted' as const, data: attempt }))];
  if (data.decision === 'defer' && data.until !== undefined) {
    const { until: retryAt, at } = data;
    const when = { number: 1, reason: data.reason ?? 'quiet-hours', retryAt, at };
    const postponed = attempts.map(({ endpointId, channel }) => ({ endpointId, channel, ...when }));
    return [...first, ...postponed.map((one) => ({ type: 'delivery.postponed' as const, data: one }))];
  }
  const outcome = data.decision === 'refuse' ? 'suppressed' : 'inbox-only';
  return [...first, ...finished(data, { outcome, ...why, at: data.at })];
}

/** The decision on a push that its sender has taken back meanwhile. */
function calledOff({ decided: asked }: Decide): Decide {
  const { inTurn: _, ...data } = asked;
  return { type: 'Decide', decided: { ...data, decision: 'refuse', reason: 'recalled', endpoints: [] }, attempts: [] };
}

const atOf = (command: Step): IsoTime => (command.type === 'Attempt' ? command.attempt.at : command.at);
