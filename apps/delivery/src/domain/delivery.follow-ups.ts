import { DeliveryEvent } from '@hark/contracts';
import { IsoTime, plusMs } from '@hark/kernel';
import { DeliveryCommand, FollowUpCommand } from './delivery.commands';
import { finished, finishedIfDone } from './delivery.end';
import {
  EndpointDelivery,
  FollowUp,
  followUpSet,
  FollowUpTask,
  givenUp,
  interrupted,
  Known,
  legsOf,
} from './delivery.state';

/** Whether it is about what follows the push. */
export const isFollowUp = (command: DeliveryCommand): command is FollowUpCommand =>
  command.type === 'Remind' ||
  command.type === 'Escalate' ||
  command.type === 'DropFollowUp' ||
  command.type === 'Acknowledge';

/** What comes of a follow-up; nothing where it is not the one that is due. */
export function followUp(command: FollowUpCommand, delivery: Known): DeliveryEvent[] {
  const { at } = command;
  switch (command.type) {
    case 'Remind':
      return remind(command, delivery);
    case 'Escalate':
      return escalate(command, delivery);
    case 'DropFollowUp': {
      const { task, number, reason } = command;
      return delivery.next[task]?.number === number ? [dropped(task, number, reason, at)] : [];
    }
    case 'Acknowledge': {
      const isAwaited = delivery.repeat !== null || delivery.escalate.length > 0;
      if (!isAwaited || delivery.isAcknowledged) return [];
      const left = Object.entries(delivery.next) as [FollowUpTask, FollowUp][];
      // A try that is under way ends by itself.
      const waiting = delivery.legs.filter(({ settled, open }) => settled === null && open === null);
      const events: DeliveryEvent[] = [
        { type: 'delivery.acknowledged', data: { inboxItemId: command.inboxItemId, at } },
        ...left.map(([task, { number }]) => dropped(task, number, 'acknowledged', at)),
        ...waiting.map((leg) => givenUp(leg, 'acknowledged', at)),
      ];
      return waiting.length === 0 ? events : finishedIfDone(delivery, events, at);
    }
  }
}

function remind(
  { number, epoch, decision, at }: Extract<DeliveryCommand, { type: 'Remind' }>,
  delivery: Known,
): DeliveryEvent[] {
  const { next, repeat, legs, hasFinished } = delivery;
  const due = next.remind;
  if (repeat === null || due?.number !== number || at < due.dueAt) return [];
  const { everyMs, times } = repeat;
  const missed = Math.floor((Date.parse(at) - Date.parse(due.dueAt)) / everyMs);
  const last = Math.min(number + missed, times);
  const isQuiet = decision.decision === 'file-only';
  const after = legsOf(decision.endpoints, decision.inTurn ?? [], legs);
  const why = decision.reason === undefined ? {} : { reason: decision.reason };
  return [
    ...legs.flatMap((leg) => replaced(leg, at)),
    { type: 'delivery.reminded', data: { number: last, epoch, ...decision, at } },
    ...(last < times ? [followUpSet('remind', last + 1, plusMs(due.dueAt, (last + 1 - number) * everyMs), at)] : []),
    ...(decision.until === undefined ? [] : postponed(after, decision.reason, decision.until, at)),
    ...(isQuiet && !hasFinished ? finished(delivery, { outcome: 'inbox-only', ...why, at }) : []),
  ];
}

/** The next one's turn is counted from the same moment, so that an outage makes none later. */
function escalate(
  { number, epoch, at }: Extract<DeliveryCommand, { type: 'Escalate' }>,
  { next, escalate: steps }: Known,
): DeliveryEvent[] {
  const due = next.escalate;
  const step = steps[number - 1];
  if (!step || due?.number !== number || at < due.dueAt) return [];
  const later = steps[number];
  const laterAt = later && plusMs(due.dueAt, later.afterMs - step.afterMs);
  return [
    { type: 'delivery.escalated', data: { number, openidId: step.openidId, epoch, at } },
    ...(laterAt === undefined ? [] : [followUpSet('escalate', number + 1, laterAt, at)]),
  ];
}

/** In their quiet hours a person is told after them, and the gate is asked then. */
const postponed = (
  legs: readonly EndpointDelivery[],
  reason = 'quiet-hours',
  retryAt: IsoTime,
  at: IsoTime,
): DeliveryEvent[] =>
  legs
    .filter(({ isPast, isStandby }) => !isPast && !isStandby)
    .map(({ endpointId, kind: channel, deferrals }) => ({
      type: 'delivery.postponed',
      data: { endpointId, channel, number: deferrals + 1, reason, retryAt, at },
    }));

/** What an endpoint of the time before still waits for: the reminder comes in its place, with the text as it is then. */
const replaced = (leg: EndpointDelivery, at: IsoTime): DeliveryEvent[] => [
  ...(leg.open ? [interrupted(leg.open, at)] : []),
  ...(leg.settled === null || leg.isDeferred ? [givenUp(leg, 'reminded', at)] : []),
];

const dropped = (task: FollowUpTask, number: number, reason: string, at: IsoTime): DeliveryEvent => ({
  type: 'delivery.follow-up-dropped',
  data: { task, number, reason, at },
});
